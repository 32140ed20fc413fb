"""Where a backup goes, and an empty database of either kind to restore it into."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from casework import backups
from engine.store.dialect import open_engine


def unheard(done: int, whole: int) -> None:
    """Nobody watches how far it is."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the backup goes."""
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder / "office.backup"


@pytest.fixture
def empty(empty_url: str) -> Iterator[Engine]:
    """A database without a table."""
    engine = open_engine(empty_url)
    yield engine
    engine.dispose()


def restored(engine: Engine, file: Path) -> backups.Manifest:
    return backups.restore(engine, file, unheard)
