"""Timers of a diagram that follow a clock: whatever moves the clock moves them, in the same transaction."""

from datetime import timedelta

import pytest

from casework import clocks
from casework.clocks import Ground
from casework.tables import ClockKind
from engine.errors import EngineError, ExpressionFailed
from engine.tables import ProcessInstance
from engine.transaction import Database
from tests.clocked import Office, at, corrections, joint_approval
from tests.diagrams import (
    boundary,
    catch,
    diagram,
    end,
    flows,
    multi_instance,
    properties,
    start,
    straight,
    timer,
    user_task,
)
from tests.statements import statements
from tests.world import World


def reminded(whose: str = "taxation", which: str = "promised") -> list[object]:
    """A timer on the review that follows a clock, and what it leads to."""
    return [
        boundary("late", "review", timer(date=f"${{due('{whose}', '{which}')}}"), interrupting=False),
        user_task("chase", candidateGroups="lead"),
        end("chased"),
        flows("late", "chase", "chased"),
    ]


@pytest.fixture
def office(database: Database, world: World) -> Office:
    world.now = at("2026-03-02 09:00")
    return Office(database, world)


def reviewing(office: Office, whose: str = "taxation", which: str = "promised") -> Office:
    """A case under review by taxation, with a timer on the review."""
    office.deploy(joint_approval(*reminded(whose, which)))
    office.submit(shares={"taxation": "5WD"})
    office.answers("accept", "accept")
    return office


@pytest.mark.parametrize(
    ("whose", "which", "binding", "due"),
    [
        ("taxation", "promised", "department:taxation/promised", "2026-03-10 00:00"),
        ("case", "promised", "case/promised", "2026-03-31 00:00"),
        ("case", "statutory", "case/statutory", "2026-05-09 00:00"),
    ],
)
def test_a_timer_armed_with_the_step_falls_due_when_its_clock_does(
    office: Office, whose: str, which: str, binding: str, due: str
) -> None:
    reviewing(office, whose, which)

    assert office.timers() == {binding: at(due)}


def test_a_bound_timer_fires_when_the_clock_runs_out_and_not_before(office: Office, world: World) -> None:
    reviewing(office)
    world.now = at("2026-03-09 23:59:59")
    office.due_work_runs()
    assert office.waits_at() == ["review"]

    world.now = at("2026-03-10 00:00")
    office.due_work_runs()
    assert office.waits_at() == ["chase", "review"]


def test_while_the_clock_stands_still_its_timer_waits_and_then_moves_with_it(office: Office, world: World) -> None:
    reviewing(office)
    world.now = at("2026-03-04 09:00")
    office.notice()
    assert office.timers() == {"department:taxation/promised": None}

    world.now = at("2026-03-13 09:00")
    office.due_work_runs()
    assert office.waits_at() == ["review"]
    office.message("case-supplemented")
    assert office.timers() == {"department:taxation/promised": at("2026-03-19 00:00")}


def pre_checking(office: Office) -> Office:
    """Departments check papers at once, each by the limit `pre_check`; a timer ends what is still open then."""
    office.deploy(
        diagram(
            start(),
            user_task(
                "pre-check",
                properties(limit="pre_check"),
                multi_instance(collection="${departments}", elementVariable="department"),
                candidateGroups="${department}",
            ),
            boundary("over", "pre-check", timer(date="${due('step:pre_check')}")),
            user_task("accept", properties(act="accept"), candidateGroups="window"),
            end(),
            flows("start", "pre-check", "accept", "end"),
            flows("over", "accept"),
            corrections(),
        )
    )
    return office.submit(shares=dict.fromkeys(("taxation", "bank"), "5WD"), steps={"pre_check": "4WD"})


def test_a_timer_bound_to_a_steps_limit_follows_the_clocks_of_its_open_tasks(office: Office, world: World) -> None:
    pre_checking(office)
    assert office.timers() == {"step:pre_check/promised": at("2026-03-07 00:00")}
    office.answers("pre-check", "pass", department="bank")
    assert office.timers() == {"step:pre_check/promised": at("2026-03-07 00:00")}

    world.now = at("2026-03-04 09:00")
    office.notice()
    assert office.timers() == {"step:pre_check/promised": None}
    world.now = at("2026-03-13 09:00")
    office.message("case-supplemented")
    assert office.timers() == {"step:pre_check/promised": at("2026-03-18 00:00")}

    world.now = at("2026-03-18 00:00")
    office.due_work_runs()
    assert office.waits_at() == ["accept"]


def test_what_a_failed_command_would_have_moved_stays_where_it_was(office: Office) -> None:
    reviewing(office)
    with pytest.raises(ZeroDivisionError):
        pause_and_fail(office)

    assert office.timers() == {"department:taxation/promised": at("2026-03-10 00:00")}
    assert "PAUSED" not in office.states().values()


def pause_and_fail(office: Office) -> None:
    with office.locked() as tx:
        clocks.pause(tx, office.root_id, Ground("inspection"))
        raise ZeroDivisionError


def waits_for(office: Office, whose: str, which: str = "promised") -> Office:
    """A case beside whose review a branch waits for a clock."""
    office.deploy(
        diagram(
            start(),
            user_task("review", properties(act="review"), candidateGroups="taxation"),
            catch("wait", timer(date=f"${{due('{whose}', '{which}')}}")),
            user_task("chase", candidateGroups="lead"),
            end(),
            flows("start", "review", "end"),
            flows("start", "wait", "chase", "end"),
        )
    )
    return office.submit(shares={"taxation": "5WD"})


