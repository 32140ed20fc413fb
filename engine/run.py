"""One command's work on one process instance: what it holds while a step is applied to rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine import timers
from engine.definitions import Runnable
from engine.diagram.model import Node
from engine.errors import ExpressionFailed, Sentence
from engine.expressions import Expression, ExpressionError
from engine.expressions.instants import PRESENT
from engine.expressions.values import whole
from engine.interpreter.step import WorkOpened
from engine.ports import Bound
from engine.store.variables import ScopeVariables
from engine.tables import ProcessInstance
from engine.transaction import Transaction

Functions = Mapping[str, Callable[..., object]]


def lent(tx: Transaction, instance: ProcessInstance) -> Functions:
    """The functions that a diagram's expressions may call: the host's, the present, and two facts of the instance.

    What a clock decides is the instant that it says now: only a timer can follow it (`lent_to_timers`).
    """

    def at_present(function: Callable[..., object]) -> Callable[..., object]:
        def called(*arguments: object) -> object:
            value = function(*arguments)
            return tx.ports.due_at(tx, instance, value.binding) if isinstance(value, Bound) else value

        return called

    return {name: at_present(function) for name, function in lent_to_timers(tx, instance).items()}


def lent_to_timers(tx: Transaction, instance: ProcessInstance) -> Functions:
    """The same for the definition of a timer, which may be bound to a clock."""
    return {
        **tx.ports.functions(tx, instance),
        **dict.fromkeys(PRESENT, lambda: tx.now),
        "processBusinessKey": lambda: instance.business_key,
        "processInstanceId": lambda: instance.id,
    }


@dataclass(frozen=True, slots=True)
class Run:
    """An instance under its root's lock, with its definition and its variables."""

    tx: Transaction
    root: ProcessInstance
    instance: ProcessInstance
    runnable: Runnable
    variables: ScopeVariables

    @property
    def where(self) -> dict[str, str]:
        """What every event of the instance says first."""
        return {"region": self.instance.region, "root_id": self.instance.root_id, "instance_id": self.instance.id}

    def place(self, work: WorkOpened) -> dict[str, object]:
        """The columns that every row of work has."""
        return {**self.where, "id": work.id, "activity_id": work.activity_id, "created_at": self.tx.now}

    def node(self, work: WorkOpened) -> Node:
        """The diagram's node that a piece of work belongs to."""
        return self.runnable.node(work.activity_id)

    def evaluate(self, expression: Expression, work: WorkOpened) -> object:
        """An expression of the diagram in the scope of a piece of work. Raises ExpressionFailed."""
        return self._evaluate(expression, work, lent(self.tx, self.instance))

    def evaluate_timer(self, expression: Expression, work: WorkOpened) -> object:
        """The same of a timer's definition: Bound when it follows a clock. Raises ExpressionFailed."""
        return self._evaluate(expression, work, lent_to_timers(self.tx, self.instance))

    def _evaluate(self, expression: Expression, work: WorkOpened, functions: Functions) -> object:
        try:
            return expression.evaluate(self.variables.visible(work.scope_ids), functions)
        except ExpressionError as error:
            raise ExpressionFailed(error.sentence, element_id=work.activity_id) from error

    def first_due(self, kind: str, value: object, work: WorkOpened) -> timers.Due:
        """When a timer or a date that a diagram gives falls due. Raises ExpressionFailed."""
        try:
            return timers.due_at(kind, value, self.tx.now, self.tx.ports.zone)
        except timers.TimerFault as fault:
            raise ExpressionFailed(fault.sentence, element_id=work.activity_id) from fault

    def instant(self, work: WorkOpened, attribute: str) -> datetime | None:
        """An evaluated attribute that means an instant: a date, or a duration from now as Camunda allows."""
        value = work.attributes.get(attribute)
        if value in (None, ""):
            return None
        kind = "duration" if isinstance(value, str) and value.startswith("P") else "date"
        return self.first_due(kind, value, work).at

    def whole(self, work: WorkOpened, attribute: str, default: int) -> int:
        """An evaluated attribute that must be a whole number. Raises ExpressionFailed."""
        value = work.attributes.get(attribute)
        if value in (None, ""):
            return default
        try:
            return whole(value)
        except ExpressionError as error:
            wrong = Sentence(f"{attribute}：{error.sentence.zh}", f"{attribute}: {error.sentence.en}")
            raise ExpressionFailed(wrong, element_id=work.activity_id) from error

    @staticmethod
    def texts(work: WorkOpened, attribute: str) -> Sequence[str]:
        """An evaluated attribute that lists names, each once."""
        value = work.attributes.get(attribute) or ()
        return tuple(dict.fromkeys(str(name) for name in value))  # type: ignore[attr-defined]
