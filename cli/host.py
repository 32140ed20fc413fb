"""What every verb is handed by the composition root: where the database is, and how to open it."""

import os
from collections.abc import Callable
from dataclasses import dataclass

import click
from flask import Flask

from engine.ports import Actor, Ports
from engine.scheduler import MOST_BEATS
from engine.transaction import Database


@dataclass(frozen=True, slots=True)
class Host:
    """The program's settings and what it makes."""

    database_url: str
    port: int
    ports: Callable[[], Ports]
    create_app: Callable[[Database], Flask]

    def open_database(self, connections: int = MOST_BEATS) -> Database:
        """The database with the office's ports, and as many connections as work side by side."""
        return Database(self.database_url, self.ports(), pool_size=connections)


def operator() -> Actor:
    """Whoever runs a command on the server's own machine is its administrator, under the name of the account."""
    account = os.environ.get("SUDO_USER") or os.environ.get("USER") or "root"
    return Actor(login=f"cli:{account}", name=f"命令行（{account}）", groups=frozenset({"admin", "designer"}))


pass_host = click.make_pass_decorator(Host)
