"""The places that keys and paths claim in the submitted data. Two components never write to the same place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from forms.containers import RowLimits, Rows, Section
from forms.inputs import Input

DEEPEST_KEY = 12

_KEY = re.compile(r"[A-Za-z0-9_]{1,64}(\.[A-Za-z0-9_]{1,64})*")

Segments = tuple[str, ...]


@dataclass(slots=True)
class Leaf:
    """A claimed key. `input` is None for a field that is shown and never taken from a submission."""

    input: Input | None
    default: object


@dataclass(slots=True)
class Branch:
    """An object in the data: the form's root, a dotted key, a group's path, one row of a list."""

    children: "dict[str, Branch | Repeated | Leaf]" = field(default_factory=dict)

    def descend(self, segments: Segments) -> "Branch | None":
        """The object at that path, made when missing; None when something else stands there."""
        branch = self
        for segment in segments:
            child = branch.children.setdefault(segment, Branch())
            if not isinstance(child, Branch):
                return None
            branch = child
        return branch

    def claim(self, segments: Segments, claimed: "Leaf | Repeated") -> bool:
        """Puts a field or a list at that path; False when the place is taken."""
        branch = self.descend(segments[:-1])
        if branch is None or segments[-1] in branch.children:
            return False
        branch.children[segments[-1]] = claimed
        return True

    def section(self) -> Section:
        """The marshmallow field for this object."""
        return Section(dict(self._fields()))

    def _fields(self) -> Iterator[tuple[str, Section | Rows | Input]]:
        for key, child in self.children.items():
            if isinstance(child, Branch):
                yield key, child.section()
            elif isinstance(child, Repeated):
                yield key, Rows(child.row.section(), child.limits)
            elif child.input is not None:
                yield key, child.input

    def defaults(self) -> dict[str, object]:
        """The default values, nested as a submission is; what has none is left out."""
        found = {key: _default(child) for key, child in self.children.items()}
        return {key: value for key, value in found.items() if value not in (None, {}, [])}


@dataclass(slots=True)
class Repeated:
    """A dynamic list: the fields of one row, how many rows it may have, and with how many it begins."""

    row: Branch
    limits: RowLimits
    repetitions: int


def segments_of(key: object) -> Segments | None:
    """The parts of a dotted key or path, None when it is no key."""
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        return None
    segments = tuple(key.split("."))
    return segments if len(segments) <= DEEPEST_KEY else None


def _default(child: Branch | Repeated | Leaf) -> object:
    if isinstance(child, Branch):
        return child.defaults()
    if isinstance(child, Repeated):
        row = child.row.defaults()
        return [row for _ in range(child.repetitions)] if row else []
    return child.default
