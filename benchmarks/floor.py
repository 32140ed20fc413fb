"""The machine's floor: what the database and its driver do at most when nothing of the product is in the way.

One row updated and three inserted per durable commit, by as many processes as there are clients, each on rows of its
own. A completion that costs no more than its rows would be as fast.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from itertools import count, cycle
from typing import Any

from benchmarks import crew
from benchmarks.drivers import connected

ROWS_EACH = 50
STATE, WORDS = "x" * 3000, "y" * 100
CREATE = (
    "CREATE TABLE floor_instance (id INTEGER PRIMARY KEY, state TEXT, revision INTEGER)",
    "CREATE TABLE floor_history (worker INTEGER, seq INTEGER, old TEXT, new TEXT, PRIMARY KEY (worker, seq))",
)
DROP = ("DROP TABLE IF EXISTS floor_instance", "DROP TABLE IF EXISTS floor_history")
UPDATE = "UPDATE floor_instance SET revision = revision + 1, state = ? WHERE id = ?"
INSERT = "INSERT INTO floor_history (worker, seq, old, new) VALUES (?, ?, ?, ?)"
FILL = "INSERT INTO floor_instance (id, state, revision) VALUES (?, '', 0)"


def commits_per_second(url: str, clients: int, seconds: float) -> float:
    """Durable commits a second on the database at `url`, in tables of the floor's own."""
    with connected(url) as connection:
        _run(connection, *DROP, *CREATE)
        connection.cursor().executemany(_spelt(url, FILL), [(id,) for id in range(clients * ROWS_EACH)])
        connection.commit()
    works = [{"url": url, "worker": worker, "seconds": seconds} for worker in range(clients)]
    report = crew.run("benchmarks.floor", works)
    with connected(url) as connection:
        _run(connection, *DROP)
    return float(sum(report.told)) / report.seconds


def begin(work: dict[str, Any]) -> Callable[[], int]:
    """One process of the floor."""
    connection = connected(work["url"])
    update, insert = _spelt(work["url"], UPDATE), _spelt(work["url"], INSERT)
    opening = "BEGIN IMMEDIATE" if isinstance(connection, sqlite3.Connection) else None
    return lambda: _commit_until(connection, (opening, update, insert), work["worker"], work["seconds"])


def _commit_until(connection: Any, spelt: tuple[str | None, str, str], worker: int, seconds: float) -> int:
    opening, update, insert = spelt
    numbers, rows = _three_at_a_time(worker), cycle(range(worker * ROWS_EACH, (worker + 1) * ROWS_EACH))
    until, done = time.perf_counter() + seconds, 0
    cursor = connection.cursor()
    while time.perf_counter() < until:
        if opening:
            cursor.execute(opening)
        cursor.execute(update, (STATE, next(rows)))
        cursor.executemany(insert, next(numbers))
        connection.commit()
        done += 1
    return done


def _three_at_a_time(worker: int) -> Iterator[list[tuple[int, int, str, str]]]:
    for first in count(step=3):
        yield [(worker, first + place, WORDS, WORDS) for place in range(3)]


def _run(connection: Any, *statements: str) -> None:
    for statement in statements:
        connection.execute(statement)
    connection.commit()


def _spelt(url: str, statement: str) -> str:
    return statement if url.startswith("sqlite") else statement.replace("?", "%s")


if __name__ == "__main__":
    crew.serve(begin)
