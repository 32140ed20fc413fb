"""The office that is measured: its calendar, its departments with one officer each, and everybody's bearer token.

Writes rows through the product's own commands; the server that serves them is another's concern.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from sqlalchemy import select

from benchmarks.approvals import MEASURED, MOST_DEPARTMENTS, Approval
from casework import calendars, departments, logins
from casework.departments import NewDepartment
from casework.people import Appointment, NewPerson, enter
from casework.tables import Case, Item, Role
from engine import deployments
from engine.ports import ENGINE
from engine.queries.definitions import EVERYWHERE
from engine.tables import TaskState, UserTask
from engine.transaction import Database

APPLICANT = "applicant"
SHUT = "no password opens this"


@dataclass(frozen=True, slots=True)
class Task:
    """An open task, and the token of an officer who may complete it."""

    id: str
    token: str


@dataclass(frozen=True, slots=True)
class Office:
    """A seeded database. `tokens` are by login; an officer's login is the department's code."""

    database: Database
    tokens: Mapping[str, str]

    def open_cases(self, approval: Approval) -> list[list[Task]]:
        """The open tasks of every running case of an approval, case by case in the order of their submission."""
        query = (
            select(UserTask.id, UserTask.department, UserTask.root_id)
            .join(Case, Case.root_id == UserTask.root_id)
            .join(Item, Item.id == Case.item_id)
            .where(Item.code == approval.key, UserTask.state == TaskState.CREATED)
            .order_by(UserTask.root_id, UserTask.id)
        )
        with self.database.view(ENGINE) as tx:
            rows = tx.session.execute(query).all()
        cases = groupby(rows, key=lambda row: row.root_id)
        return [[Task(row.id, self.tokens[row.department]) for row in tasks] for _, tasks in cases]


def seed(database: Database) -> Office:
    """Fills an empty database: calendar, departments, people, tokens, and every approval deployed."""
    with database.begin(ENGINE) as tx:
        calendars.seed(tx)
        enter(tx, NewPerson(APPLICANT, "陆嘉禾", "申请人", (Appointment(Role.APPLICANT),)), SHUT)
    codes = [f"department-{place:03}" for place in range(1, MOST_DEPARTMENTS + 1)]
    for code in codes:
        with database.begin(ENGINE) as tx:
            departments.add(tx, NewDepartment(code, f"第{code[-3:]}局", code))
            enter(tx, NewPerson(code, "温如玉", "科员", (Appointment(Role.OFFICER, code),)), SHUT)
    for approval in MEASURED:
        with database.begin(ENGINE) as tx:
            deployments.deploy(tx, approval.files, region=EVERYWHERE)
    return Office(database, {login: token(database, login) for login in (APPLICANT, *codes)})


def token(database: Database, login: str) -> str:
    """The bearer token of somebody who logged in today."""
    with database.view(ENGINE) as tx:
        known = logins.by_login(tx, login)
    assert known is not None
    with database.begin(known.actor) as tx:
        token, _ = logins.issue_token(tx, None, timedelta(days=1))
    return token
