"""Writes the next revision from what the tables have and the revisions lack:

python -m casework.migrations engine|casework "what it is for"
"""

import sys
from typing import Any

from alembic import command
from sqlalchemy import create_engine

import casework.tables  # noqa: F401 - the office's tables belong to the comparison
from casework.migrations import VERSIONS
from engine import migrations
from engine.tables import Base

FOLDERS = {"engine": migrations.VERSIONS, "casework": VERSIONS}


def write(package: str, message: str) -> None:
    """Compares the package's tables with a database brought to the newest revision."""
    owners = {mapper.local_table: mapper.class_.__module__.split(".")[0] for mapper in Base.registry.mappers}

    def is_the_packages(item: Any, name: str | None, kind: str, reflected: bool, counterpart: Any) -> bool:
        return kind != "table" or owners.get(item) == package

    with create_engine("sqlite://").begin() as connection:
        config = migrations.configuration(connection, (VERSIONS,))
        config.attributes["include_object"] = is_the_packages
        command.upgrade(config, "head")
        number = sum(len(list(folder.glob("[0-9]*.py"))) for folder in FOLDERS.values()) + 1
        command.revision(config, message, autogenerate=True, rev_id=f"{number:04}", version_path=str(FOLDERS[package]))


if __name__ == "__main__":
    write(*sys.argv[1:])
