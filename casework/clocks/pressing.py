"""Which clock measures a step, and by which instant lists of open work sort it.

The instant is kept on the task, so that an index gives the most pressing ones first however many are open. Here alone
it is computed; what changes it asks for `sort_steps`.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Update, and_, bindparam, case, func, literal, or_, select, update
from sqlalchemy.orm.util import AliasedClass

from casework.clocks.reading import OPEN
from casework.meaning import Does
from casework.tables import Clock, ClockKind
from engine.columns import NEVER, Id, Instant
from engine.queries.id_text import id_text
from engine.queries.order import just_before, or_never
from engine.tables import TaskState, UserTask
from engine.transaction import Transaction

OF_THE_CASE: Mapping[Does, ClockKind] = {
    Does.ACCEPT: ClockKind.RECEIPT,
    Does.DELIVER: ClockKind.DELIVERY,
    Does.ANSWER: ClockKind.ORDER,
}
"""Steps that a clock of the whole case or order measures; every other is measured by its department's share."""
MEASURING = frozenset({ClockKind.TASK, ClockKind.DEPARTMENT, *OF_THE_CASE.values()})

AnyClock = type[Clock] | AliasedClass[Clock]


def is_own(clock: AnyClock) -> ColumnElement[bool]:
    """The clock of the step's own limit."""
    return and_(clock.kind == ClockKind.TASK, clock.subject == id_text(UserTask.id))


def measures_share(clock: AnyClock) -> ColumnElement[bool]:
    """At most one open clock of a case measures a step that has none of its own."""
    others = or_(UserTask.act.is_(None), UserTask.act.not_in(OF_THE_CASE))
    of_department = and_(others, clock.kind == ClockKind.DEPARTMENT, clock.subject == UserTask.department)
    of_case = [and_(UserTask.act == act, clock.kind == kind) for act, kind in OF_THE_CASE.items()]
    return or_(of_department, *of_case)


def _sorting(of_cases: ColumnElement[bool]) -> Update:
    """The step's own clock counts before the one it shares; while that stands still, nothing presses."""
    by_clock = (
        select(or_never(Clock.due_at))
        .where(Clock.root_id == UserTask.root_id, Clock.state.in_(OPEN), or_(is_own(Clock), measures_share(Clock)))
        .order_by(case((Clock.kind == ClockKind.TASK, 0), else_=1))
        .limit(1)
        .correlate(UserTask)
        .scalar_subquery()
    )
    due_at = func.coalesce(by_clock, UserTask.due_at, literal(NEVER, Instant()), type_=Instant())
    presses = case((UserTask.reminders > 0, just_before(due_at)), else_=due_at)
    return (
        update(UserTask)
        .where(
            of_cases,
            UserTask.state == TaskState.CREATED,
            UserTask.pressing_at != presses,
        )
        .values(pressing_at=presses)
        .execution_options(synchronize_session=False)
    )


SORTING = _sorting(UserTask.root_id == bindparam("of_root", type_=Id()))
SORTING_MANY = _sorting(UserTask.root_id.in_(bindparam("of_roots", expanding=True)))


def sort_steps(tx: Transaction, root_id: str) -> None:
    """Sorts the open steps of a case anew: by their clock's deadline, else by their own; of equals those that somebody
    reminded of (催办) come first."""
    tx.session.execute(SORTING, {"of_root": root_id})


def sort_steps_of(tx: Transaction, root_ids: Sequence[str]) -> None:
    """The same for many cases at once."""
    tx.flush()
    tx.session.execute(SORTING_MANY, {"of_roots": root_ids})
