"""Databases of a borrower's own, on SQLite and on a real PostgreSQL: copies of what was made ready once.

Knows nothing of what is done to them.
"""

import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

from tests.postgres import postgresql_server

Step = Callable[[str], None]
"""Does something to the database at a URL, such as migrating it."""


class Databases(ABC):
    """Lends databases; what a step does to one is done once, whoever borrows it."""

    def __init__(self, empty: str) -> None:
        self._ready: dict[tuple[Step, ...], str] = {(): empty}
        self._numbers = count(1)

    @contextmanager
    def lend(self, *steps: Step) -> Iterator[str]:
        """The URL of a database to which these steps were done, one after another; none of them: an empty one."""
        name = self._copied(steps)
        yield self.url(name)
        self.drop(name)

    def _copied(self, steps: tuple[Step, ...]) -> str:
        name = f"test_{next(self._numbers)}"
        self.copy(self._template(steps), name)
        return name

    def _template(self, steps: tuple[Step, ...]) -> str:
        if steps not in self._ready:
            name = self._copied(steps[:-1])
            steps[-1](self.url(name))
            self._ready[steps] = name
        return self._ready[steps]

    @abstractmethod
    def url(self, name: str) -> str: ...

    @abstractmethod
    def copy(self, template: str, name: str) -> None: ...

    @abstractmethod
    def drop(self, name: str) -> None: ...


class SqliteFiles(Databases):
    """A folder for every database: beside the file, SQLite keeps its log."""

    def __init__(self, folder: Path) -> None:
        super().__init__("empty")
        self._folder = folder
        (folder / "empty").mkdir()

    def url(self, name: str) -> str:
        return f"sqlite:///{self._folder / name / 'lianban.db'}"

    def copy(self, template: str, name: str) -> None:
        shutil.copytree(self._folder / template, self._folder / name)

    def drop(self, name: str) -> None:
        shutil.rmtree(self._folder / name)


class ServedByPostgreSQL(Databases):
    """The databases of one server."""

    def __init__(self, server: str, administration: psycopg.Connection) -> None:
        super().__init__("template0")
        self._server, self._administration = server, administration

    def url(self, name: str) -> str:
        return f"{self._server}/{name}"

    def copy(self, template: str, name: str) -> None:
        self._administration.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")

    def drop(self, name: str) -> None:
        self._administration.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def on_postgresql() -> Iterator[Databases]:
    """A server of the caller's own, gone with it."""
    with (
        postgresql_server() as server,
        psycopg.connect(f"{server}/postgres", autocommit=True) as administration,
    ):
        yield ServedByPostgreSQL(server, administration)
