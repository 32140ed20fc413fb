"""Diagrams with a layout, and their pictures as a test looks at them."""

from collections.abc import Iterator, Mapping, Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from engine.drawing import Markings, draw, read_layout

SVG = "{http://www.w3.org/2000/svg}"
Box = Sequence[object]
Corners = Sequence[tuple[object, object]]


def laid_out(
    source: bytes,
    shapes: Mapping[str, Box],
    edges: Mapping[str, Corners] | None = None,
    *,
    plane: str = "approval",
    said: Mapping[str, str] | None = None,
) -> bytes:
    """The file with a layout; `said` are attributes of all its shapes, such as isExpanded."""
    more = "".join(f' {name}="{value}"' for name, value in (said or {}).items())
    drawn = "".join(
        f'<bpmndi:BPMNShape bpmnElement="{id}"{more}>{bounds(box)}</bpmndi:BPMNShape>' for id, box in shapes.items()
    )
    drawn += "".join(
        f'<bpmndi:BPMNEdge bpmnElement="{id}">{waypoints(corners)}</bpmndi:BPMNEdge>'
        for id, corners in (edges or {}).items()
    )
    page = (
        f'<bpmndi:BPMNDiagram><bpmndi:BPMNPlane bpmnElement="{plane}">{drawn}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'
    )
    return source.replace(b"</definitions>", page.encode() + b"</definitions>")


def bounds(box: Box) -> str:
    x, y, width, height = box
    return f'<dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/>'


def waypoints(corners: Corners) -> str:
    return "".join(f'<di:waypoint x="{x}" y="{y}"/>' for x, y in corners)


class Picture:
    """A drawn file, looked at part by part."""

    def __init__(self, svg: str) -> None:
        self.svg = svg
        self.root: Element = ElementTree.fromstring(svg)

    def of(self, id: str) -> Element:
        """What is drawn of one element of the diagram."""
        return next(group for group in self.root.iter(f"{SVG}g") if group.get("data-element-id") == id)

    def all(self, name: str, within: Element | None = None) -> Iterator[Element]:
        return (self.root if within is None else within).iter(f"{SVG}{name}")

    def texts(self, within: Element | None = None) -> list[str]:
        """Every line that is written."""
        return [line.text or "" for line in self.all("tspan", within)]

    def ids(self) -> list[str]:
        """The elements that are drawn, from back to front."""
        return [group.attrib["data-element-id"] for group in self.all("g") if "data-element-id" in group.attrib]


def picture(source: bytes, said: Markings | None = None, process: str = "approval") -> Picture:
    """A file as it is drawn."""
    return Picture(draw(read_layout(source, process), said or Markings("流程图")))
