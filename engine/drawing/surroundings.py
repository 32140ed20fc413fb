"""Draws what stands around flow nodes: pools and lanes, annotations, groups, data (BPMN 2.0, 7.4, 9.3, 10.4)."""

from collections.abc import Callable, Mapping
from xml.etree.ElementTree import Element

from engine.drawing.canvas import put
from engine.drawing.layout import Shape
from engine.drawing.lettering import FONTS, SIZE, height_of, wrapped, write
from engine.drawing.pen import Pen

BAND = 30.0
FOLD = 10.0
GROUP_DASHES = "10 4 2 4"


def draw_pool(group: Element, shape: Shape, pen: Pen) -> None:
    """A pool with its name in a band: on the left, turned, or on top of an upright one."""
    _rectangle(group, shape, pen)
    box = shape.bounds
    if not shape.is_expanded:
        return
    line = f"M{box.x + BAND:.1f},{box.y:.1f} V{box.bottom:.1f}"
    pen.path(group, line if shape.is_horizontal else f"M{box.x:.1f},{box.y + BAND:.1f} H{box.right:.1f}")


def draw_lane(group: Element, shape: Shape, pen: Pen) -> None:
    """A lane: a division of its pool."""
    _rectangle(group, shape, Pen(pen.stroke, None, 1.2))


def _rectangle(
    group: Element, shape: Shape, pen: Pen, *, rounded: float | None = None, dashes: str | None = None
) -> None:
    box = shape.bounds
    put(
        group,
        "rect",
        x=box.x,
        y=box.y,
        width=box.width,
        height=box.height,
        rx=rounded,
        fill=pen.fill or "none",
        stroke=pen.stroke,
        stroke_width=min(pen.width, 1.6),
        stroke_dasharray=dashes,
    )


def draw_annotation(group: Element, shape: Shape, pen: Pen) -> None:
    """A bracket."""
    box = shape.bounds
    pen.path(group, f"M{box.x + FOLD:.1f},{box.y:.1f} H{box.x:.1f} V{box.bottom:.1f} H{box.x + FOLD:.1f}", width=1.5)


def draw_group(group: Element, shape: Shape, pen: Pen) -> None:
    """A dashed frame that hides nothing."""
    _rectangle(group, shape, Pen(pen.stroke, None, 1.4), rounded=FOLD, dashes=GROUP_DASHES)


def draw_data_object(group: Element, shape: Shape, pen: Pen) -> None:
    """A sheet with a folded corner."""
    box = shape.bounds
    fold = min(FOLD, box.width / 2, box.height / 2)
    sheet = (
        f"M{box.x:.1f},{box.y:.1f} H{box.right - fold:.1f} L{box.right:.1f},{box.y + fold:.1f} "
        f"V{box.bottom:.1f} H{box.x:.1f} Z M{box.right - fold:.1f},{box.y:.1f} v{fold:.1f} h{fold:.1f}"
    )
    pen.path(group, sheet, fill=pen.fill, width=1.6)


def draw_data_store(group: Element, shape: Shape, pen: Pen) -> None:
    """A drum."""
    box, lid = shape.bounds, min(shape.bounds.height / 6, 10.0)
    arc, left = f"a{box.width / 2:.1f},{lid:.1f} 0 0 0", f"M{box.x:.1f},{box.y + lid:.1f}"
    drum = (
        f"{left} V{box.bottom - lid:.1f} {arc} {box.width:.1f},0 V{box.y + lid:.1f} "
        f"{left} {arc} {box.width:.1f},0 {arc} {-box.width:.1f},0"
    )
    pen.path(group, drum, fill=pen.fill, width=1.6)


DRAWERS: Mapping[str, Callable[[Element, Shape, Pen], None]] = {
    "participant": draw_pool,
    "lane": draw_lane,
    "textAnnotation": draw_annotation,
    "group": draw_group,
    "dataObjectReference": draw_data_object,
    "dataStoreReference": draw_data_store,
}


def write_band(group: Element, shape: Shape) -> None:
    """The name of a pool or lane, in its band."""
    box = shape.bounds
    across = shape.is_horizontal and (shape.is_expanded or shape.type == "lane")
    lines = wrapped(shape.name, (box.height if across else box.width) - 10, 2 if across else 1)
    x, y = (box.x + BAND / 2, box.centre.y) if across else (box.centre.x, box.y + BAND / 2)
    if shape.type == "participant" and not shape.is_expanded:
        y = box.centre.y
    text = put(
        group,
        "text",
        font_family=FONTS,
        font_size=SIZE,
        text_anchor="middle",
        fill=Pen().stroke,
        transform=f"translate({x:.1f} {y:.1f}) rotate(-90)" if across else f"translate({x:.1f} {y:.1f})",
    )
    for place, line in enumerate(lines):
        put(text, "tspan", line, x=0, y=SIZE * (0.35 + 1.2 * place) - (height_of(lines) - SIZE * 1.2) / 2)


def write_annotation(group: Element, shape: Shape) -> None:
    """An annotation's text, from its upper left."""
    box = shape.bounds
    lines = wrapped(shape.name, box.width - 10, max(1, int((box.height - 4) / (SIZE * 1.2))))
    write(group, lines, box.around(-6).centre._replace(x=box.x + 7, y=box.y + 5), anchor="start")
