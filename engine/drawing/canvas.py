"""Writes SVG: elements, numbers and text. Nothing that is drawn can leave its attribute or its text."""

import re
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

SVG = "http://www.w3.org/2000/svg"
NEVER_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Value = str | float | None


def new(name: str, text: str | None = None, **attributes: Value) -> Element:
    """An element of its own."""
    element = Element(name, _written(attributes))
    element.text = None if text is None else clean(text)
    return element


def put(parent: Element, name: str, text: str | None = None, **attributes: Value) -> Element:
    """A child. Attributes are written with underscores (`stroke_width`); a missing value leaves one out."""
    element = SubElement(parent, name, _written(attributes))
    element.text = None if text is None else clean(text)
    return element


def _written(attributes: dict[str, Value]) -> dict[str, str]:
    return {
        name.rstrip("_").replace("_", "-"): clean(value) if isinstance(value, str) else number(value)
        for name, value in attributes.items()
        if value is not None
    }


def number(value: float) -> str:
    """A number as short as a tenth of a pixel needs."""
    return f"{value:.1f}".removesuffix(".0")


def clean(text: str) -> str:
    """The text without what XML cannot hold."""
    return NEVER_IN_XML.sub("", text)


def written(svg: Element) -> str:
    """The picture as a file's text."""
    return ElementTree.tostring(svg, encoding="unicode")
