"""Completions inside this process: the SQL statements of each, and where the processor's time goes."""

import cProfile
import pstats
import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

import lianban
from benchmarks import load
from benchmarks.approvals import SMALLEST, Approval
from benchmarks.load import SIGNED
from benchmarks.office import Task
from benchmarks.sites import Kind, Site
from tests.statements import statements

PROFILE = Path(__file__).parent / "profile.txt"
SHOWN = 25
WARM = 8
PACKAGE = re.compile(r"site-packages/(\w+)|/(engine|casework|forms|api)/")
BUILT_IN = "~"


@dataclass(frozen=True, slots=True)
class Statements:
    """The fewest and the most SQL statements that a completion took."""

    kind: Kind
    approval: Approval
    fewest: int
    most: int


@dataclass(frozen=True, slots=True)
class Profile:
    """Whose code the processor was in, as shares of the whole; `calls` of Python functions a completion."""

    completions: int
    calls: float
    shares: Mapping[str, float]


def count_statements(site: Site, approval: Approval, completions: int) -> Statements:
    """Counts on the site's database, after a few completions have filled every cache."""
    client, counted = _client(site), []
    for number, task in enumerate(_tasks(site, approval, WARM + completions)):
        with statements(site.office.database.engine) as sent:
            _complete(client, task)
        if number >= WARM:
            counted.append(len(sent))
    return Statements(site.kind, approval, min(counted), max(counted))


def profile(site: Site, completions: int) -> Profile:
    """Profiles completions of the smallest approval by processor time, and writes the costliest calls to a file."""
    client, profiler = _client(site), cProfile.Profile(time.process_time)
    for number, task in enumerate(_tasks(site, SMALLEST, WARM + completions)):
        with profiler if number >= WARM else nullcontext():
            _complete(client, task)
    text = StringIO()
    found = pstats.Stats(profiler, stream=text)
    found.strip_dirs().sort_stats("cumulative").print_stats(SHOWN)
    PROFILE.write_text(f"{completions} completions, {SMALLEST}, {site.kind}\n{text.getvalue()}", encoding="utf-8")
    return _summed(pstats.Stats(profiler), completions)


def _client(site: Site) -> FlaskClient:
    return lianban.create_app(site.office.database).test_client()


def _tasks(site: Site, approval: Approval, number: int) -> Iterator[Task]:
    """Open tasks, never a case's last."""
    load.submit(site, approval, -(-number // (approval.number - 1)))
    left = number
    for tasks in site.office.open_cases(approval):
        yield from tasks[1:][:left]
        left -= min(left, len(tasks) - 1)


def _complete(client: FlaskClient, task: Task) -> None:
    headers = {"Authorization": f"Bearer {task.token}", "Idempotency-Key": task.id}
    answer = client.post(f"/api/inbox/{task.id}/complete", json=SIGNED, headers=headers)
    if answer.status_code != 200:
        raise RuntimeError(answer.text)


def _summed(found: pstats.Stats, completions: int) -> Profile:
    """Time by package; what is built into Python counts for the package that called it."""
    functions: Mapping[Any, Any] = found.stats  # type: ignore[attr-defined]
    spent: Counter[str] = Counter()
    for (file, _, _), (_, _, own, _, callers) in functions.items():
        if file != BUILT_IN:
            spent[_package(file)] += own
            continue
        for (calling, _, _), (_, _, through, _) in callers.items():
            spent[_package(calling)] += through
    whole = sum(spent.values())
    calls = sum(row[1] for row in functions.values()) / completions
    return Profile(completions, calls, {name: time / whole for name, time in spent.most_common()})


def _package(file: str) -> str:
    match = PACKAGE.search(file)
    return next(filter(None, match.groups())) if match else "Python"
