"""The server as Camunda's clients see it: an address, and what became of the processes they worked on."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from casework import people
from engine.ports import ENGINE
from engine.store.values import value_of
from engine.tables import ProcessInstance, TaskState, UserTask, Variable
from tests.clients.drawn import KEY, SEAL_MAKING
from tests.served import Served

PROGRAMS = Path(__file__).parent / "programs"
SYSTEM, CLERK, PASSWORD = "admin", "window", "a-password-of-the-tests"
PATIENCE = 60


class Camunda:
    """One office, in which the system's login and a clerk's have a password that programs can be given."""

    def __init__(self, served: Served, port: int) -> None:
        self.served = served
        self.host = f"127.0.0.1:{port}"
        for login in (SYSTEM, CLERK):
            with served.database.begin(ENGINE) as tx:
                people.set_password(tx, login, PASSWORD)

    @property
    def address(self) -> str:
        return f"http://{self.host}/engine-rest"

    @property
    def address_with_login(self) -> str:
        """For programs that know no other way to log in."""
        return f"http://{SYSTEM}:{PASSWORD}@{self.host}/engine-rest"

    def makes_seals(self) -> "Camunda":
        self.served.deploy(seals_bpmn=SEAL_MAKING)
        return self

    def run(self, program: str, *arguments: str) -> None:
        """A program of a client's, to its end; it has to succeed."""
        command = [sys.executable, str(PROGRAMS / program)]
        self._succeeds([*command, *arguments])

    def run_node(self, program: str, *arguments: str) -> None:
        node = Path(sys.executable).with_name("node")
        self._succeeds([str(node), str(PROGRAMS / program), *arguments])

    def run_command(self, command: str, *arguments: str) -> None:
        """A command that a client's package brings."""
        self._succeeds([str(Path(sys.executable).with_name(command)), *arguments])

    def _succeeds(self, command: list[str]) -> None:
        done = subprocess.run(
            command,
            env=self._environment(),
            cwd=PROGRAMS,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    @staticmethod
    def _environment() -> dict[str, str]:
        """Without proxies: everything is on this machine."""
        return {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}

    def waits_at(self, business_key: str) -> list[str]:
        """Where the instance of a business key waits for people."""
        with self.served.database.view(ENGINE) as tx:
            open_tasks = (
                select(UserTask.activity_id)
                .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
                .where(ProcessInstance.business_key == business_key, UserTask.state == TaskState.CREATED)
            )
            return list(tx.session.scalars(open_tasks))

    def variables(self, business_key: str) -> dict[str, Any]:
        with self.served.database.view(ENGINE) as tx:
            rows = tx.session.scalars(
                select(Variable)
                .join(ProcessInstance, ProcessInstance.id == Variable.scope_id)
                .where(ProcessInstance.business_key == business_key)
            )
            return {row.name: value_of(row) for row in rows}

    def starts(self, business_key: str, **variables: object) -> None:
        """Somebody starts an instance by hand."""
        said = {name: value if isinstance(value, dict) else {"value": value} for name, value in variables.items()}
        body = {"businessKey": business_key, "variables": said}
        answer = self.served.person(SYSTEM).post(f"/engine-rest/process-definition/key/{KEY}/start", body)
        assert answer.status_code == 200, answer.text

    def file(self, name: str) -> TestResponse:
        """The download of a variable that only one instance has."""
        system = self.served.person(SYSTEM)
        (variable,) = system.json(f"/engine-rest/variable-instance?variableName={name}")
        return system.get(f"/engine-rest/variable-instance/{variable['id']}/data")
