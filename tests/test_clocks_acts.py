"""Acts that move a clock move the timers bound to it, in the same transaction: exclude, extend, restart, reverse."""

from collections.abc import Callable, Mapping
from datetime import datetime

import pytest

from casework import clocks
from casework.clocks import Ground
from casework.clocks.grounds import Standstill
from casework.tables import ClockKind
from casework.workdays import Limit
from engine.transaction import Database, Transaction
from tests.clocked import Office, at, joint_approval
from tests.diagrams import boundary, end, flows, timer, user_task
from tests.world import World

WHY = Ground("testing", "行政许可法第四十五条", "000000TC20260302000001")
OCCASION = "0195f000-0000-7000-8000-000000000001"
PROMISED, STATUTORY, SHARE = "case/promised", "case/statutory", "department:taxation/promised"
AS_ACCEPTED: Mapping[str, datetime] = {
    PROMISED: at("2026-03-31 00:00"),
    STATUTORY: at("2026-05-09 00:00"),
    SHARE: at("2026-03-10 00:00"),
}
TIMERS = {"promise": "case', 'promised", "law": "case', 'statutory", "share": "taxation', 'promised"}


def reminded() -> list[object]:
    """Timers on the review that follow the promise, the law's limit and the department's share."""
    return [
        part
        for name, follows in TIMERS.items()
        for part in (
            boundary(name, "review", timer(date=f"${{due('{follows}')}}"), interrupting=False),
            user_task(f"chase-{name}", candidateGroups="lead"),
            end(f"chased-{name}"),
            flows(name, f"chase-{name}", f"chased-{name}"),
        )
    ]


@pytest.fixture
def office(database: Database, world: World) -> Office:
    world.now = at("2026-03-02 09:00")
    office = Office(database, world)
    office.deploy(joint_approval(*reminded()))
    office.submit(shares={"taxation": "5WD"})
    office.answers("accept", "accept")
    return office


def does(office: Office, act: Callable[[Transaction], object]) -> None:
    with office.locked() as tx:
        act(tx)


def excluded(tx: Transaction, office: Office, *, is_by_law: bool = True) -> None:
    standstill = Standstill(
        ground=WHY,
        occasion_id=OCCASION,
        begins_at=tx.now,
        asked_by="taxation",
        department="taxation",
        is_exclusion=True,
        is_by_law=is_by_law,
    )
    clocks.hold(tx, clocks.share_and_case(tx, office.root_id, "taxation"), standstill)


def test_timers_as_accepted(office: Office) -> None:
    assert office.timers() == AS_ACCEPTED


def test_excluding_parks_them_and_going_on_moves_them(office: Office, world: World) -> None:
    does(office, lambda tx: excluded(tx, office))
    assert office.timers() == dict.fromkeys(AS_ACCEPTED)

    world.now = at("2026-03-04 09:00")
    does(office, lambda tx: clocks.release(tx, office.root_id, OCCASION, Ground("procedure-ended")))

    moved = {PROMISED: at("2026-04-02 00:00"), STATUTORY: at("2026-05-12 00:00"), SHARE: at("2026-03-12 00:00")}
    assert office.timers() == moved


def test_what_the_law_does_not_exclude_leaves_the_laws_timer(office: Office) -> None:
    does(office, lambda tx: excluded(tx, office, is_by_law=False))

    assert office.timers() == {PROMISED: None, SHARE: None, STATUTORY: AS_ACCEPTED[STATUTORY]}


def test_reversing_an_exclusion_puts_them_back(office: Office, world: World) -> None:
    does(office, lambda tx: excluded(tx, office))
    world.now = at("2026-03-04 09:00")

    does(office, lambda tx: clocks.reverse(tx, office.root_id, OCCASION, Ground("by-mistake")))

    assert office.timers() == AS_ACCEPTED


def test_extending_moves_them_and_taking_the_extension_back_puts_them_back(office: Office) -> None:
    amount = Limit.parse("10WD")

    def extend(tx: Transaction) -> None:
        clocks.extend(tx, clocks.share_and_case(tx, office.root_id, ""), amount, tx.now, WHY)

    does(office, extend)
    longer = {PROMISED: at("2026-04-15 00:00"), STATUTORY: at("2026-05-22 00:00"), SHARE: AS_ACCEPTED[SHARE]}
    assert office.timers() == longer

    def shorten(tx: Transaction) -> None:
        clocks.shorten(tx, clocks.share_and_case(tx, office.root_id, ""), Ground("by-mistake"))

    does(office, shorten)
    assert office.timers() == AS_ACCEPTED


def test_restarting_counts_from_now(office: Office, world: World) -> None:
    world.now = at("2026-03-04 09:00")

    does(office, lambda tx: clocks.restart(tx, clocks.read(tx, office.root_id), Ground("supplemented")))

    assert office.timers()[SHARE] == at("2026-03-12 00:00")
    assert office.clock(ClockKind.PROMISED).started_at == world.now


def test_what_a_failed_command_would_have_moved_stays(office: Office) -> None:
    def fail(tx: Transaction) -> None:
        excluded(tx, office)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        does(office, fail)
    assert office.timers() == AS_ACCEPTED


def test_every_act_is_evidence_with_ground_and_both_deadlines(office: Office, world: World) -> None:
    does(office, lambda tx: excluded(tx, office))
    world.now = at("2026-03-04 09:00")
    does(
        office, lambda tx: clocks.reverse(tx, office.root_id, OCCASION, Ground("by-mistake", document="更〔2026〕1号"))
    )

    of_share = [act for act in office.acts() if act.subject == "department:taxation" and act.kind != "clock.started"]
    assert [(act.kind, act.old, act.new, act.basis, act.document) for act in of_share] == [
        ("clock.excluded", "2026-03-09T16:00:00Z", None, WHY.basis, WHY.document),
        ("clock.reversed", None, "2026-03-09T16:00:00Z", None, "更〔2026〕1号"),
    ]
