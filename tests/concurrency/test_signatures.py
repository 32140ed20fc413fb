"""Twenty departments sign one case in the same instant: all succeed, and the join fires once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from casework import departments
from casework.departments import NewDepartment
from casework.people import Appointment, NewPerson, enter
from casework.tables import Role
from engine import evidence
from engine.ports import ENGINE
from engine.tables import TaskState, UserTask
from tests.served import Served, serving
from tests.world import World

CODES = [f"department-{place}" for place in range(20)]
SIGNED = {"outcome": "agree", "form": {"finding": "符合规定"}}


@pytest.fixture
def served(database_url: str, world: World) -> Iterator[Served]:
    """An office with twenty departments more, of one officer each."""
    with serving(database_url, world) as served:
        with served.database.begin(ENGINE) as tx:
            for code in CODES:
                departments.add(tx, NewDepartment(code, f"{code}局", code))
                officer = Appointment(Role.OFFICER, code)
                enter(tx, NewPerson(code, "温如玉", "科员", (officer,)), "no password opens this")
        yield served


def at_once(served: Served, tasks: dict[str, str], key: str | None = None) -> list[int]:
    """The statuses of completions that are all sent in the same instant."""
    start = Barrier(len(tasks))
    headers = {} if key is None else {"Idempotency_Key": key}

    def sign(who: str) -> int:
        person = served.person(who.split("#")[0])
        start.wait()
        return person.post(f"/inbox/{tasks[who]}/complete", SIGNED, **headers).status_code

    with ThreadPoolExecutor(len(tasks)) as threads:
        return list(threads.map(sign, tasks))


def completed(served: Served, act: str) -> list[TaskState]:
    with served.database.view(ENGINE) as tx:
        return list(tx.session.scalars(select(UserTask.state).where(UserTask.act == act)))


def test_twenty_departments_sign_in_the_same_instant(served: Served) -> None:
    number = served.opens(CODES).accepted()
    tasks = {code: served.person(code).task() for code in CODES}

    assert at_once(served, tasks) == [200] * 20

    assert completed(served, "review") == [TaskState.COMPLETED] * 20
    assert completed(served, "deliver") == [TaskState.CREATED]
    case = served.person("lead").json(f"/cases/{number}")
    assert len([one for one in case["opinions"] if one["act"] == "review"]) == 20
    with served.database.view(ENGINE) as tx:
        root_id = tx.session.scalars(select(UserTask.root_id).distinct()).one()
        assert evidence.verify(tx, root_id) is None


def test_one_signature_sent_ten_times_counts_once(served: Served) -> None:
    served.opens(CODES[:3]).accepted()
    task = served.person(CODES[0]).task()

    without_key = at_once(served, {f"{CODES[0]}#{place}": task for place in range(10)})

    assert sorted(without_key) == [200] + [409] * 9


def test_one_signature_sent_ten_times_under_one_key_is_answered_alike(served: Served) -> None:
    served.opens(CODES[:3]).accepted()
    task = served.person(CODES[0]).task()

    assert at_once(served, {f"{CODES[0]}#{place}": task for place in range(10)}, "k-1") == [200] * 10

    with served.database.view(ENGINE) as tx:
        assert tx.session.scalar(select(func.count()).where(UserTask.state == TaskState.COMPLETED)) == 2
