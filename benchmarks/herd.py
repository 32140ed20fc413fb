"""Many deadlines pass in the same second: how fast supervision deals with them, and how late the last card is.

A section of RESULTS.md. Every clock is of another case, whose task nobody has claimed: each brings one red card with
its evidence and its notices.
"""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, text, update

from benchmarks import load, open_tasks
from benchmarks.approvals import SMALLEST
from benchmarks.plan import Plan
from benchmarks.results import judged, table
from benchmarks.sites import Kind, Site, open_site
from casework.ladders import Light
from casework.tables import Card, Case, Clock
from engine.store.dialect import WRITES

DEPARTMENT = SMALLEST.departments[0]
AHEAD, HOUR = timedelta(seconds=5), timedelta(hours=1)
MOST_LATE = 60
GLANCE, PATIENCE = 0.2, 900


@dataclass(frozen=True, slots=True)
class Herd:
    """What became of so many deadlines. `lateness` is how long after the second each card was issued, in seconds."""

    kind: Kind
    deadlines: int
    cards: int
    twice: int
    seconds: float
    lateness: Sequence[float]

    @property
    def p99(self) -> float:
        """How late the cards were, 99 times of 100."""
        return statistics.quantiles(self.lateness, n=100)[-1]


def section(plan: Plan) -> str:
    """The section, measured on both databases."""
    found = []
    for kind in Kind:
        with open_site(kind) as site:
            found.append(_measure(site, plan.herd))
    reached = [
        judged(f"seconds until a card is issued, 99 times of 100, {one.kind}", MOST_LATE, one.p99, "{:.1f}")
        for one in found
    ]
    rows = [
        (
            one.kind,
            f"{one.deadlines:,}",
            f"{one.cards:,}",
            str(one.twice),
            f"{one.seconds:.1f}",
            f"{one.cards / one.seconds:.0f}",
            f"{statistics.median(one.lateness):.1f}",
            f"{one.p99:.1f}",
        )
        for one in found
    ]
    head = ("database", "deadlines", "cards", "issued twice", "seconds", "a second", "median lateness, s", "p99, s")
    return "\n\n".join(
        [
            "## Deadlines of the same second",
            "Each case has one clock whose limit passes at the same second; the watch issues a red card on each, with "
            "its evidence and its notices, while the server serves nobody else. Lateness is from that second to the "
            "card.",
            table(("reach", "wanted", "measured", ""), reached),
            table(head, rows),
        ]
    )


def _measure(site: Site, number: int) -> Herd:
    due_at = _fill(site, number)
    database = site.office.database
    chosen = select(func.count()).select_from(Card).where(Card.signal == Light.RED)
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE:
        with database.engine.connect() as connection:
            if (connection.execute(chosen).scalar_one()) >= number:
                break
        time.sleep(GLANCE)
    seconds = (database.ports.now() - due_at).total_seconds()
    with database.engine.connect() as connection:
        rows = connection.execute(select(Card.clock_id, Card.at, Card.issued_at).where(Card.signal == Light.RED)).all()
    twice = len(rows) - len({row.clock_id for row in rows})
    lateness = [(row.issued_at - row.at).total_seconds() for row in rows]
    found = Herd(site.kind, number, len(rows), twice, seconds, lateness)
    print(f"{site.kind}: {found.cards / seconds:.0f} a second, p99 {found.p99:.1f} s late", flush=True)
    return found


def _fill(site: Site, number: int) -> datetime:
    """So many open tasks, each measured by a clock of one hour that runs out at the same second; that second."""
    database = site.office.database
    load.submit(site, SMALLEST, 1)
    with database.engine.connect() as connection:
        root_id = connection.execute(select(Case.root_id).order_by(Case.root_id.desc()).limit(1)).scalar_one()
    open_tasks.fill(database, root_id, DEPARTMENT, number)
    with database.engine.execution_options(**{WRITES: True}).begin() as connection:
        copies = (Clock.subject == DEPARTMENT) & (Clock.root_id != root_id)
        connection.execute(update(Clock).where(~copies).values(moment_at=None))
        connection.execute(update(Clock).where(copies).values(limit="1H", rungs="yellow@90%", moment_at=None))
    if site.kind == Kind.POSTGRESQL:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    due_at = database.ports.now().replace(microsecond=0) + AHEAD
    with database.engine.execution_options(**{WRITES: True}).begin() as connection:
        at_once = {"started_at": due_at - HOUR, "due_at": due_at, "moment_at": due_at}
        connection.execute(update(Clock).where(copies).values(**at_once))
    return due_at
