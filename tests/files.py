"""A file store of a test's own: a real folder, as LIANBAN_FILES names one."""

from dataclasses import dataclass
from pathlib import Path

from casework.file_store import MARK, FileStore
from engine import jobs
from engine.transaction import Database
from tests.world import World


@dataclass(frozen=True, slots=True)
class Folder:
    """What lies in it, as an administrator sees it."""

    path: Path

    @property
    def store(self) -> FileStore:
        return FileStore(self.path.as_uri())

    @property
    def files(self) -> list[Path]:
        """The uploaded files, whatever they are called."""
        return sorted(one for one in self.path.rglob("*") if one.is_file() and one.name != MARK)

    @property
    def contents(self) -> list[bytes]:
        return sorted(one.read_bytes() for one in self.files)


def minutes_pass(database: Database, world: World, minutes: float) -> None:
    """Due work is done until none is left."""
    world.days_pass(minutes / (24 * 60))
    while jobs.run_due(database, "worker"):
        world.days_pass(1e-6)
