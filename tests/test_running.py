"""The two commands of the README, and what is left after a kill -9: a real server, its command line, real HTTP."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from threading import Semaphore
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

import lianban
from casework.scenarios import acts
from cli import walk
from cli.demo import PACKAGES
from engine import evidence
from engine.ports import ENGINE
from engine.tables import Act, ProcessInstance
from engine.transaction import Database
from tests.running import Running, running
from tests.served import APPLICATION_FORM, REVIEW_FORM, application, item, joint_approval


@pytest.fixture
def server(database_url: str) -> Iterator[Running]:
    with running(database_url) as server:
        yield server


def ready(server: Running) -> Running:
    assert server.run("setup-demo").returncode == 0
    server.start()
    return server


@pytest.mark.timeout(180)
def test_setup_serve_and_demo_walk_one_case_of_every_package_to_its_end(server: Running) -> None:
    ready(server)
    for package in PACKAGES:
        walked = server.run("demo", "--package", package)
        assert walked.returncode == 0, walked.stdout + walked.stderr
        assert "已办结" in walked.stdout
    printed = server.stop()
    assert server.address in printed
    assert "market-regulation" in printed


def test_a_second_setup_changes_nothing(server: Running) -> None:
    server.run("setup-demo")
    again = server.run("setup-demo")
    assert "新增 0 人" in again.stdout
    assert "0 个有更新" in again.stdout
    assert "1 个有更新" not in again.stdout


def test_a_server_refuses_the_world_while_passwords_are_logins(server: Running) -> None:
    server.run("setup-demo")
    refused = server.run("serve", "--host", "0.0.0.0")
    assert refused.returncode == 1
    assert "127.0.0.1" in refused.stderr


def test_a_demo_without_a_server_says_what_to_do(server: Running) -> None:
    refused = server.run("demo")
    assert refused.returncode == 1
    assert "make run" in refused.stderr


def test_a_demo_of_a_scenario_that_is_not_there_lists_those_that_are(server: Running) -> None:
    refused = server.run("demo", "--scenario", "99")
    assert refused.returncode == 1
    assert "01-corrected-and-delivered" in refused.stderr


def test_whatever_people_do_in_a_scenario_can_be_done_on_a_server() -> None:
    assert walk.ACTS.keys() == acts.ACTS.keys() - {"at", "days_pass"}


@pytest.fixture
def unmigrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(f"sqlite:///{tmp_path_factory.mktemp('new')}/var/lianban.db") as server:
        yield server


def test_a_server_without_tables_says_what_to_do(unmigrated: Running) -> None:
    refused = unmigrated.run("serve")
    assert refused.returncode == 1
    assert "lianban migrate" in refused.stderr


DEPARTMENTS = ("market-regulation", "taxation", "human-resources", "housing-fund")
CASES, KILLS = 6, 3


class People:
    """People of the demonstration at work over HTTP, who ask again while the server is down."""

    def __init__(self, server: Running) -> None:
        self.server, self.answered = server, Semaphore(0)

    def __call__(self, login: str, method: str, path: str, **content: Any) -> httpx.Response:
        for _ in range(2_000):
            with suppress(httpx.TransportError):
                url = f"{self.server.address}/api{path}"
                return httpx.request(method, url, auth=(login, login), trust_env=False, timeout=30, **content)
        raise AssertionError("no answer")

    def open_case(self) -> str:
        number = str(self("applicant", "POST", "/cases", json=application()).json()["number"])
        assert self("window", "POST", f"/cases/{number}/accept", json={}).is_success
        return number

    def sign(self, department: str, number: str) -> int:
        """A department's signature under a key of its own, so that asking again is safe."""
        [row] = self(department, "GET", "/inbox", params={"case_number": number}).json()["rows"]
        key = {"Idempotency-Key": f"{department}-{number}"}
        signed = {"outcome": "agree", "form": {"finding": "符合规定"}}
        answer = self(department, "POST", f"/inbox/{row['id']}/complete", json=signed, headers=key)
        self.answered.release()
        return answer.status_code


def deploys_the_joint_approval(people: People) -> None:
    files = {
        "approval.bpmn": joint_approval(DEPARTMENTS),
        "application.form": json.dumps(APPLICATION_FORM).encode(),
        "review.form": json.dumps(REVIEW_FORM).encode(),
        "item.toml": item(DEPARTMENTS),
    }
    sent = [("files", (name, content)) for name, content in files.items()]
    answer = people("designer", "POST", "/deployments", files=sent)
    assert answer.is_success, answer.text


@pytest.mark.timeout(240)
def test_kill_9_loses_nothing_and_doubles_nothing(server: Running, database_url: str) -> None:
    people = People(ready(server))
    deploys_the_joint_approval(people)
    numbers = [people.open_case() for _ in range(CASES)]
    signatures = [(department, number) for number in numbers for department in DEPARTMENTS]
    with ThreadPoolExecutor(len(DEPARTMENTS)) as pool:
        signing = [pool.submit(people.sign, *signature) for signature in signatures]
        for _ in range(KILLS):
            for _ in range(len(signatures) // (KILLS + 2)):
                assert people.answered.acquire(timeout=60)
            server.kill()
            server.start()
        answers = [signed.result() for signed in signing]
    assert answers == [200] * len(signatures)
    deliveries = people("window", "GET", "/inbox", params={"limit": 100}).json()["rows"]
    assert sorted(row["case_number"] for row in deliveries) == sorted(numbers)
    assert signatures_kept(database_url) == len(signatures) + CASES


def signatures_kept(database_url: str) -> int:
    """How many completions the chained evidence of all cases holds; every chain is whole."""
    with closing(Database(database_url, lianban.ports())) as database, database.view(ENGINE) as tx:
        roots = tx.session.scalars(select(ProcessInstance.id)).all()
        assert [evidence.verify(tx, root) for root in roots] == [None] * len(roots)
        return tx.session.scalars(select(func.count()).where(Act.kind == "task.completed")).one()
