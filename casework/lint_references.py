"""What the diagrams of a package refer to and neither it nor common has: forms, files, decisions, called processes.

Pure. Only literal names are held against what there is: what an expression names is known only when a case runs.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from engine.diagram.model import Binding, Diagram, Node
from engine.diagram.references import Kind, Reference, references
from engine.errors import Fault, Sentence

OF_COMMON = "common-"
"""How the keys of everything in common begin."""


@dataclass(frozen=True, slots=True)
class There:
    """The keys that a package and common have. `apart` are those of common alone: common is deployed by itself, so what
    is bound to its own deployment does not find them."""

    keys: Mapping[Kind, Collection[str]]
    apart: Mapping[Kind, Collection[str]] = field(default_factory=dict)

    def lacks(self, one: Reference) -> bool:
        """Whether nothing has the name."""
        return one.key not in self.keys.get(one.kind, ())

    def beside(self, further: Collection[Reference]) -> "There":
        """The same as if these were there too."""
        added = {kind: {one.key for one in further if one.kind is kind} for kind in Kind}
        return replace(self, keys={kind: {*self.keys.get(kind, ()), *added[kind]} for kind in Kind})


def unanswered(node: Node, there: There) -> Iterator[Fault]:
    """What a node names that is nowhere in the package or in common, or where its binding does not find it."""
    for one in references(node):
        if there.lacks(one):
            kind = one.kind.value
            said = Sentence(
                f"本流程包及 common 中没有{kind.zh}“{one.key}”。",
                f"There is no {kind.en} “{one.key}” in the package or in common.",
            )
            yield Fault(said, node.id, node.line)
        elif one.binding is Binding.DEPLOYMENT and one.key in there.apart.get(one.kind, ()):
            yield Fault(one.missing(node), node.id, node.line)


def of_tried(diagram: Diagram, there: There) -> tuple[list[Fault], list[Fault]]:
    """The same of a package without an item, as faults and as warnings: what is not bound to the own deployment may
    have been deployed before."""
    nodes = [node for process in diagram.processes for node in process.nodes.values()]
    found = [(one, fault) for node in nodes for one in references(node) for fault in _missing(node, one, there)]
    together = [fault for one, fault in found if one.binding is Binding.DEPLOYMENT]
    return together, [fault for one, fault in found if one.binding is not Binding.DEPLOYMENT]


def _missing(node: Node, one: Reference, there: There) -> Iterator[Fault]:
    if there.lacks(one) or (one.binding is Binding.DEPLOYMENT and one.key in there.apart.get(one.kind, ())):
        yield Fault(one.missing(node), node.id, node.line)


def of_common(diagrams: Iterable[Diagram], there: There) -> list[Reference]:
    """What is missing and would be in common, each once."""
    nodes = (node for diagram in diagrams for process in diagram.processes for node in process.nodes.values())
    named = dict.fromkeys(one for node in nodes for one in references(node))
    return [one for one in named if one.key.startswith(OF_COMMON) and there.lacks(one)]


def no_common(missing: Collection[Reference], shipped: str) -> Fault:
    """That common does not lie beside the package, and how it comes there."""
    keys = ", ".join(dict.fromkeys(one.key for one in missing))
    return Fault(
        Sentence(
            f"流程包旁没有 common 文件夹，图中却引用了其中的：{keys}。请把它复制到流程包所在文件夹，再检查：{shipped}",
            f"There is no folder common beside the package, and the diagrams refer to what is in it: {keys}. Copy it "
            f"to the folder in which the package lies, and check again: {shipped}",
        )
    )
