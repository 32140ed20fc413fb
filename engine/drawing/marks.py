"""What is said about an element beside its shape: that it was done, is at work, waits, was closed; how often, by whom.

A state shows by colour and by a badge of its own form, because not everybody tells colours apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class State(StrEnum):
    """DONE: it was completed. CURRENT: it is at work. WAITING: it is open and waits for something else. CLOSED: it
    was begun and ended without being completed."""

    DONE = "done"
    CURRENT = "current"
    WAITING = "waiting"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Look:
    """The colours of a state, the form of its badge and the dashes of its border."""

    stroke: str
    fill: str
    badge: str
    dashes: str | None = None
    width: float = 2


LOOKS: Mapping[State, Look] = {
    State.DONE: Look("#2e7d32", "#edf7ee", "M-4,0 L-1,3.2 L4.2,-3.2"),
    State.CURRENT: Look("#1257a8", "#e3effb", "M-2.6,-4 L4.2,0 L-2.6,4 Z", width=3),
    State.WAITING: Look("#9a5b00", "#fff4dc", "M-2,-3.6 V3.6 M2,-3.6 V3.6", dashes="7 3"),
    State.CLOSED: Look("#6b6f76", "#f0f0f1", "M-3,-3 L3,3 M3,-3 L-3,3"),
}
FILLED_BADGES = frozenset({State.CURRENT})


@dataclass(frozen=True, slots=True)
class Mark:
    """What is said about one element. `counts` is how many of how many are done, `note` a caption under the shape,
    `told` the lines of its tooltip, `links` where the processes that it called are shown."""

    state: State
    counts: str | None = None
    note: str | None = None
    told: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Markings:
    """Everything that is said about a diagram. `marks` are by element id, `taken` ids of flows, `legend` what the
    states are called, `names` are written in place of those drawn; without marks a diagram is drawn in black."""

    title: str
    description: str = ""
    marks: Mapping[str, Mark] = field(default_factory=dict)
    taken: frozenset[str] = frozenset()
    legend: Mapping[State, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
