"""What a person does to one clock of a case directly (时限操作): pause, resume, exclude, extend, reverse a wrong act.

Each is one command under the case's lock. Whose decision it is says casework.clock_authority; supervision does none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from casework import cases, clock_authority, clocks, extensions, notices, special_procedures
from casework.clock_reasons import NOT_COUNTED, OF_ACT, PAUSES, Act
from casework.clocks import WHOLE_CASE, Ground, Measured, Reach, Scope
from casework.clocks.reading import OPEN
from casework.extensions import Grant
from casework.reasons import is_said
from casework.slips import Service
from casework.special_procedures import Wanted
from casework.tables import Case, Clock, ClockExtension, ClockKind, ClockPause, SpecialProcedure
from casework.workdays import LONGEST_PAUSE
from engine.errors import Conflict, Fault, Invalid, NotFound, Sentence, Stale
from engine.transaction import Transaction

BY_PERSONS = frozenset({ClockKind.PROMISED, ClockKind.STATUTORY, ClockKind.DEPARTMENT, ClockKind.TASK})
"""The clocks that persons act on; receipt, corrections and delivery run as the law has them."""

NEEDS_BASIS = frozenset({Act.PAUSE, Act.EXCLUDE, Act.EXTEND, Act.REVERSE})
NEEDS_END = frozenset({Act.PAUSE, Act.EXCLUDE})
REASON, BASIS, END, SERVICE = "reason_code", "legal_basis", "expected_end", "service"

NO_BASIS: Mapping[Act, Sentence] = {
    Act.EXCLUDE: Sentence(
        f"扣除时间须写明特别程序的种类和法律依据（{NOT_COUNTED}）。",
        f"Time is excluded only for a named procedure with its legal basis ({NOT_COUNTED}).",
    ),
}
SAY_BASIS = Sentence("请写明依据。", "Name the legal basis.")
NO_END: Mapping[Act, Sentence] = {
    Act.PAUSE: Sentence("中止须写明预计结束时间。", "A pause needs an expected end."),
    Act.EXCLUDE: Sentence(
        f"特别程序所需时间须书面告知申请人（{NOT_COUNTED}），请写明预计结束时间。",
        f"The applicant has to be told how long it takes ({NOT_COUNTED}): name the expected end.",
    ),
}
IN_PAST = Sentence("预计结束时间须晚于现在。", "The expected end has to lie in the future.")
TOO_FAR = Sentence("预计结束时间不得超过三年。", "The expected end may lie three years ahead at most.")
NOT_SERVED = Sentence(
    "告知书送达后方可生效：请写明送达方式和签收人。",
    "It takes effect once its notice is served: say by which means it was served, and who received it.",
)
OVER = Sentence("时限已停止计算，不能再操作。", "The clock has ended; nothing more can be done to it.")
BY_LAW = Sentence(
    "受理、补正、送达等期限依法计算，不能由人员中止、扣除或延长。",
    "The limits for acceptance, corrections and delivery run by law; nobody pauses, excludes or extends them.",
)
NOT_A_TERM = Sentence(
    "只有办理期限（全案和部门）可以延长（行政许可法第四十二条），环节时限不延长；需要延期的，请延长全案或部门的时限。",
    "Only the term of the case and the shares of departments are extended (行政许可法第四十二条), not "
    "the limit of a step: extend the clock of the case or of the department.",
)
PAUSED_ALREADY = Sentence("时限已因该事由停止计算。", "The clock stands still for this reason already.")
NOT_PAUSED = Sentence("时限没有中止，无须恢复。", "The clock is not paused, so there is nothing to resume.")
HELD = Sentence(
    "时限因补正或流程中的特别程序停止计算，待该环节结束后自动恢复。",
    "The clock stands still for a correction or a special procedure of the diagram; it runs on when that step is over.",
)
NOTHING_TO_REVERSE = Sentence("没有可撤销的时限操作。", "There is no act on this clock to reverse.")


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says of an act: a code of the closed list, the law, the paper, the end foreseen, words of their
    own, how the notice was served where it does not go out electronically, and how many units an extension is for."""

    reason_code: str
    legal_basis: str | None = None
    document_number: str | None = None
    expected_end: datetime | None = None
    words: str | None = None
    service: Service | None = None
    amount: int | None = None

    @property
    def ground(self) -> Ground:
        """As the clocks take it."""
        return Ground(self.reason_code, self.legal_basis, self.document_number, self.expected_end)


