"""Where a scenario happens: a database with the demonstration's office, one case, and a present that only it moves."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from casework import calendars, demo_people, departments, item_versions, logins, people, regions
from casework.departments import DEFAULT_REGION
from casework.scenarios.mismatch import Mismatch, listed, plain
from casework.scenarios.package import Package
from casework.supervision import watch
from casework.tables import Case, Clock
from engine import deployments, instances, jobs
from engine.errors import Sentence
from engine.ports import ENGINE, Actor
from engine.tables import InstanceState, Job, ProcessInstance, TaskState, UserTask
from engine.transaction import Database, Transaction

WORKER = "scenario"
NO_PASSWORD = "!"  # noqa: S105 - nobody logs in here
MOST_ROUNDS = 10_000
BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Present:
    """The present instant of a scenario; the database's `now`."""

    now: datetime = BEFORE_ALL

    def __call__(self) -> datetime:
        return self.now


@dataclass(slots=True)
class Stage:
    """One scenario on its way. `folder` is where its file lies; it is about the case submitted last."""

    database: Database
    present: Present
    item: str
    folder: Path
    submitted: list[Case] = field(default_factory=list)

    @contextmanager
    def acting(self, login: str) -> Iterator[Transaction]:
        """One command by one person. Raises Mismatch when nobody has that login."""
        actor = self._actor(login)
        with self.database.begin(actor) as tx:
            yield tx

    @contextmanager
    def looking(self, login: str | None = None) -> Iterator[Transaction]:
        """A look at what is there, by the engine or by a person."""
        actor = ENGINE if login is None else self._actor(login)
        with self.database.view(actor) as tx:
            yield tx

    def _actor(self, login: str) -> Actor:
        with self.database.view(ENGINE) as tx:
            known = logins.by_login(tx, login)
        if known is None:
            expected = Sentence("演示库中某人的登录名", "the login of somebody of the demonstration")
            raise Mismatch(expected, plain(login), key="by")
        return known.actor

    @property
    def case(self) -> Case:
        """The case as it was submitted. Raises Mismatch before there is one."""
        if not self.submitted:
            raise Mismatch(Sentence("先有 submit", "a submit before this"), Sentence("还没有办件", "no case yet"))
        return self.submitted[-1]

    @property
    def number(self) -> str:
        """The number of the case."""
        return self.case.number

    @property
    def root_id(self) -> str:
        """The process instance of the case."""
        return self.case.root_id

    def task(self, label: str, login: str) -> str:
        """The open task of a step by its Chinese label, its whole name or its id; a closed one when none is open.

        Where several departments have the same step, that of the person's own. Raises Mismatch when the case never
        came there.
        """
        groups = self._actor(login).groups
        with self.looking() as tx:
            query = select(UserTask).where(UserTask.root_id == self.root_id)
            tasks = tx.session.scalars(query.order_by(UserTask.created_at, UserTask.id)).all()
        named = [task for task in tasks if label in names_of(task)]
        still_open = [task for task in tasks if task.state == TaskState.CREATED]
        chosen = [task for task in named if task in still_open] or named
        if not chosen:
            expected = Sentence(f"环节“{label}”", f"the step “{label}”")
            raise Mismatch(expected, listed(label_of(task) for task in still_open), key="step")
        own = [task for task in chosen if task.department in groups]
        return (own or chosen)[-1].id

    def pass_until(self, instant: datetime) -> None:
        """Time passes, and whatever falls due on the way is done at its own instant.

        Raises Mismatch when the instant is past, or when due work failed.
        """
        if instant < self.present.now:
            later = Sentence("不早于上一步的时间", "a time not before the last")
            raise Mismatch(later, plain(self.local(instant)))
        for _ in range(MOST_ROUNDS):
            due = self._next_due(instant)
            if due is None:
                break
            self.present.now = max(self.present.now, due)
            jobs.run_due(self.database, WORKER)
            self._check_due_work()
            with self.database.begin(ENGINE) as tx:
                watch.look(tx)
        self.present.now = instant

    def _next_due(self, instant: datetime) -> datetime | None:
        """When the next job is due, or supervision looks at a clock."""
        with self.looking() as tx:
            job = tx.session.scalar(select(func.min(Job.due_at)).where(Job.due_at <= instant, Job.retries > 0))
            moment = tx.session.scalar(select(func.min(Clock.moment_at)).where(Clock.moment_at <= instant))
        return min(filter(None, (job, moment)), default=None)

    def _check_due_work(self) -> None:
        with self.looking() as tx:
            failure = tx.session.scalar(select(Job.failure).where(Job.failure.is_not(None)).limit(1))
        if failure is not None:
            raise Mismatch(Sentence("到期工作正常完成", "due work is done"), plain(failure))

    def local(self, instant: datetime) -> str:
        """An instant as scenarios write it."""
        return instant.astimezone(self.database.ports.zone).strftime("%Y-%m-%d %H:%M")

    def at(self, text: str) -> datetime:
        """Reads "2026-02-13 09:00" or "2026-02-13" in the office's zone. Raises Mismatch."""
        try:
            return datetime.fromisoformat(text).replace(tzinfo=self.database.ports.zone)
        except ValueError:
            raise Mismatch(
                Sentence("形如 2026-02-13 09:00 的时间", "a time like 2026-02-13 09:00"), plain(text)
            ) from None

    def days_pass(self, days: float) -> None:
        """So many calendar days go by."""
        self.pass_until(self.present.now + timedelta(days=days))

    def close(self) -> None:
        """Nothing of this scenario falls due in the next one."""
        with self.database.begin(ENGINE) as tx:
            running = select(ProcessInstance.id).where(
                ProcessInstance.id.in_([case.root_id for case in self.submitted]),
                ProcessInstance.state == InstanceState.ACTIVE,
            )
            for root_id in tx.session.scalars(running).all():
                instances.cancel(tx, root_id, WORKER)


def label_of(task: UserTask) -> str:
    """The Chinese label of a step: the first line of its name in the diagram."""
    return (task.name or task.activity_id).split("\n")[0].strip()


def names_of(task: UserTask) -> set[str]:
    """By what a step may be called: its whole name, one line of it, its id in the diagram."""
    name = task.name or ""
    return {task.activity_id, name, *(line.strip() for line in name.split("\n"))}


def furnish(database: Database, package: Package) -> None:
    """The demonstration's departments and people (without passwords), the published calendars, the package deployed.

    A participant that the demonstration has no department for gets one. Raises DiagramRefused with every fault of the
    package.
    """
    others = list(demo_people.standing_in(package.item.participants if package.item else ()))
    with database.begin(ENGINE) as tx:
        regions.add(tx, DEFAULT_REGION, "本级", "This division")
        for staffed in (*demo_people.DEPARTMENTS, *others):
            departments.add(tx, staffed.department)
        for person in (*demo_people.people(), *(one for staffed in others for one in demo_people.staff_of(staffed))):
            people.enter(tx, person, NO_PASSWORD)
        calendars.seed(tx)
    for name, files in package.deployments:
        with database.begin(ENGINE) as tx:
            deployments.deploy(tx, files, region=DEFAULT_REGION, name=name)
    if package.item_of_every_day is not None:
        with database.begin(ENGINE) as tx:
            item_versions.publish(tx, DEFAULT_REGION, package.item_of_every_day, None)
