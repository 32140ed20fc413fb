"""From where a token can get to an inclusive join: those are the tokens that the join waits for.

Knows the drawn ways only, no token and no instance.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from engine.interpreter.flow_nodes import FlowNode

NOWHERE = ""  # before every entry of a scope
KEPT = 256  # what a large diagram asks for is as large as the diagram, for each of its joins


@lru_cache(KEPT)
def leading_to(join: FlowNode, beginning: str) -> frozenset[str]:
    """The ids of the nodes between the beginning of a round and a join, the join itself included."""
    found, left = {join.node.id}, [join]
    while left:
        for flow in left.pop().inputs:
            for source in flow.inputs:
                if source.node.id not in found and source.name != beginning:
                    found.add(source.node.id)
                    left.append(source)
    return frozenset(found)


def last_on_every_way(entries: Sequence[FlowNode]) -> Mapping[str, str]:
    """For each node that a token can get to, the last node before it that every way to it passes: its dominator.

    The algorithm of Cooper, Harvey and Kennedy: nodes in an order that mostly goes forward, until nothing changes.
    """
    order, before = ways(entries)
    rank = {name: number for number, name in enumerate(order)}
    last = {NOWHERE: NOWHERE}
    changed = True
    while changed:
        changed = False
        for name in order[1:]:
            known = [source for source in before[name] if source in last]
            common = known[0]
            for other in known[1:]:
                common = meet(common, other, last, rank)
            changed |= last.get(name) != common
            last[name] = common
    return last


def meet(one: str, other: str, last: Mapping[str, str], rank: Mapping[str, int]) -> str:
    """The last node that the ways to both pass."""
    while one != other:
        while rank[one] > rank[other]:
            one = last[one]
        while rank[other] > rank[one]:
            other = last[other]
    return one


def ways(entries: Sequence[FlowNode]) -> tuple[list[str], Mapping[str, list[str]]]:
    """The names of all nodes that can be got to, each before those behind it but for loops; and what is before each."""
    before: defaultdict[str, list[str]] = defaultdict(list)
    done: list[str] = []
    seen = {NOWHERE}
    open_ends = [(NOWHERE, iter(entries))]
    while open_ends:
        name, following = open_ends[-1]
        for spec in following:
            before[spec.name].append(name)
            if spec.name not in seen:
                seen.add(spec.name)
                open_ends.append((spec.name, behind(spec)))
                break
        else:
            done.append(name)
            open_ends.pop()
    return done[::-1], before


def behind(spec: FlowNode) -> Iterator[FlowNode]:
    """Where a token can go from a node, also by an event attached to it."""
    yield from (flow.target for flow in spec.outputs)
    yield from spec.boundaries
