"""Two people at one task, or at two tasks of one case, in the same moment: one act counts, the other hears why not."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from engine import instances, user_tasks
from engine.errors import Conflict
from engine.ports import Actor, Submission
from engine.tables import InstanceState, TaskState, UserTask
from engine.transaction import Transaction
from tests.choreography import DONE, PATIENCE, Act, Outcome, race
from tests.diagrams import diagram, end, flows, multi_instance, parallel, start, straight, user_task
from tests.scenario import Scenario
from tests.world import OFFICER

COLLEAGUE = replace(OFFICER, login="taxation-2", name="税务第二经办人")

Command = Callable[[Transaction], object]


@pytest.fixture
def review(scenario: Scenario) -> str:
    """The open task of a case with one review."""
    scenario.deploy(straight(user_task("review"), user_task("after")))
    return scenario.start().task("review")


def by(scenario: Scenario, actor: Actor, run: Command) -> Act:
    def act() -> object:
        with scenario.database.begin(actor) as tx:
            return run(tx)

    return act


def completes(task_id: str, **values: object) -> Command:
    return lambda tx: user_tasks.complete(tx, task_id, Submission(values))


def claims(task_id: str) -> Command:
    return lambda tx: user_tasks.claim(tx, task_id)


def assigns(task_id: str, login: str) -> Command:
    return lambda tx: user_tasks.assign(tx, task_id, login)


def cancels(root_id: str) -> Command:
    return lambda tx: instances.cancel(tx, root_id, "作废")


def at_once(scenario: Scenario, first: Command, second: Command) -> tuple[Outcome, Outcome]:
    """The officer's command is held before its commit while a colleague's runs into it."""
    return race(scenario.database, by(scenario, OFFICER, first), by(scenario, COLLEAGUE, second))


def task_row(scenario: Scenario, task_id: str) -> UserTask:
    with scenario.database.view(OFFICER) as tx:
        return tx.session.get_one(UserTask, task_id)


def test_two_officers_complete_one_task_and_the_second_is_refused(scenario: Scenario, review: str) -> None:
    assert at_once(scenario, completes(review, by="one"), completes(review, by="two")) == (DONE, Conflict)

    assert task_row(scenario, review).ended_by == OFFICER.login
    assert scenario.variables()["by"] == "one"
    assert scenario.waits_at() == ["after"]


def test_two_officers_claim_one_task_and_the_second_is_refused(scenario: Scenario, review: str) -> None:
    assert at_once(scenario, claims(review), claims(review)) == (DONE, Conflict)

    assert task_row(scenario, review).assignee == OFFICER.login


def test_a_claim_before_a_completion_by_another_holds_the_task(scenario: Scenario, review: str) -> None:
    assert at_once(scenario, claims(review), completes(review)) == (DONE, Conflict)

    assert task_row(scenario, review).state == TaskState.CREATED


def test_a_head_who_assigns_what_is_being_claimed_has_the_last_word(scenario: Scenario, review: str) -> None:
    assert at_once(scenario, claims(review), assigns(review, "taxation-3")) == (DONE, DONE)

    assert task_row(scenario, review).assignee == "taxation-3"


def test_what_is_being_assigned_to_another_cannot_be_claimed(scenario: Scenario, review: str) -> None:
    assert at_once(scenario, assigns(review, "taxation-3"), claims(review)) == (DONE, Conflict)

    assert task_row(scenario, review).assignee == "taxation-3"


def test_a_completion_before_a_cancellation_counts_and_then_the_case_is_cancelled(
    scenario: Scenario, review: str
) -> None:
    assert at_once(scenario, completes(review), cancels(scenario.root_id)) == (DONE, DONE)

    assert task_row(scenario, review).state == TaskState.COMPLETED
    assert scenario.state() == InstanceState.CANCELLED
    assert not scenario.open_work()


def test_a_cancellation_before_a_completion_leaves_nothing_to_complete(scenario: Scenario, review: str) -> None:
    assert at_once(scenario, cancels(scenario.root_id), completes(review)) == (DONE, Conflict)

    assert task_row(scenario, review).state == TaskState.CANCELLED
    assert scenario.passed()["review"] == 0
    assert not scenario.open_work()


def test_the_last_completion_and_a_cancellation_cannot_both_end_the_case(scenario: Scenario) -> None:
    scenario.deploy(straight(user_task("review")))
    last = scenario.start().task("review")

    assert at_once(scenario, completes(last), cancels(scenario.root_id)) == (DONE, Conflict)

    assert scenario.state() == InstanceState.COMPLETED


JOIN = diagram(
    start(),
    parallel("split"),
    user_task("fire"),
    user_task("tax"),
    parallel("join"),
    user_task("deliver"),
    end(),
    flows("start", "split", "fire", "join", "deliver", "end"),
    flows("split", "tax", "join"),
)


@pytest.mark.parametrize("order", [("fire", "tax"), ("tax", "fire")])
def test_two_branches_arrive_at_a_join_which_fires_once(scenario: Scenario, order: tuple[str, str]) -> None:
    scenario.deploy(JOIN)
    scenario.start()
    first, second = (scenario.task(activity) for activity in order)

    assert at_once(scenario, completes(first, one=1), completes(second, two=2)) == (DONE, DONE)

    assert scenario.waits_at() == ["deliver"]
    assert scenario.variables() == {"one": 1, "two": 2}


def test_the_last_two_signatures_of_a_joint_review_complete_it_once(scenario: Scenario) -> None:
    each = multi_instance(collection="${departments}", elementVariable="department")
    scenario.deploy(straight(user_task("sign", each), user_task("deliver")))
    scenario.start(departments=["fire", "tax"])

    assert at_once(scenario, completes(scenario.task("sign")), completes(scenario.task("sign", 1))) == (DONE, DONE)

    assert scenario.waits_at() == ["deliver"]


PLACES = range(20)


def test_twenty_departments_sign_one_case_in_the_same_moment_and_the_join_fires_once(scenario: Scenario) -> None:
    branches = [(user_task(f"review_{place}"), flows("split", f"review_{place}", "join")) for place in PLACES]
    scenario.deploy(
        diagram(
            start(),
            parallel("split"),
            *branches,
            parallel("join"),
            user_task("deliver"),
            end(),
            flows("start", "split"),
            flows("join", "deliver", "end"),
        )
    )
    scenario.start()
    tasks = [scenario.task(f"review_{place}") for place in PLACES]
    together = Barrier(len(PLACES))

    def sign(place: int) -> None:
        together.wait(PATIENCE)
        by(scenario, OFFICER, completes(tasks[place], **{f"from_{place}": place}))()

    with ThreadPoolExecutor(len(PLACES)) as threads:
        list(threads.map(sign, PLACES))

    assert scenario.waits_at() == ["deliver"]
    assert scenario.passed()["join"] == 1
    assert scenario.variables() == {f"from_{place}": place for place in PLACES}
