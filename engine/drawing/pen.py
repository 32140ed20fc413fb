"""With what an element is drawn: its colours, the width and dashes of its line."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from engine.drawing.canvas import put
from engine.drawing.layout import Point

INK = "#22242a"
PALE = "#8a8f98"
PAPER = "#ffffff"


@dataclass(frozen=True, slots=True)
class Pen:
    """`fill` is None where what lies behind shows through."""

    stroke: str = INK
    fill: str | None = PAPER
    width: float = 2
    dashes: str | None = None

    def path(self, parent: Element, d: str, *, fill: str | None = None, width: float | None = None) -> None:
        """A line in this pen; nothing is filled unless a colour is said."""
        put(
            parent,
            "path",
            d=d,
            fill=fill or "none",
            stroke=self.stroke,
            stroke_width=width or self.width,
            stroke_dasharray=self.dashes,
            stroke_linejoin="round",
        )

    def circle(self, parent: Element, at: Point, radius: float, *, width: float, filled: bool = True) -> None:
        """A circle in this pen."""
        put(
            parent,
            "circle",
            cx=at.x,
            cy=at.y,
            r=max(radius, 0.5),
            fill=(self.fill if filled else None) or "none",
            stroke=self.stroke,
            stroke_width=width,
            stroke_dasharray=self.dashes,
        )


def sign(
    parent: Element, d: str, at: Point, scale: float, *, stroke: str, fill: str = "none", width: float = 1.2
) -> None:
    """A sign from `engine.drawing.icons` around a place; its lines keep their width however small it is."""
    put(
        parent,
        "path",
        d=d,
        transform=f"translate({at.x:.1f} {at.y:.1f}) scale({scale:.2f})",
        fill=fill,
        stroke=stroke,
        stroke_width=width,
        stroke_linejoin="round",
        vector_effect="non-scaling-stroke",
    )
