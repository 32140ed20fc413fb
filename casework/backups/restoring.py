"""Makes a database of a backup: all of it or nothing, and only where nothing would be lost."""

from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from zipfile import ZipFile

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from casework import migrations
from casework.backups import archive, rows
from casework.backups.archive import Manifest, Tally
from casework.backups.contents import LEFT_OUT, Progress, Tell, tables
from casework.feed.numbering import new_era
from casework.tables import ChangeSequence
from engine.errors import Conflict, Sentence, Unreadable
from engine.store.dialect import WRITES, is_in_use, number_on
from engine.tables import ExternalTask, Job

PASSES = 3
"""Every row is looked at in the file, written, and read back."""
MOST_ROWS, MOST_BYTES = 500, 4 << 20

IN_USE = Sentence(
    "数据库正在被其他程序使用。请先停止 lianban serve 和 lianban work，并关闭其他连接。",
    "Another program has the database open. Stop lianban serve and lianban work, and close other connections.",
)
NOT_EMPTY = Sentence(
    "数据库中已有内容，未作任何更改。请恢复到一个空的数据库。",
    "The database is not empty, and was left as it is. Restore into an empty one.",
)
CHANGED = Sentence(
    "写入数据库的内容与备份不一致，已全部撤销。",
    "What the database keeps is not what the backup holds; everything was undone.",
)


def restore(engine: Engine, path: Path, tell: Tell) -> Manifest:
    """Fills an empty database, with tables or without, with what a backup holds.

    Everything is checked before the database is touched and compared before it is kept. Raises Unreadable for a file
    that is damaged, no backup or of another release, Conflict when the database is in use or not empty.
    """
    with archive.opened(path) as file:
        manifest = archive.manifest(file)
        _check_release(manifest)
        progress = Progress(tell, manifest.rows * PASSES)
        for kept in manifest.tables:
            _go_through(progress.counted(archive.lines(file, kept)))
        if is_in_use(engine):
            raise Conflict(IN_USE)
        with engine.execution_options(**{WRITES: True}).begin() as connection:
            migrations.upgrade_within(connection)
            _make_room(connection)
            _fill(connection, file, manifest, progress)
            _begin_anew(connection)
    return manifest


def _check_release(manifest: Manifest) -> None:
    """Rows fit only the tables they come from."""
    ours = {table.name: tuple(table.columns.keys()) for table in tables()}
    theirs = {kept.name: kept.columns for kept in manifest.tables}
    if manifest.schema != tuple(migrations.newest()) or theirs != ours:
        raise Unreadable(
            Sentence(
                f"备份由联办 {manifest.release} 制作，其表结构与本版本（{version('lianban')}）不同。"
                "请用制作它的版本恢复，再用本版本运行 lianban migrate。",
                f"The backup was made by Lianban {manifest.release}, whose tables are not those of this release "
                f"({version('lianban')}). Restore it with the release that made it, then run lianban migrate.",
            )
        )


def _go_through(lines: Iterable[bytes]) -> None:
    for _ in lines:
        pass


def _make_room(connection: Connection) -> None:
    """A database is empty that has nothing but jobs of no case: the daily clean-up, which the backup brings anyway."""
    connection.execute(delete(Job).where(Job.root_id.is_(None)))
    for table in (*tables(), *LEFT_OUT):
        if connection.execute(select(func.count()).select_from(table)).scalar_one():
            raise Conflict(NOT_EMPTY)


def _fill(connection: Connection, file: ZipFile, manifest: Manifest, progress: Progress) -> None:
    kept_by_name = {kept.name: kept for kept in manifest.tables}
    for table in tables():
        kept = kept_by_name[table.name]
        for batch in _batches(progress.counted(archive.lines(file, kept))):
            connection.execute(insert(table), [rows.values(table, line) for line in batch])
        number_on(connection, table)
    for table in tables():
        tally = Tally()
        _go_through(tally.over(progress.counted(rows.lines(connection, table))))
        if not tally.is_of(kept_by_name[table.name]):
            raise Conflict(CHANGED)


def _batches(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Lines in portions that fit into memory."""
    batch, size = [], 0
    for line in lines:
        batch.append(line)
        size += len(line)
        if len(batch) == MOST_ROWS or size > MOST_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _begin_anew(connection: Connection) -> None:
    """Whoever held work when the backup was taken will not come back for it here, and whoever followed the changes
    may have seen some that are none any more."""
    connection.execute(update(Job).values(locked_by=None, locked_until=None))
    connection.execute(update(ExternalTask).values(worker=None, locked_by=None, locked_until=None))
    connection.execute(update(ChangeSequence).values(era=new_era(), revision=ChangeSequence.revision + 1))
