"""The catalogue of a province: importing 18,157 items, and what starting a case costs before and after it.

A section of RESULTS.md. The items are those of a whole service guide; the import is the command's, in a process of its
own beside the running server.
"""

import http.client
import json
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import lianban
from benchmarks.approvals import SMALLEST
from benchmarks.office import APPLICANT
from benchmarks.plan import Plan
from benchmarks.results import judged, table
from benchmarks.sites import Kind, Site, open_site
from tests.running import LIANBAN, ROOT

GUIDE = lianban.PROCESSES / "enterprise-registration" / "item.toml"
START_REACH = 1.2
WARM = 10
KILOBYTE = 1024
WATCHER = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""
"""Runs a command and prints its peak memory. Small itself: Linux counts what a process had before it became another."""


@dataclass(frozen=True, slots=True)
class Imported:
    """One run of `lianban items import`. `megabytes` are the most it had in memory."""

    kind: Kind
    what: str
    items: int
    seconds: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Started:
    """What starting a case took with so many items: the middle of all, and CPU of server and database each."""

    kind: Kind
    items: int
    milliseconds: float
    cpu: float


def section(plan: Plan) -> str:
    """The section, measured on both databases."""
    imports: list[Imported] = []
    starts: list[Started] = []
    for kind in Kind:
        with open_site(kind) as site, tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "items.jsonl"
            with file.open("w", encoding="utf-8") as out:
                out.writelines(_lines(plan.items))
            starts.append(_start(site, 0, plan.starts))
            imports.append(_import(site, "all new", file, plan.items))
            starts.append(_start(site, plan.items, plan.starts))
            imports.append(_import(site, "nothing changed", file, plan.items))
            size = file.stat().st_size / KILOBYTE**2
    return _written(plan, imports, starts, size)


def _lines(items: int) -> Iterator[str]:
    """So many items, each a whole guide, of one process."""
    whole = tomllib.loads(GUIDE.read_text(encoding="utf-8"))
    approval = tomllib.loads(SMALLEST.files["item.toml"].decode())
    taken = {key: approval[key] for key in ("process", "form", "participants")}
    for number in range(items):
        said = whole | taken | {"code": f"catalogue-{number:05}", "name": f"{whole['name']}第{number:05}项"}
        yield json.dumps(said, ensure_ascii=False, default=str) + "\n"


def _import(site: Site, what: str, file: Path, items: int) -> Imported:
    command = [sys.executable, "-c", WATCHER, *LIANBAN, "items", "import", str(file)]
    began = time.perf_counter()
    done = subprocess.run(command, env=site.server.environment, cwd=ROOT, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - began
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    megabytes = int(done.stdout.splitlines()[-1]) / KILOBYTE
    print(f"{site.kind}, {items} items, {what}: {seconds:.1f} s, {megabytes:.0f} MB", flush=True)
    return Imported(site.kind, what, items, seconds, megabytes)


def _start(site: Site, items: int, starts: int) -> Started:
    connection = http.client.HTTPConnection("127.0.0.1", site.server.port, timeout=60)
    token, body = site.office.tokens[APPLICANT], json.dumps(SMALLEST.application())
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    for _ in range(WARM):
        _once(connection, body, headers)
    before = site.server_cpu() + site.database_cpu()
    milliseconds = [_once(connection, body, headers) for _ in range(starts)]
    spent = site.server_cpu() + site.database_cpu() - before
    found = Started(site.kind, items, statistics.median(milliseconds), spent * 1000 / starts)
    print(f"{site.kind}, a case started beside {items} items: {found.milliseconds:.1f} ms", flush=True)
    return found


def _once(connection: http.client.HTTPConnection, body: str, headers: Mapping[str, str]) -> float:
    began = time.perf_counter()
    connection.request("POST", "/api/cases", body.encode(), dict(headers))
    answer = connection.getresponse()
    said = answer.read()
    if answer.status != 201:
        raise RuntimeError(said.decode())
    return (time.perf_counter() - began) * 1000


def _written(plan: Plan, imports: Sequence[Imported], starts: Sequence[Started], size: float) -> str:
    reached = [
        judged(f"starting a case beside {plan.items:,} items, as a multiple, {kind}", START_REACH, ratio, "{:.2f}")
        for kind, ratio in _ratios(starts)
    ]
    return "\n\n".join(
        [
            "## A catalogue of 18,157 items",
            f"`lianban items import` of {plan.items:,} whole guides ({size:.0f} MB) beside a running server, and "
            f"`POST /api/cases` before and after it: the middle of {plan.starts} requests.",
            table(("reach", "wanted", "measured", ""), reached),
            table(("database", "import", "seconds", "items a second", "peak memory"), _imported(imports)),
            table(("database", "items imported before", "a case started, ms", "CPU, ms"), _started(starts)),
        ]
    )


def _ratios(starts: Sequence[Started]) -> Iterable[tuple[Kind, float]]:
    for kind in Kind:
        before, after = (one.milliseconds for one in starts if one.kind == kind)
        yield kind, after / before


def _imported(imports: Sequence[Imported]) -> Iterable[Sequence[str]]:
    for one in imports:
        rate = f"{one.items / one.seconds:,.0f}"
        yield one.kind, one.what, f"{one.seconds:.1f}", rate, f"{one.megabytes:.0f} MB"


def _started(starts: Sequence[Started]) -> Iterable[Sequence[str]]:
    for one in starts:
        yield one.kind, f"{one.items:,}", f"{one.milliseconds:.1f}", f"{one.cpu:.1f}"
