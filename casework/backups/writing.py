"""Writes a backup from a database that people go on working with."""

from datetime import UTC
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import func, select

from casework import migrations
from casework.backups import archive, rows
from casework.backups.archive import Manifest
from casework.backups.contents import Progress, Tell, tables
from casework.backups.outside import Outside, named
from engine.transaction import Database


def write(database: Database, path: Path, tell: Tell) -> Manifest:
    """One consistent copy of every table in one file; nobody waits for it and it holds nobody up.

    What others write meanwhile is not in it, neither whole nor in part. Files are in it wherever they lie; one that is
    lost is named in the manifest. Raises Conflict when the file exists, FilesUnreachable while the file store is.
    """
    outside = Outside(database.ports.files)
    with archive.written(path) as file, database.snapshot() as connection:
        counted = [connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables()]
        made_at, progress = database.ports.now(), Progress(tell, sum(counted))
        kept = []
        for table in tables():
            lines = progress.counted(rows.lines(connection, table, outside.of(table)))
            kept.append(archive.write_table(file, table.name, table.columns.keys(), lines))
        manifest = Manifest(
            release=version("lianban"),
            schema=tuple(migrations.newest()),
            database=connection.dialect.name,
            made_at=made_at.astimezone(UTC).isoformat(timespec="milliseconds"),
            tables=tuple(kept),
            lost=named(connection, outside.lost),
        )
        archive.write_manifest(file, manifest)
    return manifest