@dataclass(frozen=True, slots=True)
class Held:
    """A clock of a locked case that somebody acts on."""

    case: Case
    measured: Measured

    @property
    def clock(self) -> Clock:
        return self.measured.clock


def do(
    tx: Transaction,
    act: Act,
    number: str,
    clock_id: str,
    said: Said,
    *,
    revision: int | None = None,
) -> Clock:
    """Does an act to a clock. Raises NotFound, Forbidden naming who may, Stale, Invalid with every fault of what is
    said, Conflict when the clock's state or the law does not allow it."""
    case = cases.locked(tx, number, f"clocks.{act}")
    held = Held(case, _clock(tx, case, clock_id))
    tx.ports.may(tx, f"clocks.{act}", held.clock)
    if revision not in (None, held.clock.revision):
        raise Stale
    if held.clock.state not in OPEN:
        raise Conflict(OVER)
    if held.clock.kind not in BY_PERSONS:
        raise Conflict(BY_LAW)
    if act == Act.EXTEND and held.clock.kind not in clocks.EXTENDABLE:
        raise Conflict(NOT_A_TERM)
    if faults := _faults(tx, act, held, said):
        raise Invalid(faults=faults)
    DOING[act](tx, held, said)
    tx.flush()
    return held.clock


def _clock(tx: Transaction, case: Case, clock_id: str) -> Measured:
    found = next((one for one in clocks.all_of(tx, case.root_id) if one.clock.id == clock_id), None)
    if found is None:
        raise NotFound
    return found


def _faults(tx: Transaction, act: Act, held: Held, said: Said) -> list[Fault]:
    faults = []
    if said.reason_code not in OF_ACT[act]:
        faults.append(Fault(_unknown(act), REASON))
    if act in NEEDS_BASIS and not is_said(said.legal_basis):
        faults.append(Fault(NO_BASIS.get(act, SAY_BASIS), BASIS))
    if act in NEEDS_END and said.expected_end is None:
        faults.append(Fault(NO_END[act], END))
    if said.expected_end is not None and said.expected_end <= tx.now:
        faults.append(Fault(IN_PAST, END))
    if said.expected_end is not None and said.expected_end > tx.now + LONGEST_PAUSE:
        faults.append(Fault(TOO_FAR, END))
    if act in (Act.EXCLUDE, Act.EXTEND) and said.service is None and not held.case.is_online:
        faults.append(Fault(NOT_SERVED, SERVICE))
    return faults


def _unknown(act: Act) -> Sentence:
    known = OF_ACT[act]
    zh = "、".join(f"{code}（{reason.name.zh}）" for code, reason in known.items())
    en = ", ".join(f"{code} ({reason.name.en})" for code, reason in known.items())
    return Sentence(f"请选择事由：{zh}。", f"Choose a reason: {en}.")


def _scope(clock: Clock) -> Scope:
    if clock.kind == ClockKind.DEPARTMENT:
        return Scope(Reach.DEPARTMENT, clock.subject)
    return Scope(Reach.STEP, clock.subject) if clock.kind == ClockKind.TASK else WHOLE_CASE


def _pause(tx: Transaction, held: Held, said: Said) -> None:
    """中止: a step's clock alone, a department's share with its steps, or all of the case but the applicant's own."""
    if any(pause.reason == said.reason_code for pause in held.measured.open_pauses):
        raise Conflict(PAUSED_ALREADY)
    scope = _scope(held.clock)
    clocks.pause(tx, held.case.root_id, said.ground, scope)
    if scope == WHOLE_CASE and said.expected_end is not None:
        notices.case_paused(tx, held.case, PAUSES[said.reason_code].name, said.expected_end)


def _resume(tx: Transaction, held: Held, said: Said) -> None:
    """恢复: what persons paused or excluded goes on; what a step of the diagram holds ends with the step."""
    open_ = held.measured.open_pauses
    if not open_:
        raise Conflict(NOT_PAUSED)
    by_persons = [pause for pause in open_ if _is_by_person(tx, pause)]
    if not by_persons:
        raise Conflict(HELD)
    for pause in by_persons:
        if pause.is_exclusion:
            special_procedures.end(tx, tx.session.get_one(SpecialProcedure, pause.occasion_id), said.ground)
        else:
            tx.ports.may(tx, "clocks.resume", _widest(tx, held, pause))
            clocks.release(tx, held.case.root_id, pause.occasion_id, said.ground)


