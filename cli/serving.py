"""serve, work, migrate: the running program."""

import errno
import os
import signal
import socket
import threading
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from casework import cleaning, demo_people, phrases
from casework.supervision import watch
from cli.database import bring_up_to_date, ready
from cli.host import Host, pass_host
from cli.terminal import console, say, stop
from engine import history_cleanup, moving
from engine.ports import ENGINE
from engine.scheduler import MOST_BEATS, Heartbeat

HOME = "127.0.0.1"
THREADS = 16
PROCESSES = 2


@click.command()
@pass_host
def migrate(host: Host) -> None:
    """Create or upgrade the database's tables.

    建立或升级数据库表。
    """
    bring_up_to_date(host)
    database = host.open_database()
    with database.begin(ENGINE) as tx:
        cleaning.seed(tx)
        history_cleanup.seed(tx)
        moving.seed(tx)
        watch.seed(tx)
        phrases.seed(tx)
    database.close()
    say("数据库已是最新。", "The database is up to date.")


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with our application; every process beats, and the lease on a job decides who runs it."""

    def __init__(self, host: Host, address: str, workers: int) -> None:
        self._host, self._address, self._workers = host, address, workers
        super().__init__()

    def load_config(self) -> None:
        """Threads for waiting requests, and a clean stop of the heartbeat."""
        settings: dict[str, Any] = {
            "bind": f"{self._address}:{self._host.port}",
            "workers": self._workers,
            "threads": THREADS,
            "worker_class": "gthread",
            "timeout": 60,
            "graceful_timeout": 30,
            "keepalive": 15,
            "loglevel": "warning",
            "control_socket_disable": True,
            "worker_exit": _stop_beating,
        }
        for name, value in settings.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        """One database and one heartbeat a process; no request waits for a connection, no beat either."""
        database = self._host.open_database(THREADS + MOST_BEATS)
        _beating.append(Heartbeat(database))
        _beating[-1].start()
        return self._host.create_app(database)


_beating: list[Heartbeat] = []


def _stop_beating(server: object, worker: object) -> None:
    for heartbeat in _beating:
        heartbeat.stop()


@click.command()
@click.option("--host", "address", default=HOME, show_default=True, help="address to listen on")
@click.option("--demo", is_flag=True, help="print the demonstration's logins")
@pass_host
def serve(host: Host, address: str, demo: bool) -> None:
    """Serve the API and run due jobs.

    启动接口并处理到期任务。
    """
    database = ready(host)
    with database.view(ENGINE) as tx:
        is_demo = demo_people.is_demo(tx)
    workers = 1 if database.engine.dialect.name == "sqlite" else PROCESSES
    database.close()
    if is_demo and address != HOME:
        raise stop(
            f"演示账号的密码与登录名相同，只能在 {HOME} 上运行。请先停用演示账号或为其设置密码。",
            f"Demonstration logins are their own passwords: only {HOME} may be served. Disable them or set passwords.",
        )
    _need_free_port(address, host.port)
    _announce(host, address, demo and is_demo)
    Server(host, address, workers).run()


def _need_free_port(address: str, port: int) -> None:
    """Nothing is announced that another program would answer."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.strip("[]"), port))
        except OSError as taken:
            if taken.errno == errno.EADDRINUSE:
                raise stop(
                    f"端口 {port} 已被占用，请设置 PORT。", f"Port {port} is taken; set PORT to another."
                ) from taken
            raise stop(
                f"无法在 {address}:{port} 上监听，请更换地址或 PORT。",
                f"{address}:{port} cannot be listened on: choose another address or PORT.",
            ) from taken


def _announce(host: Host, address: str, demo: bool) -> None:
    say(f"联办已启动：http://{address}:{host.port}", f"Lianban serves at http://{address}:{host.port}")
    say(f"接口文档：http://{address}:{host.port}/api/docs", f"API documents: http://{address}:{host.port}/api/docs")
    if demo:
        say("演示账号（密码同登录名）：", "Demonstration logins (password = login):")
        for person in demo_people.people():
            console.print(f"  {person.login:<28}{person.name}  {person.post}", markup=False)


@click.command()
@pass_host
def work(host: Host) -> None:
    """Run due jobs without serving HTTP; as many of these as you like beside the servers.

    只处理到期任务，不提供接口；可与服务进程并行运行任意多个。
    """
    heartbeat = Heartbeat(ready(host))
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    heartbeat.start()
    say(f"正在处理到期任务（进程 {os.getpid()}）。", f"Running due jobs (process {os.getpid()}).")
    stopping.wait()
    heartbeat.stop()
