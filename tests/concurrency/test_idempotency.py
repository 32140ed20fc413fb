"""One request sent twice under one key in the same moment: carried out once, answered alike."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from flask import Flask, Response

from api import idempotency
from api.idempotency import Keyed
from engine import user_tasks
from engine.errors import Conflict
from engine.ports import Submission
from engine.transaction import Database, Transaction
from tests.choreography import DONE, Act, race, until_waiting
from tests.diagrams import straight, user_task
from tests.scenario import Scenario
from tests.world import OFFICER

KEYED = Keyed("k-1", "POST", "/api/inbox/1/complete", b"0" * 32)


def once(database: Database, answers: list[str], carry_out: Callable[[Transaction], Response]) -> Act:
    def act() -> None:
        with Flask(__name__).app_context(), database.begin(OFFICER) as tx:
            answers.append(idempotency.once(tx, KEYED, lambda: carry_out(tx)).get_data(as_text=True))

    return act


def signature(task_id: str, said: str) -> Callable[[Transaction], Response]:
    def sign(tx: Transaction) -> Response:
        user_tasks.complete(tx, task_id, Submission({"said": said}))
        return Response(said)

    return sign


def test_a_twin_waits_for_the_first_and_hears_its_answer(scenario: Scenario) -> None:
    scenario.deploy(straight(user_task("review"), user_task("after")))
    task_id = scenario.start().task("review")
    answers: list[str] = []

    first = once(scenario.database, answers, signature(task_id, "first"))
    twin = once(scenario.database, answers, signature(task_id, "twin"))

    assert race(scenario.database, first, twin) == (DONE, DONE)
    assert answers == ["first", "first"]
    assert scenario.variables() == {"said": "first"}


def test_a_twin_of_a_request_that_is_refused_is_carried_out(scenario: Scenario) -> None:
    scenario.deploy(straight(user_task("review"), user_task("after")))
    answers: list[str] = []
    twin = once(scenario.database, answers, signature(scenario.start().task("review"), "twin"))
    sent: list[Future[object]] = []

    def refuse(tx: Transaction) -> Response:
        sent.append(thread.submit(twin))
        until_waiting(scenario.database)
        raise Conflict

    with ThreadPoolExecutor(1) as thread, pytest.raises(Conflict):
        once(scenario.database, answers, refuse)()

    sent[0].result()
    assert answers == ["twin"]
