"""Fills an office with open tasks: copies of the rows of one case that the product itself has begun.

Submitting a hundred thousand applications takes hours; what the inbox reads of them are these rows.
"""

import random
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from casework.tables import Case, Clock
from engine.store.dialect import WRITES
from engine.tables import Candidate, ProcessInstance, UserTask
from engine.transaction import Database

BATCH = 1000
SEED = 20260302
SPREAD_DAYS, WEEK = 60, timedelta(days=7)
COPIED_IDS = frozenset({"id", "root_id", "instance_id", "task_id"})
COMPANIES = ("听松茶业", "禾木智能", "知微生物", "云溪纺织", "长风物流")

Rows = dict[Table, list[dict[str, Any]]]


def fill(database: Database, root_id: str, department: str, number: int, after: int = 0) -> None:
    """Copies a case so often, each time with the one open task that this department has in it, due on another day."""
    with database.engine.execution_options(**{WRITES: True}).begin() as connection:
        pattern = _pattern(connection, root_id, department)
        for begin in range(after, after + number, BATCH):
            copies = [_copy(database, pattern, place) for place in range(begin, min(begin + BATCH, after + number))]
            for table in pattern:
                connection.execute(insert(table), [row for copy in copies for row in copy[table]])


def number(place: int) -> str:
    """The case number of a copy."""
    return f"C{place:09}"


def _pattern(connection: Connection, root_id: str, department: str) -> Rows:
    """The rows of one case that an inbox looks at, in an order in which they can be inserted."""
    task = select(UserTask.id).where(UserTask.root_id == root_id, UserTask.department == department)
    chosen = {
        ProcessInstance: ProcessInstance.id == root_id,
        Case: Case.root_id == root_id,
        UserTask: UserTask.id.in_(task),
        Candidate: Candidate.task_id.in_(task),
        Clock: (Clock.root_id == root_id) & (Clock.subject == department),
    }
    return {
        table: [dict(row) for row in connection.execute(select(table).where(which)).mappings()]
        for mapped, which in chosen.items()
        if isinstance(table := mapped.__table__, Table)
    }


def _copy(database: Database, pattern: Rows, place: int) -> Rows:
    chance = random.Random(SEED + place)
    now = database.ports.now()
    due_at = now + timedelta(days=chance.uniform(-2, SPREAD_DAYS))
    ids: dict[str, str] = {}
    changes = {
        "number": number(place),
        "title": f"临安{COMPANIES[place % len(COMPANIES)]}有限公司",
        "due_at": due_at,
        "pressing_at": due_at,
    }
    return {table: [dict(_changed(row, ids, changes)) for row in rows] for table, rows in pattern.items()}


def _changed(row: dict[str, Any], ids: dict[str, str], changes: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if name in COPIED_IDS and value is not None:
            yield name, ids.setdefault(value, str(uuid.uuid4()))
        else:
            yield name, changes.get(name, value) if value is not None else None
