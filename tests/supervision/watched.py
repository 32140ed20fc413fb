"""Cases under supervision: the office of tests/clocked.py, with the watch among its jobs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select

from casework.supervision import watch
from casework.tables import Card, Notice
from casework.workdays import SHANGHAI
from engine import jobs, user_tasks
from engine.ports import ENGINE, Actor
from engine.tables import UserTask
from engine.transaction import Database
from tests.clocked import Office, at
from tests.world import World


class WatchedOffice(Office):
    """A case with clocks, and what supervision makes of them."""

    def __init__(self, database: Database, world: World) -> None:
        super().__init__(database, world)
        database.ports = replace(database.ports, job_kinds={watch.KIND: watch.run})
        with database.begin(ENGINE) as tx:
            watch.seed(tx)

    def it_is(self, text: str) -> None:
        """The watch looks at a time of the office's day."""
        self.world.now = at(text)
        self.looks()

    def looks(self) -> None:
        """Every shift looks once."""
        jobs.run_due(self.database, "watch", only=jobs.ANY)

    def claims(self, login: str, activity: str = "review", department: str | None = None) -> None:
        """Somebody takes a step, and is who acts from now on."""
        self.actor = Actor(login, login, frozenset(filter(None, [department])), department)
        with self.database.begin(self.actor) as tx:
            user_tasks.claim(tx, self.task_of(activity, department))

    def task_of(self, activity: str, department: str | None = None) -> str:
        """The open task of a step, in a multi-instance that of a department."""
        with self.database.view(ENGINE) as tx:
            found = tx.session.scalars(
                select(UserTask).where(
                    UserTask.root_id == self.root_id, UserTask.activity_id == activity, UserTask.ended_at.is_(None)
                )
            ).all()
        return next(task.id for task in found if department in (None, task.department))

    def cards(self) -> Sequence[Card]:
        """Every card of the case, in the order they were issued."""
        with self.database.view(ENGINE) as tx:
            rows = select(Card).where(Card.root_id == self.root_id).order_by(Card.at, Card.department, Card.id)
            return tx.session.scalars(rows).all()

    def shown_cards(self) -> list[tuple[str, str, str, str]]:
        """Signal, department and holder of every card, and the instant that it is for."""
        return [(card.signal.value, card.department, card.holder, _local(card)) for card in self.cards()]

    def told(self, kind: str) -> Mapping[str | None, int]:
        """How often each receiver was told something of this kind."""
        with self.database.view(ENGINE) as tx:
            found = tx.session.scalars(
                select(Notice.receiver).where(Notice.root_id == self.root_id, Notice.kind == kind)
            ).all()
        return {receiver: found.count(receiver) for receiver in found}


def _local(card: Card) -> str:
    return f"{card.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
