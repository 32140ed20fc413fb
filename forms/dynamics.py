"""What of a form depends on what is filled in: its parts that hold values, and their expressions.

Data only: made by the compiler, evaluated by `settling`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

WORD = re.compile(r"[^\W\d]\w*")
Segments = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """An expression, and the group around its component: what `this` is."""

    expression: str
    inside: Segments = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A component whose value stands at a place. `hides` are its own condition and those of the groups around it.

    `is_ignored`: it is shown, and what is submitted for it counts nowhere. `rows` is what is in each row of a dynamic
    list; of a fixed one, rows can be neither added nor removed.
    """

    place: Segments
    is_ignored: bool = False
    hides: tuple[Asked, ...] = ()
    readonly: Asked | None = None
    required: Asked | None = None
    options: Asked | None = None
    computed: Asked | None = None
    limits: Mapping[str, Asked] = field(default_factory=dict)
    rows: "Scope | None" = None
    is_fixed_list: bool = False

    @property
    def asked(self) -> tuple[Asked, ...]:
        """All of its expressions."""
        single = (self.readonly, self.required, self.options, self.computed)
        return (*self.hides, *(one for one in single if one is not None), *self.limits.values())


@dataclass(slots=True)
class Scope:
    """The form itself, or one row of a dynamic list."""

    parts: list[Part] = field(default_factory=list)

    @property
    def asked(self) -> tuple[Asked, ...]:
        """All expressions of its parts, those of rows apart."""
        return tuple(dict.fromkeys(one for part in self.parts for one in part.asked))

    @property
    def names(self) -> frozenset[str]:
        """Every word of its expressions: whatever variable they use is among them."""
        own = {word for one in self.asked for word in WORD.findall(one.expression)}
        return frozenset(own).union(*(part.rows.names for part in self.parts if part.rows is not None))

    @property
    def is_fixed(self) -> bool:
        """Whether nothing in it depends on anything."""
        return not self.asked and all(part.rows is None or part.rows.is_fixed for part in self.parts)
