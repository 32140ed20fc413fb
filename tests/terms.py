"""An office whose joint approval waits for applications to extend its term or to hold a special procedure."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from werkzeug.test import TestResponse

import lianban
from casework.scenarios.package import files_of
from casework.workdays import SHANGHAI
from engine import deployments, jobs
from engine.ports import ENGINE
from tests.diagrams import call, end, event_sub_process, flows, mapped_in, message, start
from tests.served import APPLICATION_FORM, REGION, REVIEW_FORM, Served, item, joint_approval

DEPARTMENTS = ("planning", "fire", "civil-defence")
EXTENSION, PROCEDURE = "extension", "special-procedure"


def at(text: str) -> datetime:
    """An instant of the office's day: at("2026-03-02 09:00")."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def asked_for(what: str) -> Any:
    """The event sub-process by which a case hears of an application within the office."""
    brought = {"term_department": "department", "term_handler": "handler", "term_approver": "approver"}
    return event_sub_process(
        f"{what}-asked",
        start(f"{what}-requested", message(f"{what}-requested"), isInterrupting=False),
        call(f"{what}-decided", f"common-{what}", *(mapped_in(source=one, target=to) for one, to in brought.items())),
        end(f"{what}-over"),
        flows(f"{what}-requested", f"{what}-decided", f"{what}-over"),
    )


def drawn(departments: Sequence[str], *more: Any) -> bytes:
    """The joint approval, with both kinds of applications."""
    return joint_approval(departments, asked_for(EXTENSION), asked_for(PROCEDURE), *more)


class Terms(Served):
    """The office, its departments and its leaders, as far as time is concerned."""

    def opens_for(self, *departments: str, changed: dict[str, str] | None = None, added: str = "") -> "Terms":
        """The item `opening` is in force for these departments; `changed` are limits of it, `added` tables."""
        with self.database.begin(ENGINE) as tx:
            deployments.deploy(tx, files_of(lianban.PROCESSES / "common"), region=REGION, name="common")
        text = item(departments or DEPARTMENTS).decode()
        for old, new in {"statutory": "45WD", **(changed or {})}.items():
            text = text.replace(f'{old} = "', f'{old} = "{new}" # "', 1)
        self.deploy(
            approval_bpmn=drawn(departments or DEPARTMENTS),
            application_form=json.dumps(APPLICATION_FORM).encode(),
            review_form=json.dumps(REVIEW_FORM).encode(),
            item_toml=(text + added).encode(),
        )
        return self

    def accepted_at(self, instant: str, login: str = "applicant") -> str:
        """The number of a case that was submitted and accepted at an instant of the office's day."""
        self.world.now = at(instant)
        number = str(self.submits(login)["number"])
        answer = self.person("window").post(f"/cases/{number}/accept")
        assert answer.status_code == 200, answer.text
        return number

    def comes(self, instant: str) -> None:
        """The time comes, and what falls due is done."""
        self.world.now = at(instant)
        jobs.run_due(self.database, "worker")

    def clocks(self, number: str, login: str = "lead") -> dict[str, dict[str, Any]]:
        """The clocks of a case by kind, those of departments by department."""
        shown = self.person(login).json(f"/cases/{number}/clocks")["rows"]
        return {one["department"]["code"] if one["department"] else one["kind"]: one for one in shown}

    def last_days(self, number: str) -> dict[str, str | None]:
        """The last day of each running clock, null while it stands still."""
        running = {name: one for name, one in self.clocks(number).items() if one["stopped_at"] is None}
        return {name: one["due_at"] and local_day(one["due_at"]) for name, one in running.items()}

    def does(self, number: str, login: str, act: str, clock: str, **said: Any) -> TestResponse:
        """What the door answers when somebody acts on a clock, named like `clocks` does."""
        clock_id = self.clocks(number)[clock]["id"]
        return self.person(login).post(f"/cases/{number}/clocks/{clock_id}/{act}", said)

    def step(self, number: str, login: str, name: str) -> str:
        """The id of a step in somebody's inbox."""
        rows = self.person(login).json(f"/inbox?case_number={number}")["rows"]
        [found] = [row["id"] for row in rows if row["name"] == name]
        return str(found)

    def answers(
        self, number: str, login: str, name: str, outcome: str, comment: str | None = None, **form: Any
    ) -> TestResponse:
        """What the door answers when somebody completes a step."""
        body = {"outcome": outcome, "comment": comment, "form": form}
        return self.person(login).post(f"/inbox/{self.step(number, login, name)}/complete", body)


def local_day(instant: str) -> str:
    """The office's day of an instant as answers write it."""
    return datetime.fromisoformat(instant).astimezone(SHANGHAI).date().isoformat()
