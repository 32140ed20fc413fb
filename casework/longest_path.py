"""The longest path through a process by the limits of its steps: how long a case may take when every step uses its own.

Pure. Loops count once, parallel branches by the longest; what runs while the office's time stands still, or before a
case is accepted and after it is decided, does not count. What an event begins that interrupts nothing runs beside the
step it is on. An event sub-process counts by itself, for it may begin at any time.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from casework.meaning import USER_TASK, Does, Name, accepts_by_itself
from engine.diagram.model import Call, EventKind, Node, Process

HOLD_STEPS = frozenset({"subProcess", "transaction"})
LASTS = frozenset({USER_TASK, "intermediateCatchEvent"})
STANDS_STILL = frozenset({Does.CORRECT, Does.EXCLUDE, Does.DEFER, Does.PAY})

Steps = tuple[Node, ...]
Weigh = Callable[[Node], int]


@dataclass(frozen=True, slots=True)
class Length:
    """How long, and by which steps."""

    amount: int = 0
    steps: Steps = ()

    def __add__(self, other: "Length") -> "Length":
        return Length(self.amount + other.amount, self.steps + other.steps)


NOTHING = Length()


def longest(process: Process, weigh: Weigh, called: Mapping[str, Process]) -> Length:
    """The longest path from acceptance to decision. `weigh` says how long a step may take, `called` what is called."""
    paths = _Paths(process, weigh, called)
    at_any_time = [paths.from_start(node.id) for node in process.nodes.values() if _may_come(process, node)]
    if accepts_by_itself(process):
        return _most([paths.from_start(process.key), *at_any_time])
    accepting = [node for node in process.nodes.values() if node.properties.get(Name.ACT) == Does.ACCEPT]
    outermost = {[*with_scopes(process, node)][-1] for node in accepting}
    return _most([*(paths.behind(process.nodes[id]) for id in sorted(outermost)), *at_any_time])


def _may_come(process: Process, node: Node) -> bool:
    """An event sub-process of the case's own, unless it ends the case's time: 撤件."""
    starts = process.nodes_in(node.id) if node.triggered_by_event else ()
    ends = any(one.properties.get(Name.ACT) == Does.WITHDRAW for one in starts)
    return node.triggered_by_event and node.scope == process.key and not ends


def _most(lengths: Iterable[Length]) -> Length:
    return max(lengths, key=lambda one: one.amount, default=NOTHING)


class _Paths:
    """The paths of one process; what it calls has paths of its own."""

    def __init__(
        self, process: Process, weigh: Weigh, called: Mapping[str, Process], above: frozenset[str] = frozenset()
    ) -> None:
        self.process, self.weigh, self.called = process, weigh, called
        self.above = above | {process.key}
        self.onward, self.beside = _onward(process), _beside(process)
        deciding = (node for node in process.nodes.values() if node.properties.get(Name.ACT) == Does.DECIDE)
        self.deciding = {id for node in deciding for id in with_scopes(process, node)}

    def from_start(self, scope: str) -> Length:
        """The longest path of a scope from where it begins."""
        return _most(self.behind(node) for node in self.process.nodes_in(scope) if node.type == "startEvent")

    def behind(self, node: Node) -> Length:
        """The longest path behind a node; the time ends with the decision, wherever within a step it is made."""
        lengths: dict[str, Length] = {}
        for id in self._last_first(node.id):
            # A step that is not among them yet is where a loop closes.
            nexts = [one for one in self.onward[id] if one in lengths and one not in self.beside]
            lengths[id] = _most(self._through(one, lengths) for one in nexts)
        return lengths[node.id]

    def _through(self, id: str, lengths: Mapping[str, Length]) -> Length:
        """A node and what is behind it, or what an event on its border begins beside it."""
        behind = self._own(id) + (NOTHING if id in self.deciding else lengths[id])
        beside = (lengths[one] for one in self.onward[id] if one in self.beside and one in lengths)
        return _most([behind, *beside])

    def _last_first(self, begin: str) -> Iterable[str]:
        """The nodes that a node leads to and itself, each behind those that it leads to, but for loops."""
        seen, on_the_way = {begin}, [(begin, iter(self.onward[begin]))]
        while on_the_way:
            id, nexts = on_the_way[-1]
            following = next((one for one in nexts if one not in seen), None)
            if following is None:
                on_the_way.pop()
                yield id
            else:
                seen.add(following)
                on_the_way.append((following, iter(self.onward[following])))

    def _own(self, id: str) -> Length:
        node = self.process.nodes[id]
        if node.properties.get(Name.ACT) in STANDS_STILL:
            return NOTHING
        if node.type in LASTS:
            amount = self.weigh(node) * _times(node)
            return Length(amount, (node,)) if amount else NOTHING
        if node.type in HOLD_STEPS:
            return self.from_start(id)
        return NOTHING if node.call is None else self._called(node.call)

    def _called(self, call: Call) -> Length:
        key = call.called_element.text if call.called_element.is_literal else ""
        if key not in self.called or key in self.above:
            return NOTHING
        return _Paths(self.called[key], self.weigh, self.called, self.above).from_start(key)


def _times(node: Node) -> int:
    """How often a step is done, one after another: as often as the diagram says, if it does."""
    said = node.loop.cardinality if node.loop is not None and node.loop.sequential else None
    return int(said.text) if said is not None and said.is_literal and said.text.isdecimal() else 1


def _beside(process: Process) -> frozenset[str]:
    """The events on borders that do not interrupt."""
    return frozenset(node.id for node in process.nodes.values() if node.attached_to and not node.interrupting)


def _onward(process: Process) -> Mapping[str, list[str]]:
    """From each node along its flows or its link, and to the events on its border."""
    onward: dict[str, list[str]] = {id: [] for id in process.nodes}
    for flow in process.flows.values():
        if flow.source in onward and flow.target in onward:
            onward[flow.source].append(flow.target)
    for node in process.nodes.values():
        if node.attached_to in onward:
            onward[node.attached_to].append(node.id)
    for node in process.nodes.values():
        if _is_link(node, "intermediateThrowEvent"):
            onward[node.id] += [one.id for one in process.nodes.values() if _leads(node, one)]
    return onward


def _leads(throw: Node, catch: Node) -> bool:
    """A link goes on at the catch of its name in its own scope (BPMN 2.0, 10.5.5)."""
    named = throw.event and throw.event.name, catch.event and catch.event.name
    return _is_link(catch, "intermediateCatchEvent") and catch.scope == throw.scope and named[0] == named[1]


def _is_link(node: Node, type: str) -> bool:
    return node.type == type and node.event is not None and node.event.kind is EventKind.LINK


def with_scopes(process: Process, node: Node) -> Iterable[str]:
    """A node and the sub-processes around it, from within."""
    yield node.id
    while node.scope in process.nodes:
        node = process.nodes[node.scope]
        yield node.id