def _widest(tx: Transaction, held: Held, pause: ClockPause) -> Clock:
    """The clock by which it is told whose decision a pause was: one of the whole case, if it reached so far."""
    reached = clocks.of_occasion(tx, held.case.root_id, pause.occasion_id)
    return next((clock for clock in reached if _scope(clock) == WHOLE_CASE), held.clock)


def _is_by_person(tx: Transaction, pause: ClockPause) -> bool:
    if pause.is_exclusion:
        return tx.session.get_one(SpecialProcedure, pause.occasion_id).visit_id is None
    return pause.reason in PAUSES


def _exclude(tx: Transaction, held: Held, said: Said) -> None:
    """扣除: the time of a special procedure, of the department's share, its steps and the whole case."""
    department = clock_authority.department_of(tx, held.case, held.clock)
    going_on = special_procedures.open_of(tx, held.case.root_id, department)
    if any(one.kind == said.reason_code for one in going_on):
        raise Conflict(PAUSED_ALREADY)
    wanted = Wanted(
        department=department,
        kind=said.reason_code,
        basis=said.legal_basis or "",
        expected_end_at=said.expected_end or tx.now,
        asked_by=tx.actor.login,
        paper=said.document_number,
    )
    special_procedures.begin(tx, held.case, wanted, service=said.service)


def _extend(tx: Transaction, held: Held, said: Said) -> None:
    """延期: of the case's term; of a department's share with it, when it is the share's clock."""
    department = held.clock.subject if held.clock.kind == ClockKind.DEPARTMENT else None
    words = extensions.told(said.reason_code, said.words)
    grant = Grant(
        said.reason_code, words, tx.actor.login, department, said.legal_basis, said.document_number, said.amount
    )
    extensions.grant(tx, held.case, grant, service=said.service)


def _reverse(tx: Transaction, held: Held, said: Said) -> None:
    """撤销: the newest act on the clock that still counts, by whoever may do that act."""
    match _newest(tx, held):
        case ClockExtension() as granted:
            tx.ports.may(tx, clock_authority.EXTEND, held.clock)
            extensions.reverse(tx, held.case, granted.document, said.ground)
        case SpecialProcedure() as procedure:
            tx.ports.may(tx, "clocks.exclude", held.clock)
            special_procedures.reverse(tx, procedure, said.ground)
        case ClockPause() as pause:
            tx.ports.may(tx, "clocks.pause", _widest(tx, held, pause))
            clocks.reverse(tx, held.case.root_id, pause.occasion_id, said.ground)
            if _scope(held.clock) == WHOLE_CASE:
                notices.act_reversed(tx, held.case, PAUSES[pause.reason].name)


def _newest(tx: Transaction, held: Held) -> ClockPause | ClockExtension | SpecialProcedure:
    """What a person did last to the clock; what still waits for the service of its notice, too."""
    standing = [pause for pause in held.measured.pauses if pause.reversed_at is None]
    excluded = {pause.occasion_id for pause in standing if pause.is_exclusion}
    department = clock_authority.department_of(tx, held.case, held.clock)
    acts: list[tuple[datetime, ClockPause | ClockExtension | SpecialProcedure]] = [
        *((pause.begins_at, pause) for pause in standing if not pause.is_exclusion and pause.reason in PAUSES),
        *(
            (one.begun_at, one)
            for one in special_procedures.standing(tx, held.case.root_id)
            if one.id in excluded or (one.held_from is None and one.department == department)
        ),
        *(
            (row.granted_at, row)
            for row in extensions.of_case(tx, held.case.root_id)
            if row.clock_id == held.clock.id and row.reversed_at is None
        ),
    ]
    if not acts:
        raise Conflict(NOTHING_TO_REVERSE)
    return max(acts, key=lambda act: act[0])[1]


DOING: Mapping[Act, Callable[[Transaction, Held, Said], None]] = {
    Act.PAUSE: _pause,
    Act.RESUME: _resume,
    Act.EXCLUDE: _exclude,
    Act.EXTEND: _extend,
    Act.REVERSE: _reverse,
}
