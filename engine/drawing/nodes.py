"""Draws one flow node: an event, a gateway, an activity (BPMN 2.0, 10.3 to 10.6)."""

from collections.abc import Callable
from dataclasses import replace
from xml.etree.ElementTree import Element

from engine.drawing import icons
from engine.drawing.canvas import put
from engine.drawing.layout import Bounds, Point, Shape
from engine.drawing.pen import PAPER, Pen, sign

THROWS = frozenset({"intermediateThrowEvent", "endEvent"})
DOUBLE = frozenset({"intermediateThrowEvent", "intermediateCatchEvent", "boundaryEvent"})
SUB_PROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
NOT_INTERRUPTING = "5 3"
BY_EVENT = "2 3"
CORNER = 10.0
RING = 3.0
ICON = 0.9
MARKERS_APART = 20.0


def draw_event(group: Element, shape: Shape, pen: Pen) -> None:
    """A circle: thin, double or thick; dashed where it does not interrupt; its sign filled where it throws."""
    at, radius = shape.bounds.centre, min(shape.bounds.width, shape.bounds.height) / 2
    pen = replace(pen, dashes=None if shape.interrupting else NOT_INTERRUPTING)
    thick = max(4, pen.width) if shape.type == "endEvent" else max(1.5, pen.width * 0.8)
    pen.circle(group, at, radius, width=thick)
    if shape.type in DOUBLE:
        pen.circle(group, at, radius - RING, width=thick, filled=False)
    d = icons.EVENTS.get(shape.event)
    if d is not None:
        _icon(group, d, at, radius / 18, pen.stroke, shape.type in THROWS or shape.event in icons.ALWAYS_FILLED)


def draw_gateway(group: Element, shape: Shape, pen: Pen) -> None:
    """A diamond with the mark of its kind; an exclusive one only where the designer shows it."""
    box, (x, y) = shape.bounds, shape.bounds.centre
    corners = f"M{box.x:.1f},{y:.1f} L{x:.1f},{box.y:.1f} L{box.right:.1f},{y:.1f} L{x:.1f},{box.bottom:.1f} Z"
    pen.path(group, corners, fill=pen.fill)
    d = icons.GATEWAYS.get(shape.type)
    if d is not None and (shape.type != "exclusiveGateway" or shape.has_marker):
        width = 3 if shape.type in icons.BOLD_GATEWAYS else 1.5
        sign(group, d, Point(x, y), min(box.width, box.height) / 42, stroke=pen.stroke, width=width)


def draw_activity(group: Element, shape: Shape, pen: Pen) -> None:
    """A rounded rectangle: thick for a call, dotted for an event sub-process, double for a transaction."""
    if shape.by_event:
        pen = replace(pen, dashes=BY_EVENT)
    width = max(4.5, pen.width) if shape.type == "callActivity" else pen.width
    _box(group, shape.bounds, replace(pen, width=width))
    if shape.type == "transaction":
        _box(group, shape.bounds.around(-RING), replace(pen, fill=None))
    if shape.type in icons.TASKS:
        at = Point(shape.bounds.x + 15, shape.bounds.y + 15)
        _icon(group, icons.TASKS[shape.type], at, ICON, pen.stroke, shape.type in icons.FILLED_TASKS)
    for d, at in markers(shape):
        sign(group, d, at, ICON, stroke=pen.stroke, width=1.6)


def _icon(group: Element, d: str, at: Point, scale: float, stroke: str, filled: bool) -> None:
    """A sign in outline, or filled; a filled envelope keeps its flap."""
    sign(group, d, at, scale, stroke=stroke, fill=stroke if filled else "none")
    if filled and d == icons.ENVELOPE:
        sign(group, icons.FLAP, at, scale, stroke=PAPER)


def _box(group: Element, box: Bounds, pen: Pen) -> None:
    put(
        group,
        "rect",
        x=box.x,
        y=box.y,
        width=max(box.width, 1),
        height=max(box.height, 1),
        rx=CORNER,
        fill=pen.fill or "none",
        stroke=pen.stroke,
        stroke_width=pen.width,
        stroke_dasharray=pen.dashes,
    )


def markers(shape: Shape) -> list[tuple[str, Point]]:
    """The signs at the lower edge of an activity: how it repeats, that it undoes, hides something or is ad hoc."""
    shown = [] if shape.repeats is None else [icons.REPEATS[shape.repeats]]
    if shape.for_compensation:
        shown.append(icons.REWIND)
    if shape.type == "callActivity" or (shape.type in SUB_PROCESSES and not shape.is_expanded):
        shown.append(icons.COLLAPSED)
    if shape.type == "adHocSubProcess":
        shown.append(icons.AD_HOC)
    left = shape.bounds.centre.x - MARKERS_APART * (len(shown) - 1) / 2
    return [(d, Point(left + MARKERS_APART * place, shape.bounds.bottom - 10)) for place, d in enumerate(shown)]


def drawer_of(shape: Shape) -> Callable[[Element, Shape, Pen], None]:
    """How a flow node of this type is drawn."""
    if shape.type.endswith("Event"):
        return draw_event
    return draw_gateway if shape.type.endswith("Gateway") else draw_activity
