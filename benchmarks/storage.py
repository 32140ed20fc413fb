"""What a finished case keeps: bytes per table, indexes included, after the database has put its files in order."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass

from benchmarks import load
from benchmarks.approvals import SMALLEST
from benchmarks.drivers import connected
from benchmarks.sites import Kind, Site

EVIDENCE = frozenset({"act", "answer"})
"""Kept by law and for seven days: measured, and left out of the reach."""
SIZES = {
    Kind.SQLITE: "SELECT m.tbl_name, sum(s.pgsize) FROM dbstat s JOIN sqlite_master m ON m.name = s.name GROUP BY 1",
    Kind.POSTGRESQL: "SELECT relname, pg_total_relation_size(oid) FROM pg_class "
    "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
}
IN_ORDER = {Kind.SQLITE: "VACUUM", Kind.POSTGRESQL: "VACUUM FULL"}


@dataclass(frozen=True, slots=True)
class Storage:
    """Bytes a finished case adds to each table."""

    kind: Kind
    cases: int
    by_table: Mapping[str, float]

    @property
    def without_evidence(self) -> float:
        """All tables but the acts and the answers under idempotency keys."""
        return sum(size for table, size in self.by_table.items() if table not in EVIDENCE)


def measure(site: Site, cases: int) -> Storage:
    """Carries so many five-department cases to their end and compares the tables.

    Some cases are finished before the first look: the pages that an empty table begins with are no case's.
    """
    _finish(site, cases // 4)
    before = _sizes(site)
    _finish(site, cases)
    grown = {table: (size - before.get(table, 0)) / cases for table, size in _sizes(site).items()}
    return Storage(site.kind, cases, {table: size for table, size in sorted(grown.items()) if size > 0})


def _finish(site: Site, cases: int) -> None:
    load.submit(site, SMALLEST, cases)
    load.sign(site, [task for tasks in site.office.open_cases(SMALLEST) for task in tasks], clients=4)
    left = site.office.open_cases(SMALLEST)
    if left:
        raise RuntimeError(f"{len(left)} cases are not finished")


def _sizes(site: Site) -> dict[str, int]:
    connection = connected(site.url, autocommit=True)
    with closing(connection):
        connection.execute(IN_ORDER[site.kind])
        return {table: int(size) for table, size in connection.execute(SIZES[site.kind]).fetchall()}
