"""The handful of verbs in which a test tells what happens to a process instance."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from casework.ladders import Light
from casework.tables import Card
from engine import deployments, external_tasks, instances, jobs, messages, user_tasks
from engine.deployments import Published
from engine.external_tasks import Topic
from engine.ports import Actor, Submission
from engine.store.values import value_of
from engine.tables import (
    ActivityInstance,
    ExternalTask,
    Incident,
    InstanceState,
    Job,
    ProcessDefinition,
    ProcessInstance,
    Subscription,
    TaskState,
    UserTask,
    Variable,
)
from engine.transaction import Database
from tests.world import OFFICER, World

REGION = "000000"
WORKER = "test"


class Scenario:
    """One case tree on one database; each verb is a command of its own in a transaction of its own."""

    def __init__(self, database: Database, world: World, actor: Actor = OFFICER) -> None:
        self.database, self.world, self.actor = database, world, actor
        self.root_id = ""

    def deploy(self, *diagrams: bytes) -> Published:
        """Files are named by their place."""
        files = {f"{place}.bpmn": diagram for place, diagram in enumerate(diagrams)}
        with self.database.begin(self.actor) as tx:
            return deployments.deploy(tx, files, region=REGION)

    def start(self, key: str = "approval", business_key: str | None = None, **variables: object) -> "Scenario":
        with self.database.begin(self.actor) as tx:
            newest = tx.session.scalars(
                select(ProcessDefinition.id)
                .where(ProcessDefinition.key == key)
                .order_by(ProcessDefinition.version.desc())
            ).first()
            assert newest is not None
            self.root_id = instances.start(tx, newest, region=REGION, business_key=business_key, variables=variables).id
        return self

    def waits_at(self) -> list[str]:
        """The activities where people's work waits, each as often as it does."""
        with self.database.view(self.actor) as tx:
            return sorted(
                tx.session.scalars(
                    select(UserTask.activity_id).where(
                        UserTask.root_id == self.root_id, UserTask.state == TaskState.CREATED
                    )
                )
            )

    def shows_card(self, signal: str) -> list[tuple[str, str]]:
        """On whom a card of this signal was issued: department, and who held the task, empty for nobody."""
        with self.database.view(self.actor) as tx:
            found = select(Card).where(Card.root_id == self.root_id, Card.signal == Light(signal))
            rows = tx.session.scalars(found.order_by(Card.at, Card.department, Card.holder)).all()
        return [(card.department, card.holder) for card in rows]

    def task(self, activity: str, number: int = 0) -> str:
        """The id of an open task, the oldest first."""
        with self.database.view(self.actor) as tx:
            open_ones = tx.session.scalars(
                select(UserTask.id)
                .where(
                    UserTask.root_id == self.root_id,
                    UserTask.activity_id == activity,
                    UserTask.state == TaskState.CREATED,
                )
                .order_by(UserTask.id)
            ).all()
        return open_ones[number]

    def complete(self, activity: str, number: int = 0, **variables: object) -> None:
        with self.database.begin(self.actor) as tx:
            user_tasks.complete(tx, self.task(activity, number), Submission(variables))

    def message(self, name: str, **variables: object) -> None:
        with self.database.begin(self.actor) as tx:
            messages.correlate(tx, name, variables, root_id=self.root_id)

    def signal(self, name: str, **variables: object) -> None:
        with self.database.begin(self.actor) as tx:
            messages.signal(tx, name, variables)
        self.due_work_runs()

    def set_variables(self, **variables: object) -> None:
        with self.database.begin(self.actor) as tx:
            instances.set_variables(tx, self.root_id, variables)

    def time_passes(self, **duration: float) -> None:
        """Sets the present and runs what is due, until nothing is."""
        self.world.now += timedelta(**duration)
        self.due_work_runs()

    def due_work_runs(self) -> None:
        for _ in range(100):
            if jobs.run_due(self.database, WORKER) == 0:
                return
        raise AssertionError("due work without end")

    def worker_fetches(self, topic: str) -> list[str]:
        with self.database.begin(self.actor) as tx:
            return [task.id for task in external_tasks.fetch_and_lock(tx, WORKER, [Topic(topic, timedelta(minutes=5))])]

    def worker_completes(self, task_id: str, **variables: object) -> None:
        with self.database.begin(self.actor) as tx:
            external_tasks.complete(tx, task_id, WORKER, variables)

    def cancel(self) -> None:
        with self.database.begin(self.actor) as tx:
            instances.cancel(tx, self.root_id, "作废")

    def has_ended(self) -> bool:
        return self.state() == InstanceState.COMPLETED

    def state(self) -> InstanceState:
        with self.database.view(self.actor) as tx:
            return tx.session.get_one(ProcessInstance, self.root_id).state

    def variables(self) -> dict[str, object]:
        """The present variables of the root's own scope."""
        with self.database.view(self.actor) as tx:
            rows = tx.session.scalars(select(Variable).where(Variable.scope_id == self.root_id)).all()
            return {row.name: value_of(row) for row in rows}

    def passed(self) -> Counter[str]:
        """How often each activity of the tree was visited and not interrupted."""
        with self.database.view(self.actor) as tx:
            visits = select(ActivityInstance.activity_id).where(
                ActivityInstance.root_id == self.root_id,
                ActivityInstance.ended_at.is_not(None),
                ActivityInstance.cancelled.is_(False),
            )
            return Counter(tx.session.scalars(visits))

    def incidents(self) -> Sequence[str]:
        with self.database.view(self.actor) as tx:
            return tx.session.scalars(select(Incident.message).where(Incident.closed_at.is_(None))).all()

    def open_work(self) -> Counter[str]:
        """Every row that still waits for something, of the whole database."""
        with self.database.view(self.actor) as tx:
            found = {
                "job": tx.session.scalars(select(Job.id)).all(),
                "subscription": tx.session.scalars(select(Subscription.id)).all(),
                "external task": tx.session.scalars(select(ExternalTask.id)).all(),
                "user task": tx.session.scalars(select(UserTask.id).where(UserTask.state == TaskState.CREATED)).all(),
                "activity": tx.session.scalars(
                    select(ActivityInstance.id).where(ActivityInstance.ended_at.is_(None))
                ).all(),
                "instance": tx.session.scalars(
                    select(ProcessInstance.id).where(ProcessInstance.state == InstanceState.ACTIVE)
                ).all(),
            }
        return Counter({kind: len(rows) for kind, rows in found.items() if rows})
