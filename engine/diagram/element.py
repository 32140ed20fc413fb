"""One element of a BPMN file in short names, with its place in the file. Knows nothing of what elements mean."""

from collections.abc import Iterator
from dataclasses import dataclass, field

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
OPERATON = "http://operaton.org/schema/1.0/bpmn"  # Operaton, Camunda 7's successor, reads both as one

DMN = (
    "https://www.omg.org/spec/DMN/20191111/MODEL/",  # DMN 1.3
    "http://www.omg.org/spec/DMN/20180521/MODEL/",  # 1.2
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",  # 1.1
)

PREFIXES = {
    BPMN: "",
    CAMUNDA: "camunda:",
    OPERATON: "camunda:",
    "http://www.omg.org/spec/BPMN/20100524/DI": "bpmndi:",
    "http://www.omg.org/spec/DD/20100524/DC": "dc:",
    "http://www.omg.org/spec/DD/20100524/DI": "di:",
    "http://www.w3.org/2001/XMLSchema-instance": "xsi:",
    "http://camunda.org/schema/modeler/1.0": "modeler:",
    **dict.fromkeys(DMN, "dmn:"),
    "http://camunda.org/schema/1.0/dmn": "camunda:",
    "http://bpmn.io/schema/bpmn/biocolor/1.0": "bioc:",
    "http://www.omg.org/spec/BPMN/non-normative/color/1.0": "color:",
}

STAND_IN_ID = "?"  # what a missing id is replaced by begins so; no id of a file does


def short_element_name(clark: str) -> str:
    """`userTask` for BPMN's own, `camunda:in` for a known namespace; a foreign one keeps its `{uri}name`."""
    uri, _, local = clark.rpartition("}")
    prefix = PREFIXES.get(uri[1:])
    return clark if prefix is None else prefix + local


def short_attribute_name(clark: str) -> str:
    """Like an element's, but an attribute of BPMN's own bears no namespace, so one that does is foreign."""
    return clark if clark.startswith(f"{{{BPMN}}}") or "}" not in clark else short_element_name(clark)


@dataclass(slots=True)
class Element:
    """`owner` is the id of the nearest element around it that a designer can select: what a fault names."""

    name: str
    attributes: dict[str, str]
    line: int
    column: int
    owner: "Element | None" = None
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    @property
    def id(self) -> str | None:
        """Its id, if it has one."""
        return self.attributes.get("id")

    @property
    def written_id(self) -> str | None:
        """Its id, unless it stands in for a missing one."""
        return None if self.id is None or self.id.startswith(STAND_IN_ID) else self.id

    def get(self, attribute: str) -> str | None:
        """An attribute without the blanks around it; an empty one counts as absent."""
        return self.attributes.get(attribute, "").strip() or None

    def holds(self, attribute: str, default: bool = False) -> bool:
        """A boolean attribute (xsd:boolean)."""
        text = self.get(attribute)
        return default if text is None else text in ("true", "1")

    def all(self, *names: str) -> list["Element"]:
        """The children of these names, in document order."""
        return [child for child in self.children if child.name in names]

    def first(self, name: str) -> "Element | None":
        """The first child of this name."""
        return next((child for child in self.children if child.name == name), None)

    def text_of(self, name: str) -> str | None:
        """The text of the first child of this name."""
        child = self.first(name)
        return None if child is None else child.text.strip()

    def extensions(self, *names: str) -> list["Element"]:
        """The children of its extensionElements of these names, in document order."""
        return [extension for holder in self.all("extensionElements") for extension in holder.all(*names)]

    def walk(self) -> Iterator["Element"]:
        """It and everything below it, in document order."""
        pending = [self]
        while pending:
            element = pending.pop()
            yield element
            pending.extend(reversed(element.children))
