"""How much is measured: bounded in number and time."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """`completions` and `floor_seconds` of each combination; `cases` finished to weigh them; `counted` statements.

    Sizes of an inbox in `open_tasks` with so many `requests` each; `permits` walked with each number of `matters`.
    So many `items` imported, and `starts` of a case before and after. So many open `deadlines` counted again, and
    `looks` at the inbox before. So many deadlines of the same second in a `herd`. So many
    `deployments` of each kind by each designer.
    """

    completions: int
    floor_seconds: float
    cases: int
    counted: int
    profiled: int
    open_tasks: tuple[int, int]
    requests: int
    matters: tuple[int, int, int]
    permits: int
    items: int
    starts: int
    deadlines: int
    looks: int
    herd: int
    deployments: int


FULL = Plan(
    completions=400,
    floor_seconds=1.5,
    cases=200,
    counted=8,
    profiled=200,
    open_tasks=(1_000, 100_000),
    requests=40,
    matters=(5, 15, 30),
    permits=4,
    items=18_157,
    starts=100,
    deadlines=100_000,
    looks=200,
    herd=10_000,
    deployments=10,
)
QUICK = Plan(
    completions=40,
    floor_seconds=0.2,
    cases=20,
    counted=2,
    profiled=20,
    open_tasks=(100, 10_000),
    requests=5,
    matters=(2, 4, 6),
    permits=1,
    items=1_000,
    starts=10,
    deadlines=2_000,
    looks=40,
    herd=500,
    deployments=2,
)
