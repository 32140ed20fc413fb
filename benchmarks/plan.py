"""How much is measured: bounded in number and time."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """`completions` and `floor_seconds` of each combination; `cases` finished to weigh them; `counted` statements."""

    completions: int
    floor_seconds: float
    cases: int
    counted: int
    profiled: int


FULL = Plan(completions=400, floor_seconds=1.5, cases=200, counted=8, profiled=200)
QUICK = Plan(completions=40, floor_seconds=0.2, cases=20, counted=2, profiled=20)
