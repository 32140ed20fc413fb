"""Special procedures (特别程序): hearings, tests, expert reviews, whose time is not counted (行政许可法 art. 45).

The applicant has to be told in writing how long it takes: the time is excluded from the service of that slip on, of the
department's share, its open steps and the case as a whole; other departments' clocks run on. A step whose act is
`exclude` is such a procedure for as long as it lasts.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from casework import clocks, departments, items, notices, slips
from casework.clock_reasons import PROCEDURES
from casework.clocks import Ground
from casework.events import SlipServed
from casework.meaning import Does, Name
from casework.slips import Service, SlipKind
from casework.step_values import StepValues
from casework.tables import Case, SpecialProcedure
from engine import evidence
from engine.errors import ExpressionFailed, Sentence
from engine.events import ActivityEnded, ActivityStarted, Event
from engine.store import instance_rows
from engine.transaction import Transaction

ENDED, REVERSED = "procedure-ended", "procedure.reversed"
HANDLER = "handler"
NO_DEPARTMENT = Sentence(
    "未写明由哪个部门进行特别程序：请填写属性 department，或提供变量 department。",
    "Which department holds the special procedure is not said: give property department, or a variable of that name.",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A special procedure to begin. `kind` is a code of clock_reasons.PROCEDURES, `paper` the number of the decision
    where one was named."""

    department: str
    kind: str
    basis: str
    expected_end_at: datetime
    asked_by: str
    visit_id: str | None = None
    paper: str | None = None


def listen(tx: Transaction, event: Event) -> None:
    """A step whose act is `exclude` begins and ends a special procedure; the service of its slip makes it hold."""
    match event:
        case ActivityStarted() if event.properties.get(Name.ACT) == Does.EXCLUDE:
            _step_began(tx, event)
        case ActivityEnded() if event.properties.get(Name.ACT) == Does.EXCLUDE:
            _step_ended(tx, event)
        case SlipServed(kind=SlipKind.SPECIAL_PROCEDURE):
            _served(tx, event)


def begin(tx: Transaction, case: Case, wanted: Wanted, *, service: Service | None = None) -> SpecialProcedure:
    """The applicant of a locked case is told in writing; once that is served, the time does not count."""
    kind = PROCEDURES[wanted.kind]
    ground = {"basis": wanted.basis, "is_by_law": kind.is_by_law}
    told = {"procedure": kind.name, **ground, "time": wanted.expected_end_at}
    slip = slips.issue(tx, case, SlipKind.SPECIAL_PROCEDURE, told, service=service)
    procedure = SpecialProcedure(
        id=tx.new_id(),
        region=case.region,
        root_id=case.root_id,
        department=wanted.department,
        kind=wanted.kind,
        basis=wanted.basis,
        document=slip.number,
        paper=wanted.paper,
        asked_by=wanted.asked_by,
        visit_id=wanted.visit_id,
        begun_at=tx.now,
        expected_end_at=wanted.expected_end_at,
        revision=1,
    )
    tx.add(procedure)
    notices.procedure_begun(tx, case, kind.name, wanted.expected_end_at)
    if slip.served_at is not None:
        _take_effect(tx, procedure, slip.served_at)
    return procedure


def end(tx: Transaction, procedure: SpecialProcedure, ground: Ground) -> None:
    """The procedure has its result, or came to nothing: time counts again."""
    procedure.ended_at = tx.now
    procedure.revision += 1
    clocks.release(tx, procedure.root_id, procedure.id, ground)


def reverse(tx: Transaction, procedure: SpecialProcedure, ground: Ground) -> None:
    """The time was excluded wrongly, or is to be: it counts as if it never had been."""
    procedure.reversed_at, procedure.ended_at = tx.now, procedure.ended_at or tx.now
    procedure.revision += 1
    clocks.reverse(tx, procedure.root_id, procedure.id, ground)
    if procedure.held_from is None:
        said = {"reason": ground.reason, "basis": ground.basis, "document": ground.document or procedure.document}
        evidence.record(tx, instance_rows.of(tx, procedure.root_id), REVERSED, **said)
    notices.act_reversed(tx, tx.session.get_one(Case, procedure.root_id), PROCEDURES[procedure.kind].name)


