"""Puts a diagram together as one SVG: what surrounds, edges, nodes, names, and on top what is said about them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from xml.etree.ElementTree import Element

from engine.drawing import icons, nodes, surroundings
from engine.drawing.badges import SMALL, draw_badge, draw_links, draw_mark
from engine.drawing.canvas import SVG, new, put, written
from engine.drawing.edges import beside_middle, draw_edge
from engine.drawing.layout import Bounds, Edge, Layout, Point, Shape
from engine.drawing.lettering import FONTS, OUTSIDE, SIZE, height_of, width_of, wrapped, write
from engine.drawing.marks import LOOKS, Markings, State
from engine.drawing.pen import INK, PALE, Pen

ON_BORDER = 6.0
SIGN = 24.0  # from the upper left corner of a task to where its sign ends
MARGIN = 24.0
LEGEND = 34.0
NARROWEST = 320.0
LARGEST = 6_000.0  # pixels shown; a larger drawing is scaled down
LABEL = 90.0
MOST_LINES = 6
TAKEN = Pen(stroke=LOOKS[State.DONE].stroke, width=3)
LINE = 1.5


def draw(layout: Layout, said: Markings) -> str:
    """The picture. It holds no script and refers to nothing outside but the links that the marks give."""
    box = _canvas(layout, said)
    svg = _frame(box, said)
    shapes = [replace(shape, name=said.names.get(shape.id, shape.name)) for shape in layout.shapes]
    around = [shape for shape in shapes if _is_behind(shape)]
    inside = [shape for shape in shapes if not _is_behind(shape)]
    for shape in around:
        _draw_shape(svg, shape, said)
    for edge in sorted(layout.edges, key=lambda edge: edge.id in said.taken):
        _draw_edge(svg, edge, said)
    for shape in inside:
        _draw_shape(svg, shape, said)
    for edge in layout.edges:
        _name_edge(svg, edge)
    attached = [shape.bounds.centre for shape in shapes if shape.type == "boundaryEvent"]
    docked = [place for edge in layout.edges for place in (edge.points[0], edge.points[-1])]
    for shape in shapes:
        if shape.id in said.marks:
            crowded = _is_crowded_below(shape.bounds, attached, docked)
            draw_mark(put(svg, "g", pointer_events="none"), shape, said.marks[shape.id], crowded_below=crowded)
            draw_links(svg, shape, said.marks[shape.id])
    _draw_legend(svg, box, said.legend)
    return written(svg)


def _is_crowded_below(box: Bounds, attached: Sequence[Point], docked: Sequence[Point]) -> bool:
    """Whether an event is attached to the lower border of a shape, or a flow docks there and none at the upper."""
    below = any(_is_on(box, box.bottom, place) for place in docked)
    above = any(_is_on(box, box.y, place) for place in docked)
    return any(_is_on(box, box.bottom, place) for place in attached) or (below and not above)


def _is_on(box: Bounds, y: float, place: Point) -> bool:
    return box.x <= place.x <= box.right and abs(place.y - y) <= ON_BORDER


def _canvas(layout: Layout, said: Markings) -> Bounds:
    box = layout.extent.around(MARGIN)
    legend = LEGEND if said.legend else 0
    return Bounds(box.x, box.y, max(box.width, NARROWEST), box.height + legend)


def _frame(box: Bounds, said: Markings) -> Element:
    scale = min(1, LARGEST / max(box.width, box.height))
    svg = new(
        "svg",
        xmlns=SVG,
        viewBox=f"{box.x:.1f} {box.y:.1f} {box.width:.1f} {box.height:.1f}",
        width=box.width * scale,
        height=box.height * scale,
        role="img",
        aria_label=said.title,
        font_family=FONTS,
    )
    put(svg, "title", said.title)
    if said.description:
        put(svg, "desc", said.description)
    put(svg, "rect", x=box.x, y=box.y, width=box.width, height=box.height, fill="#ffffff")
    return svg


def _is_behind(shape: Shape) -> bool:
    """Whether edges run over it: pools, lanes, opened sub-processes."""
    return shape.type in ("participant", "lane") or (shape.type in nodes.SUB_PROCESSES and shape.is_expanded)


def _pen(shape: Shape, said: Markings) -> Pen:
    mark = said.marks.get(shape.id)
    if mark is None:
        return Pen(shape.stroke or INK, shape.fill or "#ffffff", LINE)
    look = LOOKS[mark.state]
    return Pen(look.stroke, None if _is_behind(shape) else look.fill, look.width, look.dashes)


def _draw_shape(svg: Element, shape: Shape, said: Markings) -> None:
    mark = said.marks.get(shape.id)
    parent = put(svg, "a", href=mark.links[0]) if mark and len(mark.links) == 1 else svg
    group = put(parent, "g", data_element_id=shape.id, data_state=mark.state.value if mark else None)
    told = [" / ".join(shape.name.split("\n")), *(mark.told if mark else ())]
    if any(told):
        put(group, "title", "\n".join(filter(None, told)))
    pen = _pen(shape, said)
    surrounds = surroundings.DRAWERS.get(shape.type)
    if surrounds is not None:
        surrounds(group, shape, pen)
    else:
        nodes.drawer_of(shape)(group, shape, pen)
    _name_shape(group, shape)


def _name_shape(group: Element, shape: Shape) -> None:
    """Where a name belongs: in the band of a pool, in a task, at the top of an opened sub-process, else outside."""
    box = shape.bounds
    if shape.type in ("participant", "lane"):
        surroundings.write_band(group, shape)
    elif shape.type == "textAnnotation":
        surroundings.write_annotation(group, shape)
    elif nodes.drawer_of(shape) is not nodes.draw_activity or shape.type in surroundings.DRAWERS:
        _write_label(group, shape.name, shape.label or Bounds(box.centre.x, box.bottom + 6, 0, 0))
    elif _is_behind(shape):
        write(group, wrapped(shape.name, box.width - 20, 2), Point(box.centre.x, box.y + 8))
    else:
        _name_activity(group, shape)


def _name_activity(group: Element, shape: Shape) -> None:
    """In the middle; a name that would cover the sign of the task's kind stands below it, in smaller letters."""
    box, top = shape.bounds, shape.bounds.y + 4
    room = box.height - 8 - (16 if nodes.markers(shape) else 0)
    size, lines = SIZE, wrapped(shape.name, box.width - 14, _most_lines(room, SIZE))
    widest = max(map(width_of, lines), default=0)
    covers = top + (room - height_of(lines)) / 2 < box.y + SIGN and widest > box.width - 2 * SIGN
    if covers and shape.type in icons.TASKS:
        top, room, size = box.y + SIGN, room - SIGN + 4, SMALL
        lines = wrapped(shape.name, box.width - 14, _most_lines(room, SMALL), SMALL)
    write(group, lines, Point(box.centre.x, top + (room - height_of(lines, size)) / 2), size=size)


