"""The inbox of one department with few and with many open tasks: what a page costs, asked over HTTP one by one."""

import http.client
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy import select, text

from api.pages import Cursor
from benchmarks import load, open_tasks
from benchmarks.approvals import SMALLEST
from benchmarks.sites import Kind, Site
from casework.tables import Case
from engine.tables import UserTask

DEPARTMENT = SMALLEST.departments[0]
FIRST, MIDDLE, MOST_LEFT = "first page", "page in the middle", "most time left first"
WARM = 5
PAGES = (FIRST, MIDDLE, MOST_LEFT)
"""The pages that are held against the reach; everything else is asked for to know it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to an inbox of so many open tasks. CPU is the server's and the database's, in milliseconds each."""

    kind: Kind
    what: str
    tasks: int
    milliseconds: float
    cpu: float


def measure(site: Site, sizes: Sequence[int], requests: int) -> list[Asked]:
    """Asks the same questions of the same department at every size, each so many times; the middle one counts."""
    load.submit(site, SMALLEST, 1)
    with site.office.database.engine.connect() as connection:
        root_id = connection.execute(select(Case.root_id).order_by(Case.root_id.desc()).limit(1)).scalar_one()
    found, filled = [], 0
    for size in sizes:
        open_tasks.fill(site.office.database, root_id, DEPARTMENT, size - filled, filled)
        filled = size
        _look_at_the_tables(site)
        for what, path in _questions(site, size).items():
            found.append(_ask(site, what, path, size, requests))
            print(f"{site.kind}, {size} open tasks, {what}: {found[-1].milliseconds:.1f} ms", flush=True)
    return found


def _look_at_the_tables(site: Site) -> None:
    """The statistics that PostgreSQL's autovacuum would have gathered while the tasks came in one by one."""
    if site.kind == Kind.POSTGRESQL:
        with site.office.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _questions(site: Site, size: int) -> Mapping[str, str]:
    in_order = (UserTask.pressing_at, UserTask.id)
    mine = select(*in_order).where(UserTask.department == DEPARTMENT, UserTask.pressing_at.is_not(None))
    with site.office.database.engine.connect() as connection:
        middle = connection.execute(mine.order_by(*in_order).offset(size // 2).limit(1)).one()
    return {
        FIRST: "",
        MIDDLE: f"?cursor={Cursor()._serialize(tuple(middle), None, None)}",
        MOST_LEFT: "?sort=-remaining",
        "unclaimed only": "?claimed=nobody",
        "due within a week": f"?due_before={quote(_in_a_week(site))}",
        "one case": f"?case_number={open_tasks.number(size // 2)}",
        "a common name": f"?q={quote(open_tasks.COMPANIES[0])}",
        "a name that nobody has": f"?q={quote('无此企业')}",
    }


def _in_a_week(site: Site) -> str:
    return (site.office.database.ports.now() + open_tasks.WEEK).isoformat(timespec="seconds")


def _ask(site: Site, what: str, query: str, size: int, requests: int) -> Asked:
    connection = http.client.HTTPConnection("127.0.0.1", site.server.port, timeout=60)
    headers = {"Authorization": f"Bearer {site.office.tokens[DEPARTMENT]}"}
    for _ in range(WARM):
        _once(connection, f"/api/inbox{query}", headers)
    before = site.server_cpu() + site.database_cpu()
    milliseconds = [_once(connection, f"/api/inbox{query}", headers) for _ in range(requests)]
    spent = site.server_cpu() + site.database_cpu() - before
    return Asked(site.kind, what, size, statistics.median(milliseconds), spent * 1000 / requests)


def _once(connection: http.client.HTTPConnection, path: str, headers: Mapping[str, str]) -> float:
    began = time.perf_counter()
    connection.request("GET", path, headers=dict(headers))
    answer = connection.getresponse()
    said = answer.read()
    if answer.status != 200:
        raise RuntimeError(said.decode())
    return (time.perf_counter() - began) * 1000
