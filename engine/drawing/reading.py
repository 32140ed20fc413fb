"""Reads how a BPMN file is laid out (BPMN 2.0, chapter 12). The file may be hostile: what is no place is not drawn.

Whether the file runs is not asked here; it was when the file was deployed.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final, TypeVar

from engine.diagram.element import Element
from engine.diagram.gate import open_file
from engine.diagram.model import EventKind
from engine.diagram.vocabulary import ACTIVITIES, EVENTS, GATEWAYS, REFUSED_NODES
from engine.drawing.layout import Bounds, Edge, Layout, Point, Repeats, Shape

FARTHEST: Final = 50_000.0  # pixels from the origin
MOST_SHAPES: Final = 4_000
MOST_POINTS: Final = 100
BETWEEN_PAGES: Final = 60.0
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")

CONTAINERS = frozenset({"participant", "lane"})
ARTIFACTS = frozenset({"textAnnotation", "group", "dataObjectReference", "dataStoreReference"})
SHAPES = EVENTS | GATEWAYS | ACTIVITIES | REFUSED_NODES | CONTAINERS | ARTIFACTS
EDGES = frozenset({"sequenceFlow", "messageFlow", "association", "dataInputAssociation", "dataOutputAssociation"})
DEFINITIONS: Mapping[str, EventKind] = {f"{kind.value}EventDefinition": kind for kind in EventKind}
INTERRUPTS: Mapping[str, str] = {"startEvent": "isInterrupting", "boundaryEvent": "cancelActivity"}

Index = Mapping[str, Element]
Drawn = TypeVar("Drawn")


def read_layout(source: bytes, process: str) -> Layout:
    """Where everything of a process is drawn; what the file does not place, or places nowhere, is missing.

    Raises DiagramRefused for bytes that are no harmless XML.
    """
    root = open_file(source)
    index = _index(root)
    shapes: list[Shape] = []
    edges: list[Edge] = []
    for page in _pages(root, index, process):
        drawn = _page(page, index)
        below = Layout(tuple(shapes), tuple(edges)).extent.bottom + BETWEEN_PAGES if shapes else None
        drawn = drawn if below is None else _moved(drawn, below - drawn.extent.y)
        shapes += drawn.shapes
        edges += drawn.edges
    return Layout(tuple(shapes[:MOST_SHAPES]), tuple(edges[:MOST_SHAPES]))


def _index(root: Element) -> dict[str, Element]:
    """The elements that can be drawn, by id; of two with one id the first."""
    index: dict[str, Element] = {}
    for element in root.walk():
        if element.id is not None and not element.name.startswith("bpmndi:"):
            index.setdefault(element.id, element)
    return index


def _pages(root: Element, index: Index, process: str) -> Iterator[Element]:
    """The planes of a file that show the process: not those of another process beside it."""
    for drawing in root.all("bpmndi:BPMNDiagram"):
        for plane in drawing.all("bpmndi:BPMNPlane"):
            shown = _of(plane, index)
            if shown is None or shown.name != "process" or shown.id == process:
                yield plane


def _page(plane: Element, index: Index) -> Layout:
    shapes: dict[str, Shape] = {}
    edges: dict[str, Edge] = {}
    for drawn in plane.children:
        element = _of(drawn, index)
        if element is None or element.id is None:
            continue
        if element.name in SHAPES and drawn.name == "bpmndi:BPMNShape":
            _keep(shapes, element.id, _shape(drawn, element, index))
        elif element.name in EDGES and drawn.name == "bpmndi:BPMNEdge":
            _keep(edges, element.id, _edge(drawn, element, index))
    return Layout(tuple(shapes.values()), tuple(edges.values()))


def _keep(kept: dict[str, Drawn], id: str, drawn: Drawn | None) -> None:
    """An element that is placed twice stands where it was placed first."""
    if drawn is not None:
        kept.setdefault(id, drawn)


def _of(drawn: Element, index: Index) -> Element | None:
    """The element that a shape, edge or plane shows; a prefix of its namespace does not count."""
    reference = drawn.get("bpmnElement") or ""
    return index.get(reference) or index.get(reference.rpartition(":")[2])


def _shape(drawn: Element, element: Element, index: Index) -> Shape | None:
    bounds = _bounds(drawn.first("dc:Bounds"))
    if bounds is None:
        return None
    return Shape(
        id=element.id or "",
        type=element.name,
        bounds=bounds,
        name=_name(element, index),
        label=_label(drawn),
        event=_event(element),
        interrupting=_interrupts(element),
        repeats=_repeats(element),
        is_expanded=drawn.holds("isExpanded", default=_is_open(element)),
        is_horizontal=drawn.holds("isHorizontal", default=True),
        by_event=element.holds("triggeredByEvent"),
        for_compensation=element.holds("isForCompensation"),
        has_marker=drawn.holds("isMarkerVisible"),
        fill=_colour(drawn, "bioc:fill", "color:background-color"),
        stroke=_colour(drawn, "bioc:stroke", "color:border-color"),
    )


def _is_open(element: Element) -> bool:
    """Whether a shape that does not say so shows what is in it: a pool without a process has nothing to show."""
    return element.get("processRef") is not None if element.name == "participant" else element.name != "callActivity"


def _name(element: Element, index: Index) -> str:
    """What is written on it: an annotation's text, a group's category, else its name."""
    if element.name == "textAnnotation":
        return element.text_of("text") or ""
    if element.name == "group":
        category = index.get(element.get("categoryValueRef") or "")
        return (category and category.get("value")) or ""
    return element.get("name") or ""


def _event(element: Element) -> EventKind:
    return next((DEFINITIONS[child.name] for child in element.children if child.name in DEFINITIONS), EventKind.NONE)


def _interrupts(element: Element) -> bool:
    """Whether its border is solid: what catches compensation interrupts nothing, and is not dashed for that."""
    is_dashed = not element.holds(INTERRUPTS.get(element.name, ""), default=True)
    return not is_dashed or _event(element) is EventKind.COMPENSATE


def _repeats(element: Element) -> Repeats | None:
    if element.first("standardLoopCharacteristics"):
        return Repeats.LOOP
    several = element.first("multiInstanceLoopCharacteristics")
    if several is None:
        return None
    return Repeats.SEQUENTIAL if several.holds("isSequential") else Repeats.PARALLEL


def _edge(drawn: Element, element: Element, index: Index) -> Edge | None:
    places = (_point(corner) for corner in drawn.all("di:waypoint")[:MOST_POINTS])
    points = tuple(place for place in places if place is not None)
    if len(points) < 2:
        return None
    source = index.get(element.get("sourceRef") or "")
    is_conditional = element.first("conditionExpression") is not None
    return Edge(
        id=element.id or "",
        type=element.name,
        points=points,
        name=element.get("name") or "",
        label=_label(drawn),
        source=element.get("sourceRef") or "",
        target=element.get("targetRef") or "",
        is_default=source is not None and source.get("default") == element.id,
        is_conditional=is_conditional and source is not None and source.name not in GATEWAYS,
        is_directed=element.name != "association" or element.get("associationDirection") in ("One", "Both"),
    )


def _label(drawn: Element) -> Bounds | None:
    label = drawn.first("bpmndi:BPMNLabel")
    return None if label is None else _bounds(label.first("dc:Bounds"))


def _bounds(element: Element | None) -> Bounds | None:
    if element is None:
        return None
    numbers = _numbers(element, "x", "y", "width", "height")
    if numbers is None or numbers[2] <= 0 or numbers[3] <= 0:
        return None
    return Bounds(*numbers)


def _point(element: Element) -> Point | None:
    numbers = _numbers(element, "x", "y")
    return None if numbers is None else Point(*numbers)


def _numbers(element: Element, *names: str) -> list[float] | None:
    """Attributes that are numbers within reach, or none of them."""
    try:
        numbers = [float(element.attributes.get(name, "")) for name in names]
    except ValueError:
        return None
    within = all(math.isfinite(number) and abs(number) <= FARTHEST for number in numbers)
    return numbers if within else None


def _colour(drawn: Element, *names: str) -> str | None:
    said: Iterable[str] = (drawn.get(name) or "" for name in names)
    return next((colour for colour in said if COLOUR.fullmatch(colour)), None)


def _moved(layout: Layout, down: float) -> Layout:
    return Layout(
        tuple(
            replace(shape, bounds=_lowered(shape.bounds, down), label=shape.label and _lowered(shape.label, down))
            for shape in layout.shapes
        ),
        tuple(
            replace(
                edge,
                points=tuple(Point(x, y + down) for x, y in edge.points),
                label=edge.label and _lowered(edge.label, down),
            )
            for edge in layout.edges
        ),
    )


def _lowered(bounds: Bounds, down: float) -> Bounds:
    return replace(bounds, y=bounds.y + down)
