"""Parts of a batch that meet each other, or somebody who ends or stops the batch, in the same moment."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from engine import batches, instances, jobs
from engine.errors import NotFound
from engine.ports import ENGINE, Ports
from engine.tables import Batch, InstanceState, Job, ProcessInstance
from engine.transaction import Database, Transaction
from tests.choreography import DONE, Act, command, race
from tests.diagrams import straight, user_task
from tests.scenario import Scenario
from tests.world import World


def end(tx: Transaction, instance_id: str, said: Mapping[str, Any]) -> None:
    """A part ends an instance."""
    instances.cancel(tx, instance_id, said["reason"])


@pytest.fixture
def ordered(database_url: str, ports: Ports, world: World) -> Iterator[Scenario]:
    """A batch that ends two instances."""
    lent = replace(ports, job_kinds={batches.PART: batches.carried_out_by({"end": end})})
    with closing(Database(database_url, lent)) as database:
        scenario = Scenario(database, world)
        scenario.deploy(straight(user_task("review")))
        both = [scenario.start().root_id for _ in range(2)]
        with database.begin(scenario.actor) as tx:
            batches.order(tx, "end", {"reason": "作废"}, both)
        yield scenario


def parts(ordered: Scenario) -> list[Act]:
    """The run of each part, claimed by two nodes."""

    def run(worker: str) -> Act:
        with ordered.database.begin(ENGINE) as tx:
            [lease] = jobs.claim(tx, worker, limit=1)
        return lambda: jobs.run(ordered.database, lease)

    return [run("one"), run("two")]


def batch(ordered: Scenario) -> Batch:
    with ordered.database.view(ENGINE) as tx:
        return tx.session.scalars(select(Batch)).one()


def states(ordered: Scenario) -> list[InstanceState]:
    with ordered.database.view(ENGINE) as tx:
        return list(tx.session.scalars(select(ProcessInstance.state).order_by(ProcessInstance.id)))


def left(ordered: Scenario) -> int:
    with ordered.database.view(ENGINE) as tx:
        return len(tx.session.scalars(select(Job.id)).all())


def by_person(ordered: Scenario, act: Callable[[Transaction, str], object]) -> Act:
    batch_id = batch(ordered).id
    return command(ordered.database, lambda tx: act(tx, batch_id))


def test_of_the_last_two_parts_on_two_nodes_the_later_one_ends_the_batch(ordered: Scenario) -> None:
    assert race(ordered.database, *parts(ordered)) == (DONE, DONE)

    assert states(ordered) == [InstanceState.CANCELLED] * 2
    assert batch(ordered).ended_at == ordered.world.now
    assert left(ordered) == 0


def test_a_part_in_hand_is_done_before_the_batch_is_ended(ordered: Scenario) -> None:
    first, second = parts(ordered)

    assert race(ordered.database, first, by_person(ordered, batches.end)) == (DONE, DONE)
    second()

    assert states(ordered) == [InstanceState.CANCELLED, InstanceState.ACTIVE]
    assert batch(ordered).ended_at is not None
    assert left(ordered) == 0


def test_a_part_that_comes_after_the_end_of_its_batch_does_nothing(ordered: Scenario) -> None:
    first, _ = parts(ordered)

    assert race(ordered.database, by_person(ordered, batches.end), first) == (DONE, DONE)

    assert states(ordered) == [InstanceState.ACTIVE] * 2


def test_a_batch_that_is_suspended_first_leaves_its_claimed_parts_undone(ordered: Scenario) -> None:
    first, second = parts(ordered)
    stop = by_person(ordered, lambda tx, batch_id: batches.turn(tx, batch_id, is_suspended=True))

    assert race(ordered.database, stop, first) == (DONE, DONE)
    second()

    assert states(ordered) == [InstanceState.ACTIVE] * 2
    assert left(ordered) == 2


def test_two_people_end_a_batch_once(ordered: Scenario) -> None:
    ends = [by_person(ordered, batches.end) for _ in range(2)]

    assert race(ordered.database, *ends) == (DONE, NotFound)
