"""Collects every fault and every warning of one file, so that a designer reads them all at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.diagram.element import STAND_IN_ID, Element
from engine.diagram.labels import label
from engine.diagram.model import Flow, Node, Process
from engine.errors import Fault, Sentence

Finding = tuple[str, Sentence]  # the id of the element it is about, and what to say about it


def named(element: Element) -> Sentence:
    """The words for the element that a designer selects to repair `element`."""
    owner = element.owner or element
    return label(owner.name, owner.get("name"), owner.written_id)


@dataclass(slots=True)
class Findings:
    """`places` says where in the file each id stands; it is known once the ids have been checked."""

    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    places: dict[str, Element] = field(default_factory=dict)

    def fault(self, element: Element, zh: str, en: str) -> None:
        """Refuse the file; `{it}` in the sentence becomes the element's name."""
        self.faults.append(found(element, zh, en))

    def warn(self, element: Element, zh: str, en: str) -> None:
        """Tell the designer, but let it run."""
        self.warnings.append(found(element, zh, en))

    def add_faults(self, findings: Iterable[Finding]) -> None:
        """Faults of the finished process, which names its parts by id."""
        self.faults.extend(self.located(*finding) for finding in findings)

    def add_warnings(self, findings: Iterable[Finding]) -> None:
        """Warnings of the finished process, which names its parts by id."""
        self.warnings.extend(self.located(*finding) for finding in findings)

    def located(self, id: str, sentence: Sentence) -> Fault:
        """A fault at the place of the element with this id."""
        element = self.places[id]
        return Fault(sentence, element.written_id, element.line, element.column)


def found(element: Element, zh: str, en: str) -> Fault:
    """A fault at this element, under the id that a designer can select."""
    it = named(element)
    owner = element.owner
    sentence = Sentence(zh.replace("{it}", it.zh), capitalised(en.replace("{it}", it.en)))
    return Fault(sentence, owner.written_id if owner else element.written_id, element.line, element.column)


def capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def about(part: Process | Flow | Node, zh: str, en: str) -> Finding:
    """A finding about a part of a finished process; `{it}` in the sentence becomes the part's name."""
    it = label(type_of(part), part.name, written(id_of(part)))
    return id_of(part), Sentence(zh.replace("{it}", it.zh), capitalised(en.replace("{it}", it.en)))


def type_of(part: Process | Flow | Node) -> str:
    if isinstance(part, Node):
        return part.type
    return "process" if isinstance(part, Process) else "sequenceFlow"


def id_of(part: Process | Flow | Node) -> str:
    return part.key if isinstance(part, Process) else part.id


def written(id: str) -> str | None:
    return None if id.startswith(STAND_IN_ID) else id
