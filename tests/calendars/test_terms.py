"""Terms of a diagram's own, `${workingDays(3)}`: no clock of the case moves them, the calendar does."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from casework import recomputing
from casework.workdays import DayRule
from engine.errors import ExpressionFailed
from engine.tables import UserTask
from engine.transaction import Database
from tests.calendars.test_recomputing import closed, figures, ruled, run_out
from tests.clocked import Office, at, joint_approval
from tests.diagrams import (
    Element,
    boundary,
    diagram,
    end,
    flows,
    properties,
    script_task,
    start,
    straight,
    timer,
    user_task,
)
from tests.world import World

TERMS = {
    "workingDays(3)": ("2026-03-06 00:00", "2026-03-07 00:00"),
    "workingHours(24)": ("2026-03-05 12:00", "2026-03-06 12:00"),
    "limit('publicity')": ("2026-03-06 00:00", "2026-03-07 00:00"),
}


@pytest.fixture
def office(database: Database, world: World) -> Office:
    world.now = at("2026-03-02 09:00")
    office = Office(database, world)
    database.ports = replace(database.ports, job_kinds={recomputing.KIND: recomputing.run})
    return office


def chased(expression: str) -> list[object]:
    """A timer on the review that waits for a term, and what it leads to."""
    late = boundary("late", "review", timer(date=f"${{{expression}}}"), interrupting=False)
    return [late, user_task("chase", candidateGroups="lead"), end("chased"), flows("late", "chase", "chased")]


def reviewed(office: Office, expression: str) -> Office:
    """A case under review, with a timer that waits for a term."""
    review: Element = user_task("review", candidateGroups="taxation")
    office.deploy(diagram(start(), review, end(), flows("start", "review", "end"), *chased(expression)))
    return office.submit(steps={"publicity": "3WD"})


@pytest.mark.parametrize("expression", TERMS)
def test_a_term_moves_with_the_calendar(office: Office, world: World, expression: str) -> None:
    before, after = TERMS[expression]
    reviewed(office, expression)
    assert list(office.timers().values()) == [at(before)]

    counting = closed(office)
    run_out(office)

    assert list(office.timers().values()) == [at(after)]
    assert figures(office, counting).ended_at is not None
    world.now = at(before)
    office.due_work_runs()
    assert office.waits_at() == ["review"]
    world.now = at(after)
    office.due_work_runs()
    assert office.waits_at() == ["chase", "review"]


def test_a_term_that_ends_before_the_change_stays(office: Office) -> None:
    before = reviewed(office, "workingDays(2)").timers()

    ruled(office, {date(2026, 3, 6): DayRule(False, "暴雪停工")})
    run_out(office)

    assert office.timers() == before


def test_a_term_runs_on_while_the_case_stands_still(office: Office, world: World) -> None:
    """It may be the term of what the case waits for: held with the case it would never end."""
    office.deploy(joint_approval(*chased("workingDays(5)")))
    office.submit(shares={"taxation": "5WD"})
    office.answers("accept", "accept")
    office.notice()

    world.now = at("2026-03-10 00:00")
    office.due_work_runs()

    assert "chase" in office.waits_at()


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("due('case')", "2026-03-31"),
        ("workingDays(3)", "2026-03-06"),
        ("dateTime().plusDays(3).withTimeAtStartOfDay().toDate()", "2026-03-05"),
    ],
)
def test_what_is_no_timer_sees_the_instant_as_it_stands(office: Office, asked: str, due: str) -> None:
    accept = user_task("accept", properties(act="accept"), candidateGroups="window")
    review = user_task("review", candidateGroups="taxation")
    office.deploy(straight(accept, review, user_task("dated", candidateGroups="lead", dueDate=f"${{{asked}}}")))
    office.submit()

    office.answers("accept", "accept")
    office.answers("review", "pass")

    with office.database.view(office.actor) as tx:
        of_task = select(UserTask.due_at).where(UserTask.root_id == office.root_id, UserTask.activity_id == "dated")
        assert tx.session.scalar(of_task) == at(f"{due} 00:00")


def test_a_timer_waits_for_an_instant_counted_from_the_present(office: Office, world: World) -> None:
    reviewed(office, "dateTime().plusDays(3).toDate()")

    world.now = at("2026-03-05 08:59")
    office.due_work_runs()
    assert office.waits_at() == ["review"]
    world.now = at("2026-03-05 09:00")
    office.due_work_runs()
    assert office.waits_at() == ["chase", "review"]


def test_an_instant_is_kept_in_a_variable_and_compared(office: Office) -> None:
    kept = script_task("kept", "last = ${dateTime().plusDays(3).toDate()}\nis_open = ${now() < last}")
    asked = user_task("asked", candidateGroups="lead", dueDate="${is_open ? last : null}")
    office.deploy(straight(kept, asked))
    office.submit()

    with office.database.view(office.actor) as tx:
        of_task = select(UserTask.due_at).where(UserTask.root_id == office.root_id)
        assert tx.session.scalar(of_task) == at("2026-03-05 09:00")


def test_an_instant_that_no_calendar_has_refuses_the_command(office: Office) -> None:
    with pytest.raises(ExpressionFailed, match="a date that there is not"):
        reviewed(office, "dateTime().plusYears(9999)")
