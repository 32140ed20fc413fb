"""A calendar comes in while the office works: how fast open deadlines are counted again, and how long an inbox takes
meanwhile.

A section of RESULTS.md. The worst case: every deadline moves, so that each writes its clock, its evidence, its row in
the list of what moved and its task's place in the inbox.
"""

import http.client
import json
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, text, update

from benchmarks import load, office, open_tasks
from benchmarks.approvals import SMALLEST
from benchmarks.plan import Plan
from benchmarks.results import judged, table
from benchmarks.sites import Kind, Site, open_site
from casework.people import Appointment, NewPerson, enter
from casework.tables import Case, Clock, Role
from engine.ports import ENGINE
from engine.store.dialect import WRITES

DEPARTMENT, ADMIN = SMALLEST.departments[0], "admin"
REACH = 2
WARM = 10
FAR = timedelta(days=90)
PATIENCE = 3600


@dataclass(frozen=True, slots=True)
class Counted:
    """One counting. `idle` and `busy` are what the inbox took before and during it, in milliseconds each."""

    kind: Kind
    deadlines: int
    moved: int
    seconds: float
    idle: Sequence[float]
    busy: Sequence[float]

    @property
    def ratio(self) -> float:
        """How much longer the inbox takes meanwhile, 95 times of 100."""
        return _p95(self.busy) / _p95(self.idle)


def section(plan: Plan) -> str:
    """The section, measured on both databases."""
    found = []
    for kind in Kind:
        with open_site(kind) as site:
            found.append(_measure(site, plan))
    reached = [
        judged(f"inbox p95 while deadlines are counted, to idle, {one.kind}", REACH, one.ratio, "{:.2f}")
        for one in found
    ]
    rows = [
        (
            one.kind,
            f"{one.deadlines:,}",
            f"{one.moved:,}",
            f"{one.seconds:.0f}",
            f"{one.deadlines / one.seconds:.0f}",
            f"{_p95(one.idle):.1f}",
            f"{_p95(one.busy):.1f}",
            str(len(one.busy)),
        )
        for one in found
    ]
    head = ("database", "deadlines", "moved", "seconds", "a second", "inbox p95 idle, ms", "meanwhile, ms", "looks")
    return "\n\n".join(
        [
            "## Counting open deadlines again after a calendar came in",
            "One department has all the open tasks; a day off is added to this year's calendar by `PUT "
            "/api/calendars/000000/{year}`, and every deadline moves. Meanwhile one officer asks for the first page of "
            "the inbox, one request after another. Server, database and officer share the machine.",
            table(("reach", "wanted", "measured", ""), reached),
            table(head, rows),
        ]
    )


def _measure(site: Site, plan: Plan) -> Counted:
    _fill(site, plan.deadlines)
    ask = _officer(site)
    for _ in range(WARM):
        ask()
    idle = [ask() for _ in range(plan.looks)]
    progress = _close_tomorrow(site)
    busy: list[float] = []
    begun, shown = time.monotonic(), _get(site, progress)
    while shown["ended_at"] is None and time.monotonic() - begun < PATIENCE:
        busy += [ask() for _ in range(WARM)]
        shown = _get(site, progress)
    seconds = (_at(shown["ended_at"]) - _at(shown["began_at"])).total_seconds()
    found = Counted(site.kind, shown["done"], shown["moved"], seconds, idle, busy)
    print(f"{site.kind}: {found.deadlines / seconds:.0f} a second, inbox p95 {found.ratio:.2f} of idle", flush=True)
    return found


def _fill(site: Site, number: int) -> None:
    """So many open tasks of one department, each with a deadline that lies far ahead."""
    database = site.office.database
    load.submit(site, SMALLEST, 1)
    with database.engine.connect() as connection:
        root_id = connection.execute(select(Case.root_id).order_by(Case.root_id.desc()).limit(1)).scalar_one()
    open_tasks.fill(database, root_id, DEPARTMENT, number)
    with database.engine.execution_options(**{WRITES: True}).begin() as connection:
        far = database.ports.now() + FAR
        connection.execute(update(Clock).where(Clock.subject == DEPARTMENT).values(due_at=far))
    if site.kind == Kind.POSTGRESQL:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    with database.begin(ENGINE) as tx:
        enter(tx, NewPerson(ADMIN, "顾怀瑾", "管理员", (Appointment(Role.ADMIN),)), office.SHUT)


def _close_tomorrow(site: Site) -> str:
    """This year's calendar comes in again with one more day off; where the progress is."""
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    path = f"/api/calendars/000000/{tomorrow.year}"
    year = _get(site, path)
    days = [day for day in year["days"] if day["date"] != tomorrow.isoformat()]
    body = year | {"days": [*days, {"date": tomorrow.isoformat(), "name": "停工", "isOffDay": True}]}
    answer = _send(site, "PUT", path, body)
    return f"/api/calendars/recomputations/{answer['recomputation']}"


def _officer(site: Site) -> Callable[[], float]:
    """Asks for the first page of the inbox on one connection; milliseconds."""
    connection = http.client.HTTPConnection("127.0.0.1", site.server.port, timeout=60)
    headers = {"Authorization": f"Bearer {site.office.tokens[DEPARTMENT]}"}

    def ask() -> float:
        began = time.perf_counter()
        connection.request("GET", "/api/inbox", headers=headers)
        answer = connection.getresponse()
        said = answer.read()
        if answer.status != 200:
            raise RuntimeError(said.decode())
        return (time.perf_counter() - began) * 1000

    return ask


def _get(site: Site, path: str) -> Any:
    return _send(site, "GET", path, None)


def _send(site: Site, method: str, path: str, body: Mapping[str, Any] | None) -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", site.server.port, timeout=60)
    headers = {
        "Authorization": f"Bearer {office.token(site.office.database, ADMIN)}",
        "Content-Type": "application/json",
    }
    connection.request(method, path, None if body is None else json.dumps(body).encode(), headers)
    answer = connection.getresponse()
    said = answer.read()
    if answer.status != 200:
        raise RuntimeError(said.decode())
    return json.loads(said)


def _at(instant: str) -> datetime:
    return datetime.fromisoformat(instant)


def _p95(milliseconds: Sequence[float]) -> float:
    return statistics.quantiles(milliseconds, n=20)[-1]
