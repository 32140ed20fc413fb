"""Timers of diagrams that follow a clock: what `${due('taxation','promised')}` means, and when it falls due."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import select

from casework import bindable_clocks, calendars, items
from casework.bindable_clocks import PROMISED, STATUTORY
from casework.clocks import steps
from casework.clocks.bindings import parse
from casework.clocks.reading import OPEN
from casework.clocks.terms import BOUND, end, term
from casework.item_document import ItemDocument
from casework.tables import Case, Clock, ClockKind
from casework.workdays import Limit, Unit
from engine.errors import ExpressionFailed, Sentence
from engine.expressions import ExpressionError
from engine.ports import Bound
from engine.tables import ProcessInstance
from engine.transaction import Transaction

OF_A_STAGE = (ClockKind.RECEIPT, ClockKind.CORRECTION, ClockKind.DEFERRAL, ClockKind.DELIVERY, ClockKind.ORDER)
WHOLE = frozenset(kind.lower() for kind in OF_A_STAGE)
FUNCTION_NAMES = frozenset({"due", "limit", "tacit", "workingDays", "workingHours"})
NEVER = "never"


def functions(tx: Transaction, instance: ProcessInstance) -> Mapping[str, Callable[..., object]]:
    """The engine's port: what an expression of a diagram may ask of the office's time. Nothing is read before it asks.

    `due(whose, which)`: a deadline, for a timer to follow; whose is `case`, `receipt`, `correction`, `deferral`,
    `delivery`, `order` (督办), a department's role, or `step:` with the name of a step's limit. `limit(name)`: the
    first instant after that limit of the item, from now. `workingDays(n)`: the first instant after the nth working
    day from now. `workingHours(n)`: the instant after n office hours from now. A timer that waits for one of these
    three moves with the calendar. `tacit(role)` and
    `tacit(role, step)` are `due` of the department or of the step's limit where the item names the law by which silence
    approves, and never come where it names none.
    """

    def due(whose: str, which: str = PROMISED) -> Bound:
        return Bound(f"{_name(tx, instance, whose)}/{which}")

    def tacit(role: str, step: str | None = None) -> Bound:
        case = tx.session.get(Case, instance.root_id)
        basis = None if case is None else items.document(tx, case.item_id).tacit_basis(role, step)
        return Bound(NEVER) if basis is None else due(role if step is None else f"step:{step}")

    def named(name: str) -> Bound:
        limits = _limits(tx, instance)
        if name not in limits:
            raise ExpressionError(_no_limit(name))
        return term(limits[name], tx.now)

    return {
        "due": due,
        "limit": named,
        "tacit": tacit,
        "workingDays": lambda amount: term(Limit(int(amount), Unit.WD), tx.now),
        "workingHours": lambda amount: term(Limit(int(amount), Unit.WH), tx.now),
    }


def _name(tx: Transaction, instance: ProcessInstance, whose: str) -> str:
    """A role's clock is the clock of the department that plays it in the division."""
    if whose == "case" or whose in WHOLE or ":" in whose:
        return whose
    return f"department:{calendars.current(tx).code_of(instance.region, whose)}"


def _limits(tx: Transaction, instance: ProcessInstance) -> Mapping[str, Limit]:
    case = tx.session.get(Case, instance.root_id)
    return {} if case is None else items.document(tx, case.item_id).limits


def _no_limit(name: str) -> Sentence:
    return Sentence(
        f"事项的 [limits] 和 [limits.steps] 中没有时限“{name}”。",
        f"There is no “{name}” under [limits] or [limits.steps] of the item.",
    )


def due_at(tx: Transaction, instance: ProcessInstance, binding: str) -> datetime | None:
    """The engine's port: when a bound timer falls due. Null while the clock is paused, over, or still to start: the
    timer waits and is moved with the clock.

    Raises ExpressionFailed when the case has no such clock and its item gives it no limit.
    """
    if binding == NEVER:
        return None
    if binding.startswith(BOUND):
        return end(calendars.current(tx), instance.region, binding)
    if (limit := steps.limit_of(binding)) is not None:
        return _step_due_at(tx, instance, binding, limit)
    if (named := parse(binding)) is None:
        raise _unknown(binding)
    return _clock_due_at(tx, instance, binding, *named)


def _clock_due_at(
    tx: Transaction, instance: ProcessInstance, binding: str, kind: ClockKind, subject: str, which: str
) -> datetime | None:
    tx.flush()
    clock = tx.session.scalar(
        select(Clock)
        .where(Clock.root_id == instance.root_id, Clock.kind == kind, Clock.subject == subject)
        .order_by(Clock.id.desc())
        .limit(1)
    )
    if clock is None:
        if not _may_start(tx, instance, kind, subject, which):
            raise _unknown(binding)
        return None
    if which == STATUTORY and clock.statutory_limit is None:
        raise _unknown(binding)
    if clock.state not in OPEN:
        return None
    return clock.statutory_due_at if which == STATUTORY else clock.due_at


def _step_due_at(tx: Transaction, instance: ProcessInstance, binding: str, limit: str) -> datetime | None:
    if limit not in _limits(tx, instance):
        raise _unknown(binding)
    return steps.deadlines(tx, instance.root_id).get(binding)


def _may_start(tx: Transaction, instance: ProcessInstance, kind: ClockKind, subject: str, which: str) -> bool:
    """Whether a clock that does not run yet has a limit to run against."""
    case = tx.session.get(Case, instance.root_id)
    if case is None:
        return kind == ClockKind.ORDER and which == PROMISED
    item = items.document(tx, case.item_id)
    if kind == ClockKind.DEPARTMENT:
        return which == PROMISED and share_limit(tx, item, subject) is not None
    of_case = kind in (ClockKind.PROMISED, ClockKind.STATUTORY)
    asked = (bindable_clocks.CASE, kind.lower()) if of_case else (kind.lower(), which)
    return asked in bindable_clocks.of(item)


def share_limit(tx: Transaction, item: ItemDocument, department: str | None) -> Limit | None:
    """The limit an item gives a department for its share, by the role the department plays."""
    participant = item.participants.get(calendars.current(tx).role_of(department or ""))
    return participant.limit if participant else None


def _unknown(binding: str) -> ExpressionFailed:
    return ExpressionFailed(
        Sentence(
            f"办件没有时限“{binding}”：请核对 due() 的参数，并在事项中为其规定时限。",
            f"The case has no clock “{binding}”: check the arguments of due(), and give it a limit in the item.",
        )
    )
