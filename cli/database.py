"""The database a verb works on: made, upgraded, or refused when it is of another release."""

from pathlib import Path

from sqlalchemy import Engine

from casework import migrations
from cli.host import Host
from cli.terminal import progress, said, stop
from engine.errors import Sentence
from engine.store.dialect import open_engine
from engine.transaction import Database


def bring_up_to_date(host: Host) -> None:
    """Creates or upgrades the tables; a database that is up to date is left alone."""
    engine = _opened(host)
    if not migrations.is_current(engine):
        with progress() as bar:
            bar.add_task(said(Sentence("更新数据库", "upgrading the database")), total=None)
            migrations.upgrade(engine)
    engine.dispose()


def ready(host: Host) -> Database:
    """The database, if it has this release's tables; nothing ever runs on tables it does not know."""
    engine = _opened(host)
    current = migrations.is_current(engine)
    engine.dispose()
    if not current:
        raise stop(
            "数据库不是本版本的，请先运行 lianban migrate。", "The database is of another release: run lianban migrate."
        )
    return host.open_database()


def _opened(host: Host) -> Engine:
    """A database file needs its folder."""
    engine = open_engine(host.database_url)
    file = engine.url.database
    if engine.dialect.name == "sqlite" and file:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    return engine
