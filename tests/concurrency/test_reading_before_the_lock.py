"""A command may look before it waits for its case; it acts on what it finds once it holds the lock.

PostgreSQL only: on SQLite a command waits for its turn before it can look at anything.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from engine import external_tasks, user_tasks
from engine.errors import Conflict
from engine.external_tasks import Topic
from engine.ports import Submission
from engine.tables import ProcessInstance, TaskState, UserTask
from engine.transaction import Transaction
from tests.choreography import DONE, command, race
from tests.diagrams import external_task, straight, user_task
from tests.scenario import Scenario
from tests.world import OFFICER

LOCK = timedelta(minutes=5)


def test_a_task_seen_open_before_the_lock_and_closed_under_it_is_closed(postgresql: Scenario) -> None:
    postgresql.deploy(straight(user_task("review"), user_task("after")))
    task_id = postgresql.start().task("review")

    def complete(tx: Transaction) -> None:
        user_tasks.complete(tx, task_id, Submission({}))

    def look_and_claim(tx: Transaction) -> None:
        seen = tx.session.get_one(UserTask, task_id)
        assert seen.state == TaskState.CREATED
        user_tasks.claim(tx, seen.id)

    database = postgresql.database
    assert race(database, command(database, complete), command(database, look_and_claim)) == (DONE, Conflict)


def test_a_worker_who_completes_in_time_keeps_the_task_although_its_lock_ends_meanwhile(postgresql: Scenario) -> None:
    postgresql.deploy(straight(external_task("stamp", "seals"), user_task("after")))
    postgresql.start()
    found: list[list[str]] = []

    def fetch(worker: str) -> None:
        with postgresql.database.begin(OFFICER) as tx:
            found.append([task.id for task in external_tasks.fetch_and_lock(tx, worker, [Topic("seals", LOCK)])])

    def another_fetches_now(tx: Transaction, instance: ProcessInstance) -> Mapping[str, Callable[..., object]]:
        postgresql.world.now += LOCK + timedelta(milliseconds=1)
        with ThreadPoolExecutor(1) as thread:
            thread.submit(fetch, "two").result()
        return {}

    fetch("one")
    [[task_id]] = found
    postgresql.database.ports = replace(postgresql.database.ports, functions=another_fetches_now)
    with postgresql.database.begin(OFFICER) as tx:
        external_tasks.complete(tx, task_id, "one", {})

    assert found[1:]
    assert not any(found[1:])
