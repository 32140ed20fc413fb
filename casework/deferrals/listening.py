"""What happens in a case, as its deferral hears it: the promise is signed, kept, missed, or no longer needed."""

from casework import clocks, items, meaning, notices, slips
from casework.clocks import Ground, NewClock
from casework.deferrals import promises
from casework.meaning import Does
from casework.slips import SlipKind
from casework.tables import Case, ClockKind, Deferral, DeferralState
from casework.workdays import Limit
from engine.events import ActivityEnded, ActivityStarted, Event, ProcessInstanceEnded
from engine.transaction import Transaction

PROMISED, KEPT, MISSED, NOT_NEEDED = "promised", "handed-in", "missed", "not-needed"


def listen(tx: Transaction, event: Event) -> None:
    """The applicant's clock runs while the diagram waits for the papers; the notice says what, how and by when."""
    match event:
        case ActivityStarted() if meaning.of(event.properties).act == Does.DEFER:
            _promised(tx, event)
        case ActivityEnded() if meaning.of(event.properties).act == Does.DEFER:
            _over(tx, event)
        case ProcessInstanceEnded(parent_id=None):
            _case_ended(tx, event)


def _promised(tx: Transaction, event: ActivityStarted) -> None:
    case, deferral = tx.session.get(Case, event.root_id), promises.latest(tx, event.root_id)
    if case is None or deferral is None or deferral.state != DeferralState.OFFERED:
        return
    deferral.state, deferral.promised_at = DeferralState.PROMISED, tx.now
    deferral.revision += 1
    running = NewClock(ClockKind.DEFERRAL, Limit.parse(deferral.within), Ground(PROMISED))
    [clock] = clocks.start(tx, clocks.read(tx, case.root_id), [running])
    names = [said["name"] for said in promises.listed(items.document(tx, case.item_id), deferral)]
    until = {"until": clocks.shown(clock.due_at), "is_provisional": clock.is_provisional}
    facts = {"listed": names, "how": deferral.how, **until}
    slips.issue(tx, case, SlipKind.DEFERRAL, facts)
    notices.material_deferred(tx, case, names)


def _over(tx: Transaction, event: ActivityEnded) -> None:
    deferral = promises.latest(tx, event.root_id)
    if deferral is None or deferral.state != DeferralState.PROMISED:
        return
    of_promise = clocks.read(tx, event.root_id).only(ClockKind.DEFERRAL)
    if not event.cancelled:
        _end(tx, deferral, DeferralState.MET)
        clocks.stop(tx, of_promise, Ground(KEPT))
    elif all(one.clock.due_at is not None and one.clock.due_at <= tx.now for one in of_promise.measured):
        _end(tx, deferral, DeferralState.MISSED)
        clocks.stop(tx, of_promise, Ground(MISSED))
    else:
        _end(tx, deferral, DeferralState.VOID)
        clocks.void(tx, of_promise, Ground(NOT_NEEDED))


def _end(tx: Transaction, deferral: Deferral, state: DeferralState) -> None:
    deferral.state, deferral.ended_at = state, tx.now
    deferral.revision += 1


def _case_ended(tx: Transaction, event: ProcessInstanceEnded) -> None:
    """An offer that nobody signed is over with the case."""
    case = tx.session.get(Case, event.root_id)
    if case is None or not items.document(tx, case.item_id).has_deferrable_materials:
        return
    deferral = promises.latest(tx, event.root_id)
    if deferral is not None and deferral.state == DeferralState.OFFERED:
        _end(tx, deferral, DeferralState.VOID)