def test_a_clock_stopped_in_time_leaves_its_timer_waiting(office: Office, world: World) -> None:
    waits_for(office, "taxation")
    assert office.timers() == {"department:taxation/promised": at("2026-03-10 00:00")}
    office.answers("review", "agree")

    assert office.timers() == {"department:taxation/promised": None}


def test_a_clock_that_ran_out_still_reaches_its_timer_when_the_step_is_done_before_the_job_ran(
    office: Office, world: World
) -> None:
    waits_for(office, "taxation")
    world.now = at("2026-03-10 09:00")
    office.answers("review", "agree")
    office.due_work_runs()

    assert office.waits_at() == ["chase"]


def test_a_timer_may_wait_for_a_clock_that_starts_later(office: Office, world: World) -> None:
    waits_for(office, "delivery")
    assert office.timers() == {"delivery/promised": None}


@pytest.mark.parametrize(
    ("whose", "which"),
    [
        ("fire", "promised"),
        ("taxation", "statutory"),
        ("correction", "statutory"),
        ("case", "ideal"),
        ("", "promised"),
        ("department:", "promised"),
        ("step:pre_check", "promised"),
        ("step:", "promised"),
    ],
)
def test_a_timer_bound_to_a_clock_the_case_can_never_have_refuses_the_command(
    office: Office, whose: str, which: str
) -> None:
    with pytest.raises(ExpressionFailed, match="has no clock"):
        waits_for(office, whose, which)


def test_a_process_that_is_no_case_has_no_clocks(office: Office) -> None:
    office.deploy(straight(catch("wait", timer(date="${due('case')}"))))

    with pytest.raises(ExpressionFailed, match="has no clock"):
        office.start()


def test_the_promise_is_meant_unless_said_otherwise(office: Office) -> None:
    office.deploy(
        diagram(
            start(),
            user_task("review", properties(act="review"), candidateGroups="taxation"),
            catch("wait", timer(date="${due('case')}")),
            end(),
            flows("start", "review", "end"),
            flows("start", "wait", "end"),
        )
    )
    office.submit()

    assert list(office.timers()) == ["case/promised"]


@pytest.mark.parametrize(
    ("expression", "due"),
    [
        ("workingDays(3)", "2026-03-06 00:00"),
        ("workingHours(10)", "2026-03-03 12:00"),
        ("workingDays(0)", "2026-03-03"),
    ],
)
def test_a_timer_may_count_working_time_of_its_own(office: Office, world: World, expression: str, due: str) -> None:
    office.deploy(straight(catch("wait", timer(date=f"${{{expression}}}")), user_task("next")))
    office.start()
    world.now = at(due) - timedelta(seconds=1)
    office.due_work_runs()
    assert office.waits_at() == []

    world.now = at(due)
    office.due_work_runs()
    assert office.waits_at() == ["next"]


def test_a_timer_may_wait_for_a_limit_of_the_item(office: Office, world: World) -> None:
    office.deploy(straight(catch("wait", timer(date="${limit('publicity')}")), user_task("next")))
    office.submit(steps={"publicity": "7WD"})
    world.now = at("2026-03-12 00:00") - timedelta(seconds=1)
    office.due_work_runs()
    assert office.waits_at() == []

    world.now = at("2026-03-12 00:00")
    office.due_work_runs()
    assert office.waits_at() == ["next"]


def test_a_limit_that_the_item_does_not_name_refuses_the_command(office: Office) -> None:
    office.deploy(straight(catch("wait", timer(date="${limit('publicity')}"))))

    with pytest.raises(ExpressionFailed, match="There is no “publicity”") as refused:
        office.submit()
    assert refused.value.element_id == "wait"


@pytest.mark.parametrize("amount", ["-1", "100000", "'soon'", "null"])
def test_working_days_of_no_sensible_amount_refuse_the_command(office: Office, amount: str) -> None:
    office.deploy(straight(catch("wait", timer(date=f"${{workingDays({amount})}}"))))

    with pytest.raises(EngineError) as refused:
        office.start()
    assert refused.value.element_id == "wait"


def test_the_functions_read_nothing_until_an_expression_asks(office: Office) -> None:
    reviewing(office)
    with office.database.view(office.actor) as tx:
        instance = tx.session.get_one(ProcessInstance, office.root_id)
        with statements(office.database.engine) as sent:
            lent = clocks.functions(tx, instance)

    assert sent == []
    assert set(lent) == clocks.FUNCTION_NAMES


def test_the_timers_of_many_clocks_are_moved_by_one_query(office: Office, world: World) -> None:
    departments = [f"department-{number}" for number in range(20)]
    office.deploy(joint_approval(*reminded("case")))
    office.submit(shares=dict.fromkeys(departments, "5WD"))
    office.answers("accept", "accept")
    assert office.timers() == {"case/promised": at("2026-03-31 00:00")}

    with statements(office.database.engine) as sent, office.locked() as tx:
        clocks.pause(tx, office.root_id, Ground("inspection"))

    assert sum("FROM job" in statement for statement in sent if "clock" not in statement) == 1
    assert office.clock(ClockKind.DEPARTMENT, "department-19").due_at is None
