"""RESULTS.md: what was measured, against what was to be reached, with the machine it was measured on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.approvals import SMALLEST, Approval, Shape
from benchmarks.inside import Profile, Statements
from benchmarks.load import Cell
from benchmarks.sites import Kind
from benchmarks.storage import EVIDENCE, Storage

FOLDER = Path(__file__).parent
RESULTS, REMARKS = FOLDER / "RESULTS.md", FOLDER / "remarks.md"
KILOBYTE = 1024
LAST = "The machine"
"""The heading under which the page ends."""


@dataclass
class Results:
    """Everything one run has found."""

    command: str
    date: str
    machine: dict[str, str]
    databases: list[str] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    statements: list[Statements] = field(default_factory=list)
    storage: list[Storage] = field(default_factory=list)
    profile: Profile | None = None
    sections: list[str] = field(default_factory=list)

    def text(self) -> str:
        """The whole page."""
        parts = [
            f"# What Lianban costs\n\nMeasured on {self.date} by `{self.command}`.",
            table(("reach", "wanted", "measured", ""), self._reached()),
            REMARKS.read_text(encoding="utf-8").strip(),
            "## Completions over HTTP",
            *(self._completions(kind) for kind in Kind),
            "## SQL statements a completion",
            table(("database", "approval", "fewest", "most"), self._counted()),
            "## Bytes a finished case of five departments",
            table(("table", *Kind), self._weighed()),
            "## Where the processor's time goes",
            self._profiled(),
            *self.sections,
            f"## {LAST}",
            table(("", ""), [*self.machine.items(), *(("database", name) for name in self.databases)]),
        ]
        return "\n\n".join(part.strip() for part in parts) + "\n"

    def _cpu(self, number: int) -> float:
        """Server CPU a completion on PostgreSQL, the client counts together."""
        cells = self._cells(Kind.POSTGRESQL, Approval(Shape.MULTI, number))
        return sum(cell.server_cpu for cell in cells) * 1000 / sum(cell.completions for cell in cells)

    def _cells(self, kind: Kind, approval: Approval) -> list[Cell]:
        return [cell for cell in self.cells if cell.kind == kind and cell.approval == approval]

    def _reached(self) -> Iterable[Sequence[str]]:
        five = self._cpu(5)
        (four,) = [cell for cell in self._cells(Kind.POSTGRESQL, SMALLEST) if cell.clients == 4]
        most = max(found.most for found in self.statements)
        yield judged("server CPU a completion, 5 departments, PostgreSQL", 5, five, "{:.1f} ms")
        yield judged("the same with 50 departments, as a multiple", 2, self._cpu(50) / five, "{:.2f}")
        yield judged("the same with 200 departments, as a multiple", 5, self._cpu(200) / five, "{:.2f}")
        yield judged("share of the PostgreSQL floor, 4 clients", 0.05, four.of_floor, "{:.3f}", at_least=True)
        yield judged("SQL statements a completion", 20, most, "{:.0f}")
        for found in self.storage:
            size = found.without_evidence / KILOBYTE
            yield judged(f"a finished case on {found.kind}, acts and answers apart", 15, size, "{:.1f} KB")

    def _completions(self, kind: Kind) -> str:
        head = (
            "clients",
            "completions/s",
            "floor, commits/s",
            "share",
            "server CPU, ms",
            "database CPU, ms",
            "p95, ms",
        )
        rows = [
            (
                str(cell.approval),
                str(cell.clients),
                f"{cell.per_second:.0f}",
                f"{cell.floor:.0f}",
                f"{cell.of_floor:.3f}",
                f"{cell.server_milliseconds:.1f}",
                f"{cell.database_milliseconds:.1f}" if cell.database_cpu else "in the server",
                f"{cell.p95:.0f}",
            )
            for cell in self.cells
            if cell.kind == kind
        ]
        return f"### {kind}\n\n{table(('approval', *head), rows)}"

    def _counted(self) -> Iterable[Sequence[str]]:
        for found in self.statements:
            yield found.kind, str(found.approval), str(found.fewest), str(found.most)

    def _weighed(self) -> Iterable[Sequence[str]]:
        for table in sorted({table for found in self.storage for table in found.by_table}):
            name = f"{table} (apart)" if table in EVIDENCE else table
            yield name, *(f"{found.by_table.get(table, 0):.0f}" for found in self.storage)
        yield "all but the two apart", *(f"{found.without_evidence:.0f}" for found in self.storage)

    def _profiled(self) -> str:
        assert self.profile is not None
        shares = [(name, f"{share:.1%}") for name, share in self.profile.shares.items() if share >= 0.01]
        said = (
            f"{self.profile.completions} completions with {SMALLEST.number} departments on PostgreSQL, inside one "
            f"process under cProfile by processor time: {self.profile.calls:.0f} calls of functions each. "
            "The costliest calls are written to `benchmarks/profile.txt`."
        )
        return f"{said}\n\n{table(('code of', 'share of the time'), shares)}"


def judged(what: str, wanted: float, found: float, shape: str, *, at_least: bool = False) -> Sequence[str]:
    """A row that says what was to be reached and whether it was."""
    is_reached = found >= wanted if at_least else found <= wanted
    bound = ("≥ " if at_least else "≤ ") + shape.format(wanted)
    return what, bound, shape.format(found), "reached" if is_reached else "**missed**"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
