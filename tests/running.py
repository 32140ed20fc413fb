"""A real server of the product in processes of its own, as `make run` starts it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).parent.parent
LIANBAN = [sys.executable, "-m", "lianban"]
PATIENCE = 30.0
A_BEAT = 0.05


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Running:
    """One server over one database; it can be killed without warning and started again."""

    def __init__(self, database_url: str) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ,
            "LIANBAN_DATABASE_URL": database_url,
            "PORT": str(self.port),
            "LANG": "zh_CN.UTF-8",
            "PYTHONUNBUFFERED": "1",
        }
        self.process: subprocess.Popen[str] | None = None

    def run(self, *verb: str) -> subprocess.CompletedProcess[str]:
        """One verb of the command line, to its end."""
        return subprocess.run(
            [*LIANBAN, *verb], env=self.environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
        )

    def start(self) -> None:
        """Starts in a session of its own, so that all its processes can be killed at one stroke."""
        self.process = subprocess.Popen(
            [*LIANBAN, "serve", "--demo"],
            env=self.environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._until_it_answers()

    def _until_it_answers(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                if httpx.get(f"{self.address}/api/health", trust_env=False).is_success:
                    return
            except httpx.TransportError:
                time.sleep(A_BEAT)
        raise AssertionError("the server does not answer")

    def kill(self) -> None:
        """kill -9 for the server and all its workers."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.communicate()
            self.process = None

    def stop(self) -> str:
        """Asks it to stop; what it printed."""
        if self.process is None:
            return ""
        self.process.terminate()
        printed, _ = self.process.communicate(timeout=PATIENCE)
        self.process = None
        return printed


@contextmanager
def running(database_url: str) -> Iterator[Running]:
    server = Running(database_url)
    try:
        yield server
    finally:
        server.kill()
