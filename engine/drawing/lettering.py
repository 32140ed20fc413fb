"""Sets text: how wide it is, where a line breaks, in Chinese between any two characters and else between words."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final, Literal
from xml.etree.ElementTree import Element

from engine.drawing.canvas import put
from engine.drawing.layout import Point

FONTS: Final = (
    "Arial, 'Noto Sans CJK SC', 'Noto Sans SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', "
    "'WenQuanYi Micro Hei', SimSun, sans-serif"
)
SIZE: Final = 12.0
OUTSIDE: Final = 11.0  # names beside shapes and edges
LEADING: Final = 1.2
LONGEST: Final = 400  # characters
WORDS = re.compile(r"[^\s\u2e80-\uffff]+|\s+|.", re.DOTALL)
NEVER_FIRST = frozenset("，。、；：？！）》”’」』】,.;:?!)]}")
WIDE, NARROW, CAPITAL, SLIM = 1.0, 0.52, 0.69, 0.27
Anchor = Literal["start", "middle", "end"]


def width_of(text: str, size: float = SIZE) -> float:
    """About how wide a line is; fonts differ, so it is a little too wide rather than too narrow."""
    return size * sum(_share(character) for character in text)


def _share(character: str) -> float:
    if unicodedata.east_asian_width(character) in ("W", "F", "A"):
        return WIDE
    if character in " il.,:;'|!()[]-":
        return SLIM
    return CAPITAL if character.isupper() or character in "mwMW%@" else NARROW


def wrapped(text: str, width: float, most: int, size: float = SIZE) -> list[str]:
    """The lines of a label, its own line breaks kept; beyond `most` lines it ends in an ellipsis."""
    lines = [line for paragraph in text[:LONGEST].splitlines() for line in _broken(paragraph.strip(), width, size)]
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], shortened(f"{lines[most - 1]}…", width, size)] if most > 0 else []


def shortened(line: str, width: float, size: float) -> str:
    """As much of a line as fits, an ellipsis for the rest."""
    text = line.removesuffix("…")
    while text and width_of(f"{text}…", size) > width:
        text = text[:-1]
    return f"{text}…"


def fitting(line: str, width: float, size: float) -> str:
    """The line, shortened where it does not fit."""
    return line if width_of(line, size) <= width else shortened(line, width, size)


def _broken(paragraph: str, width: float, size: float) -> list[str]:
    lines, line = [], ""
    for word in WORDS.findall(paragraph):
        for part in _parts(word, width, size):
            if line.strip() and part not in NEVER_FIRST and width_of(line + part.rstrip(), size) > width:
                lines.append(line.strip())
                line = ""
            line += part
    return [*lines, line.strip()] if line.strip() else lines


def _parts(word: str, width: float, size: float) -> Sequence[str]:
    """A word that is longer than a line breaks anywhere."""
    return word if width_of(word, size) > width else (word,)


def write(
    parent: Element,
    lines: Sequence[str],
    at: Point,
    *,
    size: float = SIZE,
    anchor: Anchor = "middle",
    colour: str = "#22242a",
    halo: bool = False,
    weight: str | None = None,
) -> None:
    """Lines below one another; `at` is the top of the first. A halo keeps them readable over edges."""
    if not lines:
        return
    text = put(
        parent,
        "text",
        font_size=size,
        font_weight=weight,
        text_anchor=None if anchor == "start" else anchor,
        fill=colour,
        stroke="#ffffff" if halo else None,
        stroke_width=3 if halo else None,
        stroke_linejoin="round" if halo else None,
        paint_order="stroke" if halo else None,
    )
    for place, line in enumerate(lines):
        put(text, "tspan", line, x=at.x, y=at.y + size * (0.85 + LEADING * place))


def height_of(lines: Sequence[str], size: float = SIZE) -> float:
    """How much room lines take."""
    return len(lines) * size * LEADING
