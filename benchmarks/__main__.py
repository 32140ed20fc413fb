"""python -m benchmarks [--quick] [--only SECTION]: measures, prints, and without --quick writes RESULTS.md."""

import time
from datetime import UTC, datetime

import click

from benchmarks import inside, load, machine, sections, storage
from benchmarks.approvals import MEASURED
from benchmarks.plan import FULL, QUICK, Plan
from benchmarks.results import RESULTS, Results
from benchmarks.sections import SECTIONS
from benchmarks.sites import Kind, Site, open_site


@click.command()
@click.option("--quick", is_flag=True, help="a tenth of the work, to see that it runs; writes no results")
@click.option("--only", type=click.Choice(list(SECTIONS)), help="one section, put in its place among the results")
def measure(quick: bool, only: str | None) -> None:
    """Measure what the product claims about its speed and size."""
    began, plan = time.monotonic(), QUICK if quick else FULL
    if only is None:
        _measure_all(plan, quick)
    else:
        section = sections.measure(only, plan)
        print(section)
        if not quick:
            sections.replace(section)
    print(f"{time.monotonic() - began:.0f} s")


def _measure_all(plan: Plan, quick: bool) -> None:
    command = "python -m benchmarks" + (" --quick" if quick else "")
    results = Results(command, datetime.now(UTC).date().isoformat(), machine.describe())
    results.machine["load average before"] = machine.load_average()
    for kind in Kind:
        with open_site(kind) as site:
            _measure(site, plan, results)
    results.sections += [sections.measure(name, plan) for name in SECTIONS]
    results.machine["load average after"] = machine.load_average()
    if quick:
        print(results.text())
    else:
        RESULTS.write_text(results.text(), encoding="utf-8")


def _measure(site: Site, plan: Plan, results: Results) -> None:
    """Everything on one database; a line for each combination tells how far it has come."""
    results.databases.append(machine.database_version(site))
    results.storage.append(storage.measure(site, plan.cases))
    for approval in MEASURED:
        for cell in load.measure(site, approval, plan.completions, plan.floor_seconds):
            results.cells.append(cell)
            print(
                f"{site.kind}, {approval}, {cell.clients} clients: {cell.per_second:.0f}/s, "
                f"{cell.server_milliseconds:.1f} ms server CPU, {cell.of_floor:.3f} of {cell.floor:.0f}/s",
                flush=True,
            )
        results.statements.append(inside.count_statements(site, approval, plan.counted))
    if site.kind == Kind.POSTGRESQL:
        results.profile = inside.profile(site, plan.profiled)


if __name__ == "__main__":
    measure()