def _most_lines(room: float, size: float) -> int:
    return max(1, int(room / height_of([""], size)))


def _name_edge(svg: Element, edge: Edge) -> None:
    if edge.label is not None or not edge.name:
        _write_label(svg, edge.name, edge.label or Bounds(0, 0, 0, 0))
        return
    middle, upright = beside_middle(edge)
    if upright:
        lines = wrapped(edge.name, LABEL, MOST_LINES, OUTSIDE)
        at = Point(middle.x + 6, middle.y - height_of(lines, OUTSIDE) / 2)
        write(svg, lines, at, size=OUTSIDE, anchor="start", halo=True)
    else:
        _write_label(svg, edge.name, Bounds(middle.x, middle.y - OUTSIDE * 1.4, 0, 0))


def _write_label(parent: Element, name: str, place: Bounds) -> None:
    """A name outside its shape: as wide as the designer made it, at least as a modeller would show it."""
    lines = wrapped(name, max(place.width, LABEL), MOST_LINES, OUTSIDE)
    write(parent, lines, Point(place.centre.x, place.y), size=OUTSIDE, halo=True)


def _draw_edge(svg: Element, edge: Edge, said: Markings) -> None:
    group = put(svg, "g", data_element_id=edge.id, data_taken="true" if edge.id in said.taken else None)
    if edge.id in said.taken:
        draw_edge(group, edge, TAKEN)
    else:
        draw_edge(group, edge, Pen(stroke=PALE if said.marks else INK, width=LINE))


def _draw_legend(svg: Element, box: Bounds, legend: Mapping[State, str]) -> None:
    """What the badges mean, along the lower edge."""
    if not legend:
        return
    group = put(svg, "g", data_legend="true")
    at = Point(box.x + MARGIN, box.bottom - LEGEND / 2 - 2)
    for state, words in _ordered(legend):
        draw_badge(group, at, state)
        write(group, [words], Point(at.x + 15, at.y - 7), anchor="start", colour=LOOKS[state].stroke)
        at = Point(at.x + 15 + width_of(words) + 24, at.y)


def _ordered(legend: Mapping[State, str]) -> Iterable[tuple[State, str]]:
    return [(state, legend[state]) for state in State if state in legend]
