"""What a step's properties say of the case in hand: a literal, or `${…}` over the variables seen from the step."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import select

from casework import calendars
from engine.errors import ExpressionFailed, Sentence
from engine.events import ActivityStarted, UserTaskCompleted
from engine.expressions import Expression, ExpressionError, compile_expression
from engine.run import lent
from engine.store import instance_rows
from engine.store.values import value_of
from engine.store.variables import ScopeVariables
from engine.tables import RUNNING, ActivityInstance, VariableChange
from engine.transaction import Transaction

WHOLE = re.compile(r"[0-9]{1,4}")
Step = ActivityStarted | UserTaskCompleted


class StepValues:
    """The variables that a step sees, read once, and what its properties come to with them."""

    def __init__(self, tx: Transaction, step: Step) -> None:
        self._tx, self._step = tx, step
        self._instance = instance_rows.of(tx, step.instance_id)
        visit_id = step.activity_instance_id if isinstance(step, ActivityStarted) else step.task_id
        scopes = _scopes(tx, visit_id)
        if self._instance.state in RUNNING:
            self._seen = ScopeVariables(tx, step.instance_id).visible(scopes)
        else:
            self._seen = _last_of(tx, step.instance_id, scopes)

    def variable(self, name: str) -> str | None:
        """A variable that is a text."""
        said = self._seen.get(name)
        return said if isinstance(said, str) and said else None

    def text(self, name: str) -> str | None:
        """A property that means a text. Raises ExpressionFailed."""
        said = self._value(name)
        return None if said in (None, "") else str(said)

    def whole_number(self, name: str) -> int | None:
        """A property that means a number of units. Raises ExpressionFailed."""
        said = self._value(name)
        if said in (None, ""):
            return None
        if isinstance(said, bool) or not WHOLE.fullmatch(str(said)):
            raise ExpressionFailed(_no_number(name), element_id=self._step.activity_id)
        return int(str(said))

    def instant(self, name: str) -> datetime:
        """A property that means an instant, by the office's zone where it names none; a day is over when it ends.

        Raises ExpressionFailed.
        """
        said = self._value(name)
        try:
            read = _date(said) if isinstance(said, str) else said
        except ValueError as unreadable:
            raise self._no_date(name) from unreadable
        if isinstance(read, datetime):
            return read if read.tzinfo else read.replace(tzinfo=self._tx.ports.zone)
        if isinstance(read, date):
            return calendars.calendar_of(self._tx, self._instance.region).end_of(read)
        raise self._no_date(name)

    def _value(self, name: str) -> object:
        said = self._step.properties.get(name, "")
        try:
            return _compiled(said).evaluate(self._seen, lent(self._tx, self._instance))
        except ExpressionError as error:
            raise ExpressionFailed(error.sentence, element_id=self._step.activity_id) from error

    def _no_date(self, name: str) -> ExpressionFailed:
        sentence = Sentence(
            f"属性 {name} 须得出日期，例如 ${{limit('publicity')}}。",
            f"Property {name} must come to a date, such as ${{limit('publicity')}}.",
        )
        return ExpressionFailed(sentence, element_id=self._step.activity_id)


def _no_number(name: str) -> Sentence:
    return Sentence(f"属性 {name} 须得出整数。", f"Property {name} must come to a whole number.")


def _date(text: str) -> date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


@lru_cache(maxsize=512)
def _compiled(text: str) -> Expression:
    return compile_expression(text)


def _scopes(tx: Transaction, visit_id: str) -> list[str]:
    """The visit and those around it, the innermost first."""
    found: list[str] = []
    tx.flush()
    here: str | None = visit_id
    while here is not None:
        found.append(here)
        visit = tx.session.get(ActivityInstance, here)
        here = None if visit is None else visit.parent_id
    return found


def _last_of(tx: Transaction, instance_id: str, scopes: Sequence[str]) -> dict[str, object]:
    """What the step saw of a process that is over by now: the last of each variable, as the history has it."""
    changes = tx.session.scalars(
        select(VariableChange).where(VariableChange.instance_id == instance_id).order_by(VariableChange.seq)
    ).all()
    seen: dict[str, object] = {}
    for scope_id in (instance_id, *reversed(scopes)):
        seen |= {change.name: value_of(change) for change in changes if change.scope_id == scope_id}
    return seen
