"""A standstill that lasts longer than was foreseen: whoever asked for it is told, once."""

from sqlalchemy import select

from casework.clocks.standstills import OUTLASTED
from casework.notices import NoticeKind, department, person, tell
from casework.tables import Case, Clock, ClockPause
from engine.errors import Sentence
from engine.ports import ENGINE
from engine.tables import Job
from engine.transaction import Transaction

KIND = OUTLASTED


def run(tx: Transaction, job: Job) -> None:
    """The engine's port for the job: tells who asked, or the department where a diagram did; nobody when it is over."""
    case, pause = tx.session.get(Case, job.root_id), _lasting(tx, job)
    if case is None or pause is None or case.ended_at is not None:
        return
    asker = department(pause.department) if pause.department else None
    receiver = asker if pause.asked_by == ENGINE.login else person(pause.asked_by)
    if receiver is not None:
        tell(tx, receiver, NoticeKind.PAUSE_OUTLASTED, _words(case, pause), case=case)


def _lasting(tx: Transaction, job: Job) -> ClockPause | None:
    open_ones = (
        select(ClockPause)
        .join(Clock, Clock.id == ClockPause.clock_id)
        .where(
            Clock.root_id == job.root_id,
            ClockPause.occasion_id == job.payload["occasion"],
            ClockPause.ends_at.is_(None),
            ClockPause.reversed_at.is_(None),
        )
        .order_by(ClockPause.clock_id)
        .limit(1)
    )
    return tx.session.scalars(open_ones).first()


def _words(case: Case, pause: ClockPause) -> Sentence:
    what = Sentence("扣除时间", "exclusion") if pause.is_exclusion else Sentence("中止", "pause")
    return Sentence(
        f"办件 {case.number} 的{what.zh}已到预计结束时间而未结束。事由已消除的，请及时恢复计时。",
        f"The {what.en} of case {case.number} has come to its expected end and still lasts. If its cause is over, "
        "please resume the clock.",
    )
