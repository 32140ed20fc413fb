"""The two places the product is measured at: an empty SQLite file, an empty durable PostgreSQL, each migrated and
served by `lianban serve` as in production."""

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import psycopg

import lianban
from benchmarks import office, processes
from benchmarks.office import Office
from engine.transaction import Database
from tests.postgres import postgresql_server
from tests.running import Running, running

DURABLE = "-c fsync=on -c synchronous_commit=on -c full_page_writes=on -c max_connections=100 -c shared_buffers=128MB"


class Kind(StrEnum):
    """Which database."""

    SQLITE = "SQLite"
    POSTGRESQL = "PostgreSQL"


@dataclass(frozen=True, slots=True)
class Site:
    """A seeded office, served at `server.address`. `postmaster` is the database's process, None inside the server."""

    kind: Kind
    url: str
    office: Office
    server: Running
    postmaster: int | None

    def server_cpu(self) -> float:
        """Seconds of processor time the product's processes have used."""
        assert self.server.process is not None
        return processes.cpu_seconds(self.server.process.pid)

    def database_cpu(self) -> float:
        """Seconds of processor time the database's own processes have used."""
        return 0.0 if self.postmaster is None else processes.cpu_seconds(self.postmaster)


@contextmanager
def open_site(kind: Kind) -> Iterator[Site]:
    """A server over a fresh database, both gone afterwards."""
    with _url(kind) as url, running(url) as server:
        migrated = server.run("migrate")
        if migrated.returncode:
            raise RuntimeError(migrated.stdout + migrated.stderr)
        with closing(Database(url, lianban.ports())) as database:
            seeded = office.seed(database)
            server.start()
            yield Site(kind, url, seeded, server, _postmaster(url) if kind == Kind.POSTGRESQL else None)


@contextmanager
def _url(kind: Kind) -> Iterator[str]:
    if kind == Kind.SQLITE:
        with tempfile.TemporaryDirectory(prefix="lianban-benchmark-") as folder:
            yield f"sqlite:///{Path(folder) / 'lianban.db'}"
        return
    with postgresql_server(DURABLE) as server:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as administration:
            administration.execute("CREATE DATABASE lianban")
        yield f"{server}/lianban"


def _postmaster(url: str) -> int:
    with psycopg.connect(url) as connection:
        return processes.parent_of(connection.info.backend_pid)
