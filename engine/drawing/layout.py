"""What a BPMN file looks like: shapes and edges where the designer put them, in the file's own pixels. Pure data."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from engine.diagram.model import EventKind


class Point(NamedTuple):
    """A place in the diagram; y grows downwards."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Bounds:
    """A rectangle, by its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def centre(self) -> Point:
        return Point(self.x + self.width / 2, self.y + self.height / 2)

    def around(self, margin: float) -> "Bounds":
        """The rectangle with a margin on every side."""
        return Bounds(self.x - margin, self.y - margin, self.width + 2 * margin, self.height + 2 * margin)


def covering(points: Iterable[Point]) -> Bounds:
    """The smallest rectangle that holds all these points; without a point, an empty one."""
    places = list(points) or [Point(0, 0)]
    left, top = min(place.x for place in places), min(place.y for place in places)
    return Bounds(left, top, max(place.x for place in places) - left, max(place.y for place in places) - top)


class Repeats(StrEnum):
    """How an activity repeats (BPMN 2.0, 10.3.8)."""

    LOOP = "loop"
    PARALLEL = "parallel"
    SEQUENTIAL = "sequential"


@dataclass(frozen=True, slots=True)
class Shape:
    """A drawn node, pool, lane or artifact. `type` is the BPMN element's local name.

    `label` is where the designer moved the name. `interrupting` is meaningful on events only, `is_horizontal` on pools
    and lanes. `fill` and `stroke` are the designer's own colours.
    """

    id: str
    type: str
    bounds: Bounds
    name: str = ""
    label: Bounds | None = None
    event: EventKind = EventKind.NONE
    interrupting: bool = True
    repeats: Repeats | None = None
    is_expanded: bool = True
    is_horizontal: bool = True
    by_event: bool = False
    for_compensation: bool = False
    has_marker: bool = False
    fill: str | None = None
    stroke: str | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """A drawn connection with its corners, at least two. `source` and `target` are ids of elements."""

    id: str
    type: str
    points: tuple[Point, ...]
    name: str = ""
    label: Bounds | None = None
    source: str = ""
    target: str = ""
    is_default: bool = False
    is_conditional: bool = False
    is_directed: bool = True


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything that is drawn, in the order of the file; a collapsed sub-process's own page stands below the rest."""

    shapes: tuple[Shape, ...]
    edges: tuple[Edge, ...]

    @property
    def extent(self) -> Bounds:
        """The rectangle that holds everything."""
        boxes = [box for shape in self.shapes for box in (shape.bounds, shape.label) if box is not None]
        boxes += [box for edge in self.edges for box in (covering(edge.points), edge.label) if box is not None]
        corners = [corner for box in boxes for corner in (Point(box.x, box.y), Point(box.right, box.bottom))]
        return covering(corners)
