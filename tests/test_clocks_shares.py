"""A department's share and a step of its own limit: which tasks start, share and end a clock, and what that costs."""

import pytest

from casework.tables import ClockKind, ClockState
from engine.errors import ExpressionFailed
from engine.ports import Submission
from engine.tables import UserTask
from engine.transaction import Database
from engine.user_tasks import complete
from tests.clocked import Office, at, corrections, joint_approval
from tests.diagrams import (
    Element,
    boundary,
    call,
    diagram,
    end,
    exclusive,
    flow,
    flows,
    message,
    parallel,
    properties,
    start,
    straight,
    user_task,
)
from tests.statements import statements
from tests.world import World

TAXATION = (ClockKind.DEPARTMENT, "taxation")


@pytest.fixture
def office(database: Database, world: World) -> Office:
    world.now = at("2026-03-02 09:00")
    return Office(database, world)


def review(id: str, *inside: object, department: str = "taxation", **meanings: str) -> Element:
    return user_task(id, properties(act="review", **meanings), *inside, candidateGroups=department)


def received(office: Office, *nodes: Element, steps: dict[str, str] | None = None) -> Office:
    """A case that is accepted on submission and goes through these steps one after another."""
    office.deploy(straight(*nodes))
    return office.submit(shares={"taxation": "5WD"}, steps=steps)


def test_a_case_accepted_on_submission_has_its_clocks_at_once(office: Office) -> None:
    received(office, review("check"))

    assert office.states() == {
        **{"RECEIPT": "STOPPED", "PROMISED": "RUNNING", "STATUTORY": "RUNNING"},
        "DEPARTMENT:taxation": "RUNNING",
    }
    assert office.clock(ClockKind.RECEIPT).used == 0


def test_a_step_that_is_no_examination_is_no_share(office: Office) -> None:
    received(office, user_task("archive", candidateGroups="taxation"))

    assert "DEPARTMENT:taxation" not in office.states()


def side_by_side(*tasks: str) -> bytes:
    return diagram(
        start(),
        parallel("split"),
        [review(name) for name in tasks],
        parallel("join"),
        end(),
        flow("start", "split"),
        [[flow("split", name), flow(name, "join")] for name in tasks],
        flow("join", "end"),
    )


def test_two_steps_of_a_department_are_one_share_that_ends_with_the_last(office: Office) -> None:
    office.deploy(side_by_side("books", "premises"))
    office.submit(shares={"taxation": "5WD"})
    assert [act.subject for act in office.acts("clock.started")].count("department:taxation") == 1

    office.answers("books", "agree")
    assert office.clock(*TAXATION).state == ClockState.RUNNING
    office.answers("premises", "agree")
    assert office.clock(*TAXATION).state == ClockState.STOPPED


def test_the_share_goes_on_when_the_departments_next_step_opens_at_once(office: Office, world: World) -> None:
    received(office, review("prepare"), review("sign"))
    first = office.clock(*TAXATION)
    world.now = at("2026-03-03 09:00")
    office.answers("prepare", "agree")

    assert office.clock(*TAXATION).id == first.id
    assert office.clock(*TAXATION).state == ClockState.RUNNING


def test_a_department_asked_again_later_gets_a_new_share(office: Office, world: World) -> None:
    received(office, review("check"), review("elsewhere", department="bank"), review("again"))
    first = office.clock(*TAXATION)
    office.answers("check", "agree")
    world.now = at("2026-03-05 09:00")
    office.answers("elsewhere", "agree")

    again = office.clock(*TAXATION)
    assert again.id != first.id
    assert (again.state, again.started_at) == (ClockState.RUNNING, world.now)


def test_a_step_may_have_a_limit_of_its_own_that_the_item_names(office: Office, world: World) -> None:
    received(office, review("check", limit="visit"), steps={"visit": "3WD"})

    step = office.clock(ClockKind.TASK, office.task("check"))
    assert (step.limit, step.due_at) == ("3WD", at("2026-03-06 00:00"))

    world.now = at("2026-03-04 17:00")
    office.answers("check", "agree")
    assert office.clock(ClockKind.TASK, step.subject).used == 2.0


def test_a_limit_the_item_does_not_name_refuses_the_step(office: Office) -> None:
    with pytest.raises(ExpressionFailed, match="names no limit “visit”") as refused:
        received(office, review("check", limit="visit"))

    assert refused.value.element_id == "check"


def test_the_limit_of_a_step_before_acceptance_is_not_started_twice(office: Office) -> None:
    accept = user_task("accept", properties(act="accept"), candidateGroups="window")
    visit = user_task("visit", properties(limit="visit"), candidateGroups="window")
    office.deploy(
        diagram(start(), accept, visit, end(), flows("start", "accept", "end"), flows("start", "visit", "end"))
    )
    office.submit(steps={"visit": "3WD"})
    office.answers("accept", "accept")

    assert [act.subject.split(":")[0] for act in office.acts("clock.started") if act.subject].count("task") == 1


