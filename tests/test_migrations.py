"""The revisions and the mapped classes say the same, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, inspect

import casework.tables  # noqa: F401 - the office's tables belong to the comparison
from casework import migrations
from casework.migrations import VERSIONS
from engine.migrations import VERSIONS as ENGINE_VERSIONS
from engine.migrations import upgrade
from engine.store.dialect import open_engine
from engine.tables import Base


@pytest.fixture
def engine(empty_url: str) -> Iterator[Engine]:
    """An empty database."""
    engine = open_engine(empty_url)
    yield engine
    engine.dispose()


def differences(connection: Connection) -> list[str]:
    """What autogenerate would write into the next revision."""
    found = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    return [str(difference) for difference in found]


def test_the_revisions_make_exactly_the_tables_of_the_classes(engine: Engine) -> None:
    migrations.upgrade(engine)

    with engine.connect() as connection:
        assert differences(connection) == []
        assert set(inspect(connection).get_table_names()) == set(Base.metadata.tables) | {"alembic_version"}


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ("ALTER TABLE job DROP COLUMN failure", "add_column"),
        ("DROP INDEX ix_act_region_at", "add_index"),
        ("DROP TABLE answer", "add_table"),
    ],
)
def test_a_table_that_differs_from_its_class_is_seen(engine: Engine, change: str, seen: str) -> None:
    migrations.upgrade(engine)

    with engine.begin() as connection:
        connection.exec_driver_sql(change)
        found = differences(connection)

    assert any(seen in difference for difference in found)


def test_upgrading_twice_changes_nothing(engine: Engine) -> None:
    migrations.upgrade(engine)
    migrations.upgrade(engine)

    assert migrations.is_current(engine)


def test_an_empty_database_is_not_current(engine: Engine) -> None:
    assert not migrations.is_current(engine)


def test_a_database_of_a_later_release_is_not_current(engine: Engine) -> None:
    migrations.upgrade(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    assert not migrations.is_current(engine)


def test_a_failing_revision_leaves_the_database_as_it_was(engine: Engine, tmp_path: Path) -> None:
    migrations.upgrade(engine)
    newest = max(path.name[:4] for folder in (ENGINE_VERSIONS, VERSIONS) for path in folder.glob("[0-9]*.py"))
    (tmp_path / "9999_fails.py").write_text(FAILS.format(newest))

    with pytest.raises(ZeroDivisionError):
        upgrade(engine, VERSIONS, tmp_path)

    assert "half" not in inspect(engine).get_table_names()
    assert migrations.is_current(engine)


FAILS = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "9999", "{}"


def upgrade():
    op.create_table("half", sa.Column("id", sa.Integer))
    1 / 0
"""
