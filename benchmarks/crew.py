"""Several processes that begin at the same moment: each is handed its work, says it is ready, and waits for the word.

A member is a module that calls `serve`. Knows nothing of what the work is.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parent.parent
READY, GO = "ready\n", "go\n"


@dataclass(frozen=True, slots=True)
class Report:
    """What each member tells at the end, and how long it took from the word until the last was done."""

    told: Sequence[Any]
    seconds: float


def run(module: str, works: Sequence[Any]) -> Report:
    """Lets one process for each piece of work run `module`. Raises RuntimeError when one of them fails."""
    with ExitStack() as crew:
        members = [crew.enter_context(_member(module)) for _ in works]
        for member, work in zip(members, works, strict=True):
            _say(member, json.dumps(work) + "\n")
        for member in members:
            _hear(member, module, READY)
        began = time.perf_counter()
        for member in members:
            _say(member, GO)
        told = [json.loads(_hear(member, module)) for member in members]
        return Report(told, time.perf_counter() - began)


@contextmanager
def _member(module: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", module]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            yield process
        finally:
            process.kill()


def _say(member: subprocess.Popen[str], line: str) -> None:
    stream: IO[str] | None = member.stdin
    assert stream is not None
    stream.write(line)
    stream.flush()


def _hear(member: subprocess.Popen[str], module: str, expected: str | None = None) -> str:
    assert member.stdout is not None
    line = member.stdout.readline()
    if not line or expected not in (None, line):
        raise RuntimeError(f"{module} ended early: {line}")
    return line


def serve(begin: Callable[[Any], Callable[[], Any]]) -> None:
    """The member's side. `begin` prepares the work and returns what is done at the word; its result is told."""
    work = begin(json.loads(sys.stdin.readline()))
    sys.stdout.write(READY)
    sys.stdout.flush()
    sys.stdin.readline()
    sys.stdout.write(json.dumps(work()) + "\n")
    sys.stdout.flush()
