"""Draws one connection: its line, arrowhead and the marks of a default or conditional flow (BPMN 2.0, 7.6)."""

import math
from xml.etree.ElementTree import Element

from engine.drawing.canvas import put
from engine.drawing.layout import Edge, Point
from engine.drawing.pen import PAPER, Pen

HEAD = 10.0
DASHES = {"messageFlow": "8 5", "association": "1 4", "dataInputAssociation": "1 4", "dataOutputAssociation": "1 4"}


def draw_edge(group: Element, edge: Edge, pen: Pen) -> None:
    """The line ends a little before its target, so that the arrowhead stays sharp."""
    points = edge.points
    solid = edge.type == "sequenceFlow"
    line = [*points[:-1], _towards(points[-1], points[-2], HEAD * 0.6)] if solid else points
    put(
        group,
        "polyline",
        points=" ".join(f"{x:.1f},{y:.1f}" for x, y in line),
        fill="none",
        stroke=pen.stroke,
        stroke_width=pen.width,
        stroke_linejoin="round",
        stroke_linecap="round" if edge.type.endswith("ssociation") else None,
        stroke_dasharray=DASHES.get(edge.type),
    )
    if edge.is_directed:
        _head(group, edge, pen)
    if edge.type == "messageFlow":
        put(group, "circle", cx=points[0].x, cy=points[0].y, r=4, fill=PAPER, stroke=pen.stroke, stroke_width=1.5)
    if edge.is_default:
        _slash(group, edge, pen)
    elif edge.is_conditional:
        _diamond(group, edge, pen)


def _head(group: Element, edge: Edge, pen: Pen) -> None:
    """Filled for a sequence flow, hollow for a message, open for an association."""
    tip, before = edge.points[-1], edge.points[-2]
    size = HEAD + 1.5 * max(0, pen.width - 1.5)
    left, right = _beside(tip, before, size, 0.4), _beside(tip, before, size, -0.4)
    d = f"M{left.x:.1f},{left.y:.1f} L{tip.x:.1f},{tip.y:.1f} L{right.x:.1f},{right.y:.1f}"
    if edge.type == "sequenceFlow":
        put(group, "path", d=f"{d} Z", fill=pen.stroke)
    else:
        closed = edge.type == "messageFlow"
        put(group, "path", d=f"{d} Z" if closed else d, fill=PAPER if closed else "none", stroke=pen.stroke)


def _slash(group: Element, edge: Edge, pen: Pen) -> None:
    at = _towards(edge.points[0], edge.points[1], 14)
    along = math.atan2(edge.points[1].y - edge.points[0].y, edge.points[1].x - edge.points[0].x) - math.radians(60)
    dx, dy = 6 * math.cos(along), 6 * math.sin(along)
    pen.path(group, f"M{at.x - dx:.1f},{at.y - dy:.1f} L{at.x + dx:.1f},{at.y + dy:.1f}")


def _diamond(group: Element, edge: Edge, pen: Pen) -> None:
    start, after = edge.points[0], edge.points[1]
    far, middle = _towards(start, after, 16), _towards(start, after, 8)
    left, right = _beside(middle, start, 0, 0, 5), _beside(middle, start, 0, 0, -5)
    corners = " ".join(
        f"{'L' if place else 'M'}{x:.1f},{y:.1f}" for place, (x, y) in enumerate((start, left, far, right))
    )
    pen.path(group, f"{corners} Z", fill=PAPER, width=1.5)


def _towards(start: Point, end: Point, far: float) -> Point:
    """So far from one place towards another, at most there."""
    length = math.dist(start, end)
    share = 0 if length == 0 else min(1, far / length)
    return Point(start.x + (end.x - start.x) * share, start.y + (end.y - start.y) * share)


def _beside(tip: Point, before: Point, back: float, slope: float, aside: float = 0) -> Point:
    """A place behind the tip of a line and beside it."""
    length = math.dist(tip, before) or 1
    dx, dy = (tip.x - before.x) / length, (tip.y - before.y) / length
    side = back * slope + aside
    return Point(tip.x - dx * back - dy * side, tip.y - dy * back + dx * side)


def beside_middle(edge: Edge) -> tuple[Point, bool]:
    """Where a name stands that the designer did not move: at the place halfway along the line, and whether the line
    runs upright there, so that the name belongs beside and not above it."""
    pairs = list(zip(edge.points, edge.points[1:], strict=False))
    left = sum(math.dist(a, b) for a, b in pairs) / 2
    for a, b in pairs:
        length = math.dist(a, b)
        if left <= length:
            return _towards(a, b, left), abs(b.y - a.y) > abs(b.x - a.x)
        left -= length
    return edge.points[-1], False
