"""Draws what is said about a shape: its state as a badge, how many are done, who and when as a caption."""

from xml.etree.ElementTree import Element

from engine.drawing.canvas import put
from engine.drawing.layout import Point, Shape
from engine.drawing.lettering import fitting, width_of, write
from engine.drawing.marks import FILLED_BADGES, LOOKS, Mark, State
from engine.drawing.pen import PAPER

RADIUS = 9.0
SMALL = 10.0
WIDEST_NOTE = 150.0
APART = 20.0
ABOVE = 24.0
MOST_LINKS = 30


def draw_badge(group: Element, at: Point, state: State) -> None:
    """A disc whose sign tells the state without its colour."""
    look = LOOKS[state]
    put(group, "circle", cx=at.x, cy=at.y, r=RADIUS, fill=look.stroke, stroke=PAPER, stroke_width=1.5)
    filled = state in FILLED_BADGES
    put(
        group,
        "path",
        d=look.badge,
        transform=f"translate({at.x:.1f} {at.y:.1f})",
        fill=PAPER if filled else "none",
        stroke=PAPER,
        stroke_width=1 if filled else 2.2,
        stroke_linecap="round",
        stroke_linejoin="round",
    )


def draw_mark(group: Element, shape: Shape, mark: Mark, *, crowded_below: bool = False) -> None:
    """Badge, count and caption of one shape; a gateway is told by its border and its flows alone.

    `crowded_below`: the caption stands above the shape, where nothing on its border is in the way.
    """
    if shape.type.endswith("Gateway"):
        return
    box = shape.bounds
    draw_badge(group, Point(box.right - 3, box.y + 3), mark.state)
    if mark.counts and not shape.type.endswith("Event"):
        _pill(group, mark.counts, Point(box.x + 6, box.y - 3), LOOKS[mark.state].stroke)
    if mark.note:
        line = fitting(mark.note, max(box.width + 16, WIDEST_NOTE if shape.name else 0), SMALL)
        top = box.y - ABOVE if crowded_below else box.bottom + 3
        write(group, [line], Point(box.centre.x, top), size=SMALL, colour=LOOKS[mark.state].stroke, halo=True)


def draw_links(svg: Element, shape: Shape, mark: Mark) -> None:
    """Of several called processes each has a number under the shape that leads to it."""
    if len(mark.links) < 2:
        return
    box, shown = shape.bounds, mark.links[:MOST_LINKS]
    left = box.centre.x - APART * (len(shown) - 1) / 2
    for place, link in enumerate(shown):
        at = Point(left + APART * place, box.bottom + 12)
        one = put(svg, "a", href=link)
        put(one, "circle", cx=at.x, cy=at.y, r=8, fill=PAPER, stroke=LOOKS[mark.state].stroke)
        write(one, [str(place + 1)], Point(at.x, at.y - 5), size=SMALL, colour=LOOKS[mark.state].stroke)


def _pill(group: Element, text: str, at: Point, colour: str) -> None:
    width = width_of(text, SMALL) + 12
    put(group, "rect", x=at.x, y=at.y - 8, width=width, height=16, rx=8, fill=PAPER, stroke=colour, stroke_width=1.5)
    write(group, [text], Point(at.x + width / 2, at.y - 5), size=SMALL, colour=colour, weight="bold")
