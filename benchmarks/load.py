"""Completions over HTTP: N client processes sign tasks of running cases, beside the machine's floor of that moment.

The last signature of a case is left out: it costs what the diagram makes follow from it.
"""

import random
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks import crew, floor
from benchmarks.approvals import COMMENT, FINDING, Approval
from benchmarks.office import APPLICANT, Task
from benchmarks.sites import Kind, Site

CLIENTS = (1, 4, 16)
SUBMITTERS = 2
WARMING = 4
"""This part of a combination's cases is signed before anything is measured."""
SEED = 20260302
SIGNED = {"outcome": "agree", "comment": COMMENT, "form": {"finding": FINDING}}

Request = tuple[str, str, Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """One combination, measured. CPU is in seconds, over all completions; `floor` in durable commits a second."""

    kind: Kind
    approval: Approval
    clients: int
    floor: float
    completions: int
    refused: int
    seconds: float
    server_cpu: float
    database_cpu: float
    milliseconds: Sequence[float]

    @property
    def per_second(self) -> float:
        return self.completions / self.seconds

    @property
    def of_floor(self) -> float:
        """The share of the machine's floor that the product reaches."""
        return self.per_second / self.floor

    @property
    def server_milliseconds(self) -> float:
        """Server CPU a completion."""
        return self.server_cpu * 1000 / self.completions

    @property
    def database_milliseconds(self) -> float:
        """CPU of the database's own processes a completion."""
        return self.database_cpu * 1000 / self.completions

    @property
    def p95(self) -> float:
        """What 95 of 100 clients wait at most, in milliseconds."""
        return statistics.quantiles(self.milliseconds, n=20)[-1]


def measure(site: Site, approval: Approval, completions: int, floor_seconds: float) -> Iterator[Cell]:
    """One approval on one site with 1, 4 and 16 clients, about so many completions each."""
    cases = -(-completions // (approval.number - 1))
    submit(site, approval, -(-cases // WARMING))
    sign(site, _all_but_one(site.office.open_cases(approval)), clients=max(CLIENTS))
    for clients in CLIENTS:
        submit(site, approval, cases)
        tasks = _all_but_one([tasks for tasks in site.office.open_cases(approval) if len(tasks) > 1])
        yield _cell(site, approval, tasks, clients, floor.commits_per_second(site.url, clients, floor_seconds))


def _all_but_one(cases: Sequence[Sequence[Task]]) -> list[Task]:
    """Every case's tasks but one, in an order that mixes the cases as departments do."""
    chance = random.Random(SEED)
    tasks = [task for case in cases for task in chance.sample(case, len(case) - 1)]
    chance.shuffle(tasks)
    return tasks


def _cell(site: Site, approval: Approval, tasks: Sequence[Task], clients: int, found_floor: float) -> Cell:
    server_cpu, database_cpu = site.server_cpu(), site.database_cpu()
    report = sign(site, tasks, clients)
    refusals = [text for told in report.told for text in told["refusals"]]
    if refusals:
        print(f"  {len(refusals)} refused, the first: {refusals[0]}")
    return Cell(
        site.kind,
        approval,
        clients,
        floor=found_floor,
        completions=len(tasks) - len(refusals),
        refused=len(refusals),
        seconds=report.seconds,
        server_cpu=site.server_cpu() - server_cpu,
        database_cpu=site.database_cpu() - database_cpu,
        milliseconds=[each for told in report.told for each in told["milliseconds"]],
    )


def submit(site: Site, approval: Approval, cases: int) -> None:
    """Hands in so many applications."""
    request = ("/api/cases", site.office.tokens[APPLICANT], approval.application())
    shares = [[request] * (cases // SUBMITTERS + (place < cases % SUBMITTERS)) for place in range(SUBMITTERS)]
    report = _send(site, shares)
    refusals = [text for told in report.told for text in told["refusals"]]
    if refusals:
        raise RuntimeError(refusals[0])


def sign(site: Site, tasks: Sequence[Task], clients: int) -> crew.Report:
    """Completes tasks, dealt out among the clients one by one."""
    requests: list[Request] = [(f"/api/inbox/{task.id}/complete", task.token, SIGNED) for task in tasks]
    return _send(site, [requests[place::clients] for place in range(clients)])


def _send(site: Site, shares: Sequence[Sequence[Request]]) -> crew.Report:
    where = {"host": "127.0.0.1", "port": site.server.port}
    return crew.run("benchmarks.client", [where | {"requests": share} for share in shares])
