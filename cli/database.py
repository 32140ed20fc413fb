"""The database a verb works on: made, upgraded, or refused when it is of another release."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy import Engine
from sqlalchemy.exc import ArgumentError, DBAPIError

from casework import migrations
from cli.host import Host
from cli.terminal import progress, said, stop
from engine.errors import Sentence
from engine.store.dialect import open_engine
from engine.transaction import Database


def bring_up_to_date(host: Host) -> None:
    """Creates or upgrades the tables; a database that is up to date is left alone."""
    with _outages_told():
        engine = _opened(host)
        if not migrations.is_current(engine):
            with progress() as bar:
                bar.add_task(said(Sentence("更新数据库", "upgrading the database")), total=None)
                migrations.upgrade(engine)
        engine.dispose()


def ready(host: Host) -> Database:
    """The database, if it has this release's tables; nothing ever runs on tables it does not know."""
    with _outages_told():
        engine = _opened(host)
        current = migrations.is_current(engine)
        engine.dispose()
    if not current:
        raise stop(
            "数据库不是本版本的，请先运行 lianban migrate。", "The database is of another release: run lianban migrate."
        )
    database = host.open_database()
    click.get_current_context().call_on_close(database.close)
    return database


@contextmanager
def bare(host: Host) -> Iterator[Engine]:
    """The database with whatever tables it has, for a verb that makes them itself."""
    with _outages_told():
        engine = _opened(host)
        try:
            yield engine
        finally:
            engine.dispose()


def address(engine: Engine) -> str:
    """Where a database is, for a person to compare with what was meant: the file, or the address without password."""
    file = engine.url.database
    is_file = engine.dialect.name == "sqlite" and file
    return str(Path(file).resolve()) if is_file and file else engine.url.render_as_string(hide_password=True)


@contextmanager
def _outages_told() -> Iterator[None]:
    """A database that cannot be used ends the command with a sentence; what the driver says may hold the password."""
    try:
        yield
    except (ArgumentError, ImportError, ValueError) as unreadable:
        raise stop(
            "LIANBAN_DATABASE_URL 无法识别，应为 sqlite:///文件 或 postgresql://用户:密码@主机/数据库。",
            "LIANBAN_DATABASE_URL cannot be read: write sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE.",
        ) from unreadable
    except OSError as unwritable:
        raise stop(
            f"无法建立数据库所在的目录：{unwritable.filename}。请检查路径和权限。",
            f"The database's folder cannot be made: {unwritable.filename}. Check the path and its permissions.",
        ) from unwritable
    except DBAPIError as unusable:
        raise stop(
            "无法打开 LIANBAN_DATABASE_URL 所指的数据库：请检查是否运行、地址和账号是否正确、文件是否为可写数据库。",
            "The database at LIANBAN_DATABASE_URL cannot be opened: check that it runs, that host and account are "
            "right, and that a file is a database and may be written.",
        ) from unusable


def _opened(host: Host) -> Engine:
    """A database file needs its folder."""
    engine = open_engine(host.database_url)
    file = engine.url.database
    if engine.dialect.name == "sqlite" and file:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    return engine
