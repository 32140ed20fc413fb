"""A task is handed on and completed in the same moment: whoever comes first counts, the other hears why not."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select

from casework import assignments, consultations, logins, parties, transfers
from engine import evidence, user_tasks
from engine.errors import Conflict, NotFound
from engine.ports import ENGINE, Submission
from engine.tables import DelegationState, Party, TaskState, UserTask
from engine.transaction import Transaction
from tests.choreography import DONE, Act, Outcome, race
from tests.served import Served, serving
from tests.world import World

HOLDER, HEAD, COLLEAGUE = "taxation", "taxation-head", "taxation-2"
WHY = "归其管辖"
SIGNED = Submission({"finding": "符合"}, "agree")

Command = Callable[[Transaction], object]


@pytest.fixture
def served(postgresql_url: str, world: World) -> Iterator[Served]:
    with serving(postgresql_url, world) as served:
        served.opens().accepted()
        yield served


@pytest.fixture
def task(served: Served) -> str:
    """A task that its holder has claimed."""
    holder = served.person(HOLDER)
    task = holder.task()
    holder.post(f"/inbox/{task}/claim")
    return task


def by(served: Served, login: str, run: Command) -> Act:
    with served.database.view(ENGINE) as tx:
        known = logins.by_login(tx, login)
    assert known is not None
    actor = known.actor

    def act() -> object:
        with served.database.begin(actor) as tx:
            return run(tx)

    return act


def completes(task: str) -> Command:
    return lambda tx: user_tasks.complete(tx, task, SIGNED)


def hands_to(task: str, to: Party) -> Command:
    return lambda tx: transfers.transfer(tx, task, to, WHY)


def delegates(task: str) -> Command:
    return lambda tx: assignments.delegate(tx, task, COLLEAGUE, WHY)


def at_once(served: Served, first: tuple[str, Command], second: tuple[str, Command]) -> tuple[Outcome, Outcome]:
    """The first is held before its commit while the second runs into it; the evidence holds whatever became of them."""
    ended = race(served.database, by(served, *first), by(served, *second))
    with served.database.view(ENGINE) as tx:
        root_id = tx.session.scalars(select(UserTask.root_id).distinct()).one()
        assert evidence.verify(tx, root_id) is None
    return ended


def row(served: Served, task: str) -> UserTask:
    with served.database.view(ENGINE) as tx:
        return tx.session.get_one(UserTask, task)


def test_what_was_just_transferred_to_a_colleague_is_no_longer_the_holders(served: Served, task: str) -> None:
    to = parties.person(COLLEAGUE)

    assert at_once(served, (HEAD, hands_to(task, to)), (HOLDER, completes(task))) == (DONE, Conflict)

    assert (row(served, task).state, row(served, task).assignee) == (TaskState.CREATED, COLLEAGUE)


def test_what_was_just_transferred_elsewhere_is_no_longer_known(served: Served, task: str) -> None:
    to = parties.department("public-security")

    assert at_once(served, (HOLDER, hands_to(task, to)), (HOLDER, completes(task))) == (DONE, NotFound)

    assert (row(served, task).state, row(served, task).department) == (TaskState.CREATED, "public-security")


@pytest.mark.parametrize("department", [None, "public-security"])
def test_what_was_just_completed_is_not_transferred(served: Served, task: str, department: str | None) -> None:
    to = parties.department(department) if department else parties.person(COLLEAGUE)

    assert at_once(served, (HOLDER, completes(task)), (HEAD, hands_to(task, to))) == (DONE, Conflict)

    assert (row(served, task).ended_by, row(served, task).department) == (HOLDER, "taxation")


def test_what_was_just_delegated_is_not_completed_by_its_owner(served: Served, task: str) -> None:
    assert at_once(served, (HEAD, delegates(task)), (HOLDER, completes(task))) == (DONE, Conflict)

    assert (row(served, task).owner, row(served, task).delegation_state) == (HOLDER, DelegationState.PENDING)


def test_what_was_just_completed_is_not_delegated(served: Served, task: str) -> None:
    assert at_once(served, (HOLDER, completes(task)), (HEAD, delegates(task))) == (DONE, Conflict)

    assert (row(served, task).state, row(served, task).owner) == (TaskState.COMPLETED, None)


def test_two_heads_hand_it_on_and_the_second_finds_it_gone(served: Served, task: str) -> None:
    first, second = (parties.department(code) for code in ("public-security", "human-resources"))

    ended = at_once(served, (HEAD, hands_to(task, first)), (HEAD, hands_to(task, second)))

    assert ended == (DONE, NotFound)
    assert row(served, task).department == "public-security"


def test_an_owner_takes_back_what_is_just_being_given_back(served: Served, task: str) -> None:
    by(served, HOLDER, delegates(task))()

    ended = at_once(
        served,
        (COLLEAGUE, lambda tx: assignments.resolve(tx, task, "账目相符")),
        (HOLDER, lambda tx: user_tasks.claim(tx, task)),
    )

    assert ended == (DONE, DONE)
    assert (row(served, task).assignee, row(served, task).delegation_state) == (HOLDER, DelegationState.RESOLVED)


def test_an_answer_to_a_task_that_is_just_being_completed_comes_too_late(served: Served, task: str) -> None:
    to = parties.department("public-security")
    asked: list[str] = []
    by(served, HOLDER, lambda tx: asked.append(consultations.ask(tx, task, to, "是否重点区域？").id))()

    ended = at_once(
        served,
        (HOLDER, completes(task)),
        ("public-security", lambda tx: consultations.answer(tx, asked[0], "不是")),
    )

    assert ended == (DONE, Conflict)