def interrupted_review() -> bytes:
    return diagram(
        start(),
        parallel("split"),
        review("check", limit="visit"),
        review("other", department="bank"),
        boundary("moot", "check", message("moot")),
        end(),
        end("no-longer-needed"),
        flows("start", "split", "check", "end"),
        flows("split", "other", "end"),
        flows("moot", "no-longer-needed"),
    )


def test_what_the_diagram_interrupts_counts_for_nothing(office: Office) -> None:
    office.deploy(interrupted_review())
    office.submit(shares={"taxation": "5WD", "bank": "5WD"}, steps={"visit": "3WD"})
    step = office.task("check")
    office.message("moot")

    states = office.states()
    assert (states["DEPARTMENT:taxation"], states[f"TASK:{step}"]) == ("VOID", "VOID")
    assert states["DEPARTMENT:bank"] == "RUNNING"


def test_a_share_that_begins_while_the_case_stands_still_stands_still_too(office: Office, world: World) -> None:
    office.deploy(
        diagram(
            start(),
            user_task("sort", candidateGroups="lead"),
            review("check"),
            end(),
            flows("start", "sort", "check", "end"),
            corrections(),
        )
    )
    office.submit(shares={"taxation": "5WD"})
    office.notice()
    world.now = at("2026-03-03 09:00")
    office.complete("sort")

    begun = office.clock(*TAXATION)
    assert (begun.state, begun.due_at, begun.started_at) == (ClockState.PAUSED, None, world.now)

    world.now = at("2026-03-05 09:00")
    office.message("case-supplemented")
    assert office.clock(*TAXATION).due_at == at("2026-03-13 00:00")


def test_the_share_of_a_called_process_belongs_to_the_case(office: Office) -> None:
    office.deploy(straight(review("check"), key="examination"), straight(call("examine", "examination")))
    with_clock = office.submit(shares={"taxation": "5WD"})
    assert with_clock.clock(*TAXATION).state == ClockState.RUNNING

    office.answers("check", "agree")
    assert office.clock(*TAXATION).state == ClockState.STOPPED


def test_a_process_that_is_no_case_runs_without_clocks(office: Office) -> None:
    office.deploy(straight(review("check", limit="visit"), user_task("hand-over", properties(act="deliver"))))
    office.start()
    office.complete("check")
    office.complete("hand-over")

    assert office.has_ended()
    assert office.states() == {}


def loop_back() -> bytes:
    return diagram(
        start(),
        exclusive("again"),
        review("check"),
        exclusive("enough", default="enough-end"),
        end(),
        flows("start", "again", "check", "enough", "end"),
        flow("enough", "again", when="${more}"),
    )


def test_a_loop_over_one_department_keeps_its_share(office: Office) -> None:
    office.deploy(loop_back())
    office.submit(shares={"taxation": "5WD"}, more=True)
    first = office.clock(*TAXATION)
    office.complete("check", more=True)
    assert (office.clock(*TAXATION).id, office.clock(*TAXATION).state) == (first.id, ClockState.RUNNING)

    office.complete("check", more=False)
    assert office.clock(*TAXATION).state == ClockState.STOPPED


def completion(office: Office, departments: int) -> list[str]:
    """What completing one department's task of many asks of the database."""
    names = [f"department-{number}" for number in range(departments)]
    office.deploy(joint_approval())
    office.submit(shares=dict.fromkeys(names, "5WD"))
    office.answers("accept", "accept")
    office.answers("review", "agree", department=names[1])
    with statements(office.database.engine) as sent, office.database.begin(office.actor) as tx:
        task = tx.session.query(UserTask).filter_by(root_id=office.root_id, department=names[2]).one()
        complete(tx, task.id, Submission({}, "agree"))
    return sent


def test_completing_one_of_five_reads_its_clock_once_and_writes_it_once(office: Office) -> None:
    sent = completion(office, 5)

    assert [one.split()[0] for one in sent if "clock" in one] == ["SELECT", "UPDATE"]
    assert [one.split()[0] for one in sent if " act " in one] == ["INSERT"]
    assert not [one for one in sent if "FROM calendar_day" in one or ("FROM job" in one and "clock" not in one)]


def test_the_hundredth_department_costs_no_statement_more_than_the_fifth(database: Database, world: World) -> None:
    few, many = (completion(Office(database, world), departments) for departments in (5, 100))

    assert len(many) == len(few)


def test_opening_a_hundred_shares_costs_no_statement_more_than_opening_five(database: Database, world: World) -> None:
    def opening(departments: int) -> list[str]:
        office = Office(database, world)
        office.deploy(joint_approval())
        office.submit(shares={f"department-{number}": "5WD" for number in range(departments)})
        with statements(database.engine) as sent:
            office.answers("accept", "accept")
        return [one for one in sent if "clock" in one]

    assert len(opening(100)) == len(opening(5))
