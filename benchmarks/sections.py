"""Sections of RESULTS.md that can be measured alone: each says when it was measured and under which load.

`python -m benchmarks --only inbox` replaces its section and leaves the rest as it is.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime

from benchmarks import calendar, catalogue, deploying, herd, inbox, machine, permit
from benchmarks.inbox import PAGES, Asked
from benchmarks.permit import Walked
from benchmarks.plan import Plan
from benchmarks.results import LAST, RESULTS, judged, table
from benchmarks.sites import Kind, open_site

PAGE_REACH, MATTER_REACH = 1.5, 1.5


def measure(name: str, plan: Plan) -> str:
    """One section, measured on both databases."""
    before = machine.load_average()
    text = SECTIONS[name](plan)
    said = f"Measured on {datetime.now(UTC).date().isoformat()} by `python -m benchmarks --only {name}`"
    return f"{text}\n\n{said}; load average before {before}, after {machine.load_average()}.\n"


def replace(section: str) -> None:
    """Puts a section where the one of the same heading stands, or before the last."""
    heading = section.partition("\n")[0]
    parts = RESULTS.read_text(encoding="utf-8").split("\n## ")
    named = heading.removeprefix("## ")
    kept = [part for part in parts if part.partition("\n")[0] != named]
    place = next(place for place, part in enumerate(kept) if part.startswith(LAST))
    kept.insert(place, section.removeprefix("## ").rstrip() + "\n")
    RESULTS.write_text("\n## ".join(kept), encoding="utf-8")


def _inbox(plan: Plan) -> str:
    found: list[Asked] = []
    for kind in Kind:
        with open_site(kind) as site:
            found += inbox.measure(site, plan.open_tasks, plan.requests)
    few, many = plan.open_tasks
    reached = [
        judged(f"{what}, {many:,} open tasks to {few:,}, {kind}", PAGE_REACH, _ratio(found, kind, what), "{:.2f}")
        for kind in Kind
        for what in PAGES
    ]
    head = ("database", "asked for", f"{few:,} open, ms", f"{many:,} open, ms", "ratio", "CPU, ms", "CPU, ms")
    return "\n\n".join(
        [
            "## The inbox, with few and with many open tasks",
            f"`GET /api/inbox`, 50 rows a page, by one officer in whose department all the open tasks wait: the middle "
            f"of {plan.requests} requests, and the CPU of server and database for each with few and with many tasks. A "
            "text that hardly any case contains is looked for in all of them, as long as there are tasks. Where the "
            "load changed while this was measured, the CPU is the steadier figure.",
            table(("reach", "wanted", "measured", ""), reached),
            table(head, _asked(found, few, many)),
        ]
    )


def _asked(found: Sequence[Asked], few: int, many: int) -> Iterable[Sequence[str]]:
    for one in found:
        if one.tasks == few:
            [other] = [two for two in found if (two.kind, two.what, two.tasks) == (one.kind, one.what, many)]
            times = f"{one.milliseconds:.1f}", f"{other.milliseconds:.1f}", f"{_ratio(found, one.kind, one.what):.2f}"
            yield one.kind, one.what, *times, f"{one.cpu:.1f}", f"{other.cpu:.1f}"


def _ratio(found: Sequence[Asked], kind: Kind, what: str) -> float:
    few, many = (one.milliseconds for one in found if (one.kind, one.what) == (kind, what))
    return many / few


def _permit(plan: Plan) -> str:
    found: list[Walked] = []
    for kind in Kind:
        with open_site(kind) as site:
            found += permit.measure(site, plan.matters, plan.permits)
    few, some, many = plan.matters
    reached = [
        judged(f"{what} of one more matter, from {some} to {many}, to those from {few} to {some}, {kind}", *growth)
        for kind in Kind
        for what, growth in _growths([one for one in found if one.kind == kind])
    ]
    head = ("database", "matters", "requests", "statements", "CPU, ms", "requests a matter", "statements", "CPU, ms")
    return "\n\n".join(
        [
            "## A planning permit from submission to delivery",
            "The package `construction-planning-permit` with a table of matters of its own, each matter another "
            "department's: receipt, pre-check and review by every department, acceptance, decision, permit, delivery. "
            "Requests include looking for each task in the inbox; statements are counted inside one process; CPU is "
            f"the server's and the database's, the mean of {plan.permits} cases.",
            table(("reach", "wanted", "measured", ""), reached),
            table(head, _walked(found)),
        ]
    )


def _growths(walked: Sequence[Walked]) -> Iterable[tuple[str, tuple[float, float, str]]]:
    """What a matter adds when there are many, as a multiple of what it adds when there are few."""
    figures: Mapping[str, Callable[[Walked], float]] = {
        "requests": lambda one: one.requests,
        "statements": lambda one: one.statements,
        "CPU": lambda one: one.cpu,
    }
    few, some, many = walked
    for what, of in figures.items():
        at_first = (of(some) - of(few)) / (some.matters - few.matters)
        at_last = (of(many) - of(some)) / (many.matters - some.matters)
        yield what, (MATTER_REACH, at_last / at_first, "{:.2f}")


def _walked(found: Sequence[Walked]) -> Iterable[Sequence[str]]:
    for one in found:
        whole = str(one.requests), str(one.statements), f"{one.cpu * 1000:.0f}"
        requests, statements, cpu = (figure / one.matters for figure in (one.requests, one.statements, one.cpu))
        yield one.kind, str(one.matters), *whole, f"{requests:.1f}", f"{statements:.0f}", f"{cpu * 1000:.0f}"


SECTIONS: Mapping[str, Callable[[Plan], str]] = {
    "inbox": _inbox,
    "permit": _permit,
    "catalogue": catalogue.section,
    "calendar": calendar.section,
    "herd": herd.section,
    "deploying": deploying.section,
}
