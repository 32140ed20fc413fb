"""A transfer gives no time back: the receiving department's clock goes on where the other's stood."""

import pytest

from casework.tables import ClockKind
from engine import evidence, user_tasks
from engine.ports import ENGINE
from engine.tables import GROUP, USER, Party
from engine.transaction import Database
from tests.clocked import Office, at, joint_approval
from tests.diagrams import (
    Element,
    boundary,
    diagram,
    end,
    flows,
    parallel,
    properties,
    start,
    straight,
    timer,
    user_task,
)
from tests.world import World

SHARES = {"taxation": "5WD"}


@pytest.fixture
def office(database: Database, world: World) -> Office:
    world.now = at("2026-03-02 09:00")
    return Office(database, world)


def review(id: str = "review", department: str = "taxation", **meanings: str) -> Element:
    return user_task(id, properties(act="review", **meanings), candidateGroups=department)


def transfers(office: Office, to: str, activity: str = "review", kind: str = GROUP) -> None:
    with office.database.begin(office.actor) as tx:
        user_tasks.transfer(tx, office.task(activity), Party(kind, to), "归其管辖")


def shares(office: Office) -> dict[str, str]:
    return {name: state for name, state in office.states().items() if name.startswith("DEPARTMENT")}


def test_the_deadline_stays_and_the_former_department_is_answerable_for_what_it_used(
    office: Office, world: World
) -> None:
    office.deploy(straight(review()))
    office.submit(shares=SHARES)
    world.now = at("2026-03-04 17:00")

    transfers(office, "fire")

    assert shares(office) == {"DEPARTMENT:taxation": "STOPPED", "DEPARTMENT:fire": "RUNNING"}
    assert office.clock(ClockKind.DEPARTMENT, "fire").due_at == at("2026-03-10 00:00")
    assert office.clock(ClockKind.DEPARTMENT, "taxation").used == 2
    assert [(act.kind, act.subject, act.reason) for act in office.acts("clock.")[-2:]] == [
        ("clock.started", "department:fire", "task-transferred"),
        ("clock.stopped", "department:taxation", "task-transferred"),
    ]
    with office.database.view(ENGINE) as tx:
        assert evidence.verify(tx, office.root_id) is None

    office.answers("review", "agree")
    assert shares(office)["DEPARTMENT:fire"] == "STOPPED"


def test_time_that_stood_still_for_the_former_department_stands_still_for_the_latter(
    office: Office, world: World
) -> None:
    office.deploy(joint_approval())
    office.submit(shares=SHARES)
    office.answers("accept", "accept")
    world.now = at("2026-03-04 09:00")
    office.notice()

    transfers(office, "fire")

    assert shares(office) == {"DEPARTMENT:taxation": "STOPPED", "DEPARTMENT:fire": "PAUSED"}
    world.now = at("2026-03-13 09:00")
    office.message("case-supplemented")
    assert office.clock(ClockKind.DEPARTMENT, "fire").due_at == at("2026-03-19 00:00")


def test_a_department_with_another_share_open_keeps_its_clock(office: Office) -> None:
    office.deploy(
        diagram(
            start(),
            parallel("split"),
            review("books"),
            review("premises"),
            parallel("join"),
            end(),
            flows("start", "split", "books", "join", "end"),
            flows("split", "premises", "join"),
        )
    )
    office.submit(shares=SHARES)

    transfers(office, "fire", "books")

    assert shares(office) == {"DEPARTMENT:taxation": "RUNNING", "DEPARTMENT:fire": "RUNNING"}


def test_a_department_whose_clock_runs_already_gets_no_second_one(office: Office) -> None:
    office.deploy(
        diagram(
            start(),
            parallel("split"),
            review("books"),
            review("premises", "fire"),
            parallel("join"),
            end(),
            flows("start", "split", "books", "join", "end"),
            flows("split", "premises", "join"),
        )
    )
    office.submit(shares={"taxation": "5WD", "fire": "8WD"})

    transfers(office, "fire", "books")

    assert shares(office) == {"DEPARTMENT:taxation": "STOPPED", "DEPARTMENT:fire": "RUNNING"}
    assert office.clock(ClockKind.DEPARTMENT, "fire").due_at == at("2026-03-13 00:00")


def test_a_colleague_and_a_step_with_its_own_limit_change_no_clock(office: Office) -> None:
    office.deploy(straight(review(limit="quick")))
    office.submit(shares=SHARES, steps={"quick": "2WD"})
    before = office.states()

    transfers(office, "taxation-2", kind=USER)

    assert office.states() == before

    transfers(office, "fire")
    assert [state for name, state in office.states().items() if name.startswith("TASK")] == ["RUNNING"]


def test_a_timer_that_followed_the_former_department_follows_the_latter(office: Office, world: World) -> None:
    office.deploy(
        diagram(
            start(),
            review(),
            boundary("late", "review", timer(date="${due('taxation', 'promised')}"), interrupting=False),
            user_task("chase", candidateGroups="lead"),
            end("chased"),
            end(),
            flows("start", "review", "end"),
            flows("late", "chase", "chased"),
        )
    )
    office.submit(shares=SHARES)

    transfers(office, "fire")

    assert office.timers() == {"department:fire/promised": at("2026-03-10 00:00")}
    world.now = at("2026-03-10 00:00")
    office.due_work_runs()
    assert office.waits_at() == ["chase", "review"]
