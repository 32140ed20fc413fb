"""The machine and the versions that figures belong to."""

import os
import platform
import sqlite3
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import text

from benchmarks.sites import Kind, Site

PACKAGES = ("SQLAlchemy", "psycopg", "Flask", "gunicorn", "SpiffWorkflow", "marshmallow")


def describe() -> dict[str, str]:
    """What a reader needs to know to compare figures."""
    return {
        "processor": f"{_first('/proc/cpuinfo', 'model name')}, {os.cpu_count()} cores",
        "memory": _first("/proc/meminfo", "MemTotal"),
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "packages": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
    }


def load_average() -> str:
    """How many processes wanted a processor in the last minute, five and fifteen minutes."""
    return ", ".join(f"{load:.2f}" for load in os.getloadavg())


def database_version(site: Site) -> str:
    """Which release of the database the site runs on."""
    if site.kind == Kind.SQLITE:
        return f"SQLite {sqlite3.sqlite_version}, WAL, synchronous=FULL"
    with site.office.database.engine.connect() as connection:
        release = connection.execute(text("SHOW server_version")).scalar_one()
    return f"PostgreSQL {release}, fsync=on, synchronous_commit=on"


def _first(file: str, name: str) -> str:
    for line in Path(file).read_text().splitlines():
        if line.startswith(name):
            return line.partition(":")[2].strip()
    return "unknown"
