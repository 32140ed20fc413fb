"""The longest path through a process by the limits of its steps: how long a case may take when every step uses its own.

Pure. Loops count once, parallel branches by the longest; what runs while the office's time stands still, or before a
case is accepted and after it is decided, does not count.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from casework.meaning import USER_TASK, Does, Name, accepts_by_itself
from engine.diagram.model import Call, Node, Process

HOLD_STEPS = frozenset({"subProcess", "transaction"})
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
    if accepts_by_itself(process):
        return paths.from_start(process.key)
    accepting = [node for node in process.nodes.values() if node.properties.get(Name.ACT) == Does.ACCEPT]
    outermost = {[*with_scopes(process, node)][-1] for node in accepting}
    return _most(paths.behind(process.nodes[id]) for id in sorted(outermost))


def _most(lengths: Iterable[Length]) -> Length:
    return max(lengths, key=lambda one: one.amount, default=NOTHING)


class _Paths:
    """The paths of one process; what it calls has paths of its own."""

    def __init__(
        self, process: Process, weigh: Weigh, called: Mapping[str, Process], above: frozenset[str] = frozenset()
    ) -> None:
        self.process, self.weigh, self.called = process, weigh, called
        self.above = above | {process.key}
        self.onward = _onward(process)
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
            nexts = [one for one in self.onward[id] if one in lengths]
            lengths[id] = _most(self._own(one) + (NOTHING if one in self.deciding else lengths[one]) for one in nexts)
        return lengths[node.id]

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
        if node.type == USER_TASK:
            amount = self.weigh(node)
            return Length(amount, (node,)) if amount else NOTHING
        if node.type in HOLD_STEPS:
            return self.from_start(id)
        return NOTHING if node.call is None else self._called(node.call)

    def _called(self, call: Call) -> Length:
        key = call.called_element.text if call.called_element.is_literal else ""
        if key not in self.called or key in self.above:
            return NOTHING
        return _Paths(self.called[key], self.weigh, self.called, self.above).from_start(key)


def _onward(process: Process) -> Mapping[str, list[str]]:
    """From each node along its flows, and to the events on its border."""
    onward: dict[str, list[str]] = {id: [] for id in process.nodes}
    for flow in process.flows.values():
        if flow.source in onward and flow.target in onward:
            onward[flow.source].append(flow.target)
    for node in process.nodes.values():
        if node.attached_to in onward:
            onward[node.attached_to].append(node.id)
    return onward


def with_scopes(process: Process, node: Node) -> Iterable[str]:
    """A node and the sub-processes around it, from within."""
    yield node.id
    while node.scope in process.nodes:
        node = process.nodes[node.scope]
        yield node.id
