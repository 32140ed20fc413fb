"""The file of a backup: a ZIP with one member a table, one row a line, and a manifest that says what belongs in it.

Knows no database and no table.
"""

import hashlib
import json
import os
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from io import BufferedReader
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from casework.disk import sync
from engine.errors import Conflict, Sentence, Unreadable

FORMAT = "lianban-backup-1"
MANIFEST = "manifest.json"
LIGHT = 1
"""The office works on while a backup is written: little effort goes into making it small."""
AT_ONCE = 1 << 20

TAKEN = Sentence(
    "该文件已存在。请换一个文件名，例如加上日期。", "The file exists. Choose another name, with the date in it."
)
FOREIGN = Sentence("该文件不是联办的备份。", "The file is no backup of Lianban.")
DAMAGED = Sentence(
    "备份文件不完整或已损坏，未恢复任何内容。请换一份备份。",
    "The backup is incomplete or damaged; nothing was restored. Take another one.",
)
DAMAGES = (BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError)
"""What Python says of a ZIP that was cut off or altered."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One table of a backup: its columns in order, its number of rows, the SHA-256 of its lines."""

    name: str
    columns: tuple[str, ...]
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup is of. `schema` names the last revision of the tables, `made_at` the moment all rows stood at,
    `lost` the files that the file store had no more."""

    release: str
    schema: tuple[str, ...]
    database: str
    made_at: str
    tables: tuple[Kept, ...]
    lost: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(table.rows for table in self.tables)


@contextmanager
def written(path: Path) -> Iterator[ZipFile]:
    """A file that only its owner may read, and that is there whole or not at all. Conflict when there is one already.

    It has another name until it is on the disk.
    """
    if path.exists():
        raise Conflict(TAKEN)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".partial", dir=path.parent)
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=LIGHT) as archive:
                yield archive
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
        sync(path.parent)
    finally:
        partial.unlink(missing_ok=True)


class Tally:
    """How many lines there are, and their SHA-256."""

    def __init__(self) -> None:
        self.rows, self._digest = 0, hashlib.sha256()

    def over(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """The lines, counted as they go by."""
        for line in lines:
            self.rows += 1
            self._digest.update(line)
            yield line

    @property
    def sha256(self) -> str:
        """Of all lines so far."""
        return self._digest.hexdigest()

    def is_of(self, kept: Kept) -> bool:
        """Whether these were the rows of that table."""
        return (self.rows, self.sha256) == (kept.rows, kept.sha256)


def write_table(archive: ZipFile, name: str, columns: Sequence[str], lines: Iterable[bytes]) -> Kept:
    """One member: the lines as they come."""
    tally = Tally()
    with archive.open(_member(name), "w", force_zip64=True) as member:
        for line in tally.over(lines):
            member.write(line)
    return Kept(name, tuple(columns), tally.rows, tally.sha256)


def write_manifest(archive: ZipFile, manifest: Manifest) -> None:
    """The last member: without it a file is none of ours."""
    archive.writestr(MANIFEST, json.dumps({"format": FORMAT, **asdict(manifest)}, ensure_ascii=False, indent=1))


@contextmanager
def opened(path: Path) -> Iterator[ZipFile]:
    """A file to restore from. Raises Unreadable for one that is no ZIP, or no whole one."""
    with _damage_told():
        archive = ZipFile(path)
    with archive:
        yield archive


@contextmanager
def _damage_told() -> Iterator[None]:
    try:
        yield
    except DAMAGES as damage:
        raise Unreadable(DAMAGED) from damage


def manifest(archive: ZipFile) -> Manifest:
    """What the file says it holds. Raises Unreadable for a file of somebody else."""
    if MANIFEST not in archive.namelist():
        raise Unreadable(FOREIGN)
    with _damage_told():
        text = archive.read(MANIFEST)
    try:
        said: dict[str, Any] = json.loads(text)
        if said.pop("format") != FORMAT:
            raise Unreadable(FOREIGN)
        tables = tuple(Kept(**table | {"columns": tuple(table["columns"])}) for table in said.pop("tables"))
        lists = {name: tuple(said[name]) for name in ("schema", "lost")}
        return Manifest(**said | lists, tables=tables)
    except (AttributeError, KeyError, TypeError, ValueError) as other:
        raise Unreadable(FOREIGN) from other


def lines(archive: ZipFile, table: Kept) -> Iterator[bytes]:
    """A table's rows as they were written; Unreadable at their end, unless they are what the manifest says."""
    tally = Tally()
    with (
        _damage_told(),
        archive.open(_member(table.name)) as member,
        BufferedReader(member, AT_ONCE) as reader,  # type: ignore[type-var]
    ):
        yield from tally.over(reader)
    if not tally.is_of(table):
        raise Unreadable(DAMAGED)


def _member(table: str) -> str:
    return f"{table}.jsonl"
