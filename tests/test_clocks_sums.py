"""However a clock is paused and resumed, the time it stood still is added to its deadline, each hour of it once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework import clocks
from casework.clocks import Ground, Reach, Scope
from casework.tables import Clock, ClockKind, ClockState
from engine.transaction import Database, Transaction
from tests.clocked import Office, at, joint_approval
from tests.world import World

DEPARTMENT = "taxation"
BEGUN, LIMIT = at("2026-03-02 09:00"), timedelta(hours=900)

Act = Callable[[Transaction, str, Ground, Scope], list[Clock]]
Acts = list[tuple[str, int]]
"""For which reason the clock stands still, or no longer does, and how many minutes after the act before."""

acts = st.lists(
    st.tuples(st.sampled_from(("inspection", "expert-review", "hearing")), st.integers(0, 2400)), max_size=8
)
few = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def office(database: Database, world: World) -> Office:
    office = Office(database, world)
    office.deploy(joint_approval())
    return office


def does(office: Office, act: Act, reason: str) -> None:
    with office.locked() as tx:
        act(tx, office.root_id, Ground(reason), Scope(Reach.DEPARTMENT, DEPARTMENT))


@few
@given(acts)
def test_a_clock_ends_as_much_later_as_it_stood_still(office: Office, world: World, told: Acts) -> None:
    world.now = BEGUN
    office.submit(shares={DEPARTMENT: "900H"})
    office.answers("accept", "accept")

    held, stood_still = set[str](), timedelta()
    for reason, minutes in told:
        later = timedelta(minutes=minutes)
        stood_still += later if held else timedelta()
        world.now += later
        does(office, clocks.resume if reason in held else clocks.pause, reason)
        held ^= {reason}
    for reason in sorted(held):
        does(office, clocks.resume, reason)

    share = office.clock(ClockKind.DEPARTMENT, DEPARTMENT)
    assert (share.state, share.due_at) == (ClockState.RUNNING, BEGUN + LIMIT + stood_still)