def standing(tx: Transaction, root_id: str) -> list[SpecialProcedure]:
    """Those of a case that nobody has reversed, over or not, served or not."""
    tx.flush()
    counted = SpecialProcedure.root_id == root_id, SpecialProcedure.reversed_at.is_(None)
    return list(tx.session.scalars(select(SpecialProcedure).where(*counted)))


def open_of(tx: Transaction, root_id: str, department: str) -> list[SpecialProcedure]:
    """The special procedures of a department in a case that have not ended, oldest first."""
    tx.flush()
    going_on = select(SpecialProcedure).where(
        SpecialProcedure.root_id == root_id,
        SpecialProcedure.department == department,
        SpecialProcedure.ended_at.is_(None),
    )
    return list(tx.session.scalars(going_on.order_by(SpecialProcedure.begun_at)))


def _take_effect(tx: Transaction, procedure: SpecialProcedure, served_at: datetime) -> None:
    """The slip is served: from then on the time does not count, up to the end where that has come already."""
    procedure.held_from = served_at
    procedure.revision += 1
    if procedure.reversed_at is not None or (procedure.ended_at or tx.now) < served_at:
        return
    clocks.exclude(tx, procedure)


def _served(tx: Transaction, event: SlipServed) -> None:
    tx.flush()
    told = select(SpecialProcedure).where(
        SpecialProcedure.root_id == event.root_id,
        SpecialProcedure.document == event.number,
        SpecialProcedure.held_from.is_(None),
    )
    for procedure in tx.session.scalars(told).all():
        _take_effect(tx, procedure, event.served_at)


def _step_began(tx: Transaction, event: ActivityStarted) -> None:
    """What art. 45 does not name is not counted only where the item gives a law for it; else time runs on."""
    case = tx.session.get(Case, event.root_id)
    if case is None:
        return
    said = StepValues(tx, event)
    kind = _kind(event, said)
    basis = items.document(tx, case.item_id).procedures.get(kind) or PROCEDURES[kind].basis
    if basis is None:
        return
    wanted = Wanted(
        department=_department(tx, event, said),
        kind=kind,
        basis=basis,
        expected_end_at=said.instant(Name.UNTIL),
        asked_by=said.variable(HANDLER) or tx.actor.login,
        visit_id=event.activity_instance_id,
        paper=said.text(Name.DOCUMENT),
    )
    begin(tx, case, wanted)


def _step_ended(tx: Transaction, event: ActivityEnded) -> None:
    tx.flush()
    visit = SpecialProcedure.visit_id == event.activity_instance_id
    for procedure in tx.session.scalars(select(SpecialProcedure).where(visit)).all():
        if procedure.ended_at is None:
            end(tx, procedure, Ground(ENDED))


def _department(tx: Transaction, event: ActivityStarted, said: StepValues) -> str:
    role = said.text(Name.DEPARTMENT) or said.variable(Name.DEPARTMENT)
    if role is None:
        raise ExpressionFailed(NO_DEPARTMENT, element_id=event.activity_id)
    return departments.codes_by_role(tx, event.region).get(role, role)


def _kind(event: ActivityStarted, said: StepValues) -> str:
    kind = said.text(Name.KIND) or ""
    if kind in PROCEDURES:
        return kind
    known = "、".join(PROCEDURES)
    raise ExpressionFailed(
        Sentence(
            f"“{kind}”不是特别程序的种类，可用：{known}。",
            f"“{kind}” is no kind of special procedure; there are: {', '.join(PROCEDURES)}.",
        ),
        element_id=event.activity_id,
    )
