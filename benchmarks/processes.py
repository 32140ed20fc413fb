"""What processes have cost the machine, as Linux accounts it in /proc."""

import os
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
PARENT, USER, CHILDREN_SYSTEM = 1, 11, 14
"""Places in /proc/PID/stat, counted from the field after the command's name."""


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and its descendants, those that have ended included."""
    stats = _stats()
    family, generation = {pid}, {pid}
    while generation:
        generation = {child for child, fields in stats.items() if fields[PARENT] in generation}
        family |= generation
    return sum(sum(stats[member][USER : CHILDREN_SYSTEM + 1]) for member in family if member in stats) / TICKS


def parent_of(pid: int) -> int:
    """Who started a process."""
    return _stats()[pid][PARENT]


def _stats() -> dict[int, list[int]]:
    found = {}
    for folder in PROC.glob("[0-9]*"):
        try:
            text = (folder / "stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        state, *numbers = text.rpartition(")")[2].split()
        found[int(folder.name)] = [ord(state), *map(int, numbers)]
    return found
