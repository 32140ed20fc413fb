"""A parallel join that waits for ever: one of its branches was not taken, so that its token never comes.

Plays the tokens of one scope through every choice there is (BPMN 2.0, 13.4.1), without any data. Of several tokens
that can move, one is moved at a time: no order of the others changes its choices, so that every standstill is found.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations

from engine.diagram.findings import Finding, about
from engine.diagram.model import EventKind, Node, Process
from engine.diagram.rules.idle import begins
from engine.diagram.rules.links import catching_links, links_of, place_of

PARALLEL, INCLUSIVE = "parallelGateway", "inclusiveGateway"
CHOOSES_ONE = frozenset({"exclusiveGateway", "eventBasedGateway"})
ENDS_ALL = frozenset({EventKind.TERMINATE, EventKind.ERROR, EventKind.CANCEL})
MOST_MARKINGS = 20_000
MOST_TOKENS = 3
MOST_FREE = 4

Marking = frozenset[tuple[str, int]]
"""How many tokens stand before the end of a flow, or on a node that no flow leads to."""
Way = tuple[str, ...]


def joins_are_not_starved(process: Process) -> Iterator[Finding]:
    """Each join that some choice of the branches before it leaves waiting."""
    if not any(_joins(node, PARALLEL) for node in process.nodes.values()):
        return
    game = _Game(process)
    starved = {id for node in process.nodes.values() if begins(node) for id in game.starved_from(node.id)}
    for node in process.nodes.values():
        if node.id in starved:
            yield about(
                node,
                "{it}可能永远等不齐：它等待的分支中，有的只有在某种选择下才会走到。汇合排他分支请用排他网关。",
                "{it} can wait for ever: some branch that it waits for is only taken by choice. Join exclusive "
                "branches with an exclusive gateway.",
            )


def _joins(node: Node, type: str) -> bool:
    return node.type == type and len(node.incoming) > 1


class _Game:
    """The tokens of a process: where they may go, and where they stand still."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.on_borders: dict[str, list[Node]] = {}
        for node in process.nodes.values():
            if node.attached_to is not None and node.compensated_by is None:
                self.on_borders.setdefault(node.attached_to, []).append(node)
        catches = catching_links(process)
        throws = links_of(process, "intermediateThrowEvent")
        self.linked = {one.id: catches[place_of(one)].id for one in throws if place_of(one) in catches}
        self.ways = {node.id: list(self._ways(node)) for node in process.nodes.values()}

    def starved_from(self, start: str) -> set[str]:
        """The joins that wait for ever in some run from a start."""
        first = frozenset({(start, 1)})
        seen, pending, starved = {first}, [first], set[str]()
        while pending and len(seen) < MOST_MARKINGS:
            marking = pending.pop()
            following = self._following(marking)
            if following is None:
                starved |= {id for id in map(self._at, dict(marking)) if _joins(self.process.nodes[id], PARALLEL)}
                continue
            for one in following:
                if one not in seen and max(dict(one).values(), default=0) <= MOST_TOKENS:
                    seen.add(one)
                    pending.append(one)
        return starved

    def _following(self, marking: Marking) -> Iterable[Marking] | None:
        """What may come next, None when nothing can move."""
        waiting: dict[str, list[str]] = {}
        for place in sorted(dict(marking)):
            node = self.process.nodes[self._at(place)]
            if not _joins(node, PARALLEL) and not _joins(node, INCLUSIVE):
                return self._moved(marking, [place], node.id)
            waiting.setdefault(node.id, []).append(place)
        for id, places in waiting.items():
            if len(places) == len(self.process.nodes[id].incoming):
                return self._moved(marking, places, id)
        for id, places in waiting.items():
            if self.process.nodes[id].type == INCLUSIVE:
                return self._moved(marking, places, id)
        return None if marking else ()

    def _moved(self, marking: Marking, taken: Iterable[str], id: str) -> list[Marking]:
        if self._ends_all(self.process.nodes[id]):
            return []
        left = Counter(dict(marking))
        left.subtract(taken)
        return [frozenset((+(left + Counter(way))).items()) for way in self.ways[id]]

    def _at(self, place: str) -> str:
        flow = self.process.flows.get(place)
        return place if flow is None else flow.target

    @staticmethod
    def _ends_all(node: Node) -> bool:
        return node.type == "endEvent" and node.event is not None and node.event.kind in ENDS_ALL

    def _ways(self, node: Node) -> Iterator[Way]:
        """The flows that a node may take at once; a border event may take another way, or one more."""
        usual = [(self.linked[node.id],)] if node.id in self.linked else list(self._outgoing(node))
        yield from usual
        for one in self.on_borders.get(node.id, ()):
            yield from [(one.id,)] if one.interrupting else [(*way, one.id) for way in usual]

    def _outgoing(self, node: Node) -> Iterator[Way]:
        flows = tuple(id for id in node.outgoing if self.process.flows[id].target in self.process.nodes)
        if node.type in CHOOSES_ONE:
            yield from ((id,) for id in flows)
            return
        free = [id for id in flows if node.type != PARALLEL and self._is_free(node, id)]
        fixed = tuple(id for id in flows if id not in free)
        if not free or fixed:
            yield fixed
        sizes = range(1, len(free) + 1) if len(free) <= MOST_FREE else {1, len(free)}
        for size in sizes:
            yield from ((*fixed, *chosen) for chosen in combinations(free, size))

    def _is_free(self, node: Node, flow: str) -> bool:
        return self.process.flows[flow].condition is not None or flow == node.default_flow
