"""Timers that follow a step's own limit: what `${due('step:pre_check')}` means, and when it falls due.

A step that several departments take at once has a clock for each of them; the timer follows the one that ends last.
"""

import re
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import and_, select

from casework import meaning
from casework.bindable_clocks import PROMISED
from casework.clocks.reading import OPEN
from casework.tables import Clock, ClockKind
from engine import definitions
from engine.queries.id_text import id_text
from engine.tables import UserTask
from engine.transaction import Transaction

BINDING = re.compile(rf"step:(?P<limit>[^/]+)/{PROMISED}")


def limit_of(binding: str) -> str | None:
    """The limit of a step that a binding names; None when it is none of a step."""
    named = BINDING.fullmatch(binding)
    return named["limit"] if named else None


def deadlines(tx: Transaction, root_id: str) -> Mapping[str, datetime | None]:
    """The last deadline of the open steps of each limit, by the binding that means it; null while time stands still."""
    return deadlines_of(tx, [root_id]).get(root_id, {})


def deadlines_of(tx: Transaction, root_ids: Collection[str]) -> Mapping[str, Mapping[str, datetime | None]]:
    """The same of many cases, by the root's id."""
    tx.flush()
    rows = tx.session.execute(
        select(Clock, UserTask.definition_id, UserTask.activity_id)
        .join(UserTask, and_(UserTask.root_id == Clock.root_id, Clock.subject == id_text(UserTask.id)))
        .where(Clock.root_id.in_(root_ids), Clock.kind == ClockKind.TASK, Clock.state.in_(OPEN))
    )
    named: dict[str, dict[str, list[datetime | None]]] = {}
    for clock, definition_id, activity_id in rows:
        limit = meaning.of(definitions.load(tx, definition_id).node(activity_id).properties).limit
        if limit is not None:
            of_case = named.setdefault(clock.root_id, {})
            of_case.setdefault(f"step:{limit}/{PROMISED}", []).append(clock.due_at)
    return {
        root_id: {binding: None if None in dates else max(filter(None, dates)) for binding, dates in of_case.items()}
        for root_id, of_case in named.items()
    }
