"""The course of one process instance over its diagram: where it stands, and by which flows it came there. Pure.

Which flows were taken is not kept: it is told from the visits, because what a flow leads to begins at the very instant
at which what it comes from has ended.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.diagram.model import Flow, Process
from engine.drawing import State

BODY = "multiInstanceBody"
WAITS_FOR_OTHERS = frozenset({"receiveTask", "intermediateCatchEvent", "eventBasedGateway"})


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit of an activity. `seq` orders those of one instance; `parent_id` is the scope it happened in."""

    id: str
    activity_id: str
    type: str
    parent_id: str | None
    seq: int
    started_at: datetime
    ended_at: datetime | None = None
    cancelled: bool = False
    called_instance_id: str | None = None

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def is_complete(self) -> bool:
        """Whether it ended as its diagram wants, so that the case went on from it."""
        return self.ended_at is not None and not self.cancelled


@dataclass(frozen=True, slots=True)
class Visited:
    """Every visit of one activity, oldest first. Of a multi-instance activity `whole` are its bodies, `items` what was
    done in the newest of them."""

    whole: Sequence[Visit]
    items: Sequence[Visit] = ()

    @property
    def each(self) -> Sequence[Visit]:
        """What people or machines worked on: the items where there are some."""
        return self.items or self.whole

    @property
    def is_of_many(self) -> bool:
        """Whether several worked on it side by side, so that no one of them stands for it."""
        return len(self.items) > 1 or (len(self.whole) > 1 and _in_scopes_of_their_own(self.whole))

    @property
    def state(self) -> State:
        """Open while any visit is; else as the last one ended. What merely joins or listens waits."""
        last = self.whole[-1]
        still_open = [visit for visit in self.whole if visit.is_open]
        if still_open:
            waits = all(visit.type in WAITS_FOR_OTHERS or visit.type.endswith("Gateway") for visit in still_open)
            return State.WAITING if waits else State.CURRENT
        return State.DONE if last.is_complete else State.CLOSED

    @property
    def counts(self) -> str | None:
        """How many items of how many are done (3/5), or how often it was visited in turn (×2)."""
        if self.items:
            done = sum(visit.is_complete for visit in self.items)
            return f"{done}/{len(self.items)}"
        return _side_by_side(self.whole) if len(self.whole) > 1 else None


def _side_by_side(visits: Sequence[Visit]) -> str:
    """The same activity in several scopes is work side by side; in one scope it came round again."""
    if _in_scopes_of_their_own(visits):
        return f"{sum(visit.is_complete for visit in visits)}/{len(visits)}"
    return f"×{len(visits)}"


def _in_scopes_of_their_own(visits: Sequence[Visit]) -> bool:
    return len({visit.parent_id for visit in visits}) == len(visits)


def visited(visits: Iterable[Visit]) -> Mapping[str, Visited]:
    """The visits of an instance by activity."""
    by_activity: defaultdict[str, list[Visit]] = defaultdict(list)
    for visit in sorted(visits, key=lambda visit: visit.seq):
        by_activity[visit.activity_id].append(visit)
    return {activity: _sorted_out(found) for activity, found in by_activity.items()}


def _sorted_out(visits: Sequence[Visit]) -> Visited:
    bodies = [visit for visit in visits if visit.type == BODY]
    if not bodies:
        return Visited(visits)
    return Visited(bodies, [visit for visit in visits if visit.parent_id == bodies[-1].id])


def taken(process: Process, course: Mapping[str, Visited]) -> frozenset[str]:
    """The flows by which the instance came where it stands."""
    found: set[str] = set()
    for activity, seen in course.items():
        node = process.nodes.get(activity)
        flows = [] if node is None else [process.flows[flow] for flow in node.outgoing]
        if len(flows) == 1 or (node is not None and node.type == "parallelGateway"):
            found.update(flow.id for flow in flows if any(visit.is_complete for visit in seen.whole))
        else:
            found.update(flow for visit in seen.whole for flow in _chosen(visit, flows, course))
    return frozenset(found)


def _chosen(visit: Visit, flows: Sequence[Flow], course: Mapping[str, Visited]) -> Iterable[str]:
    """Where a choice led: to what began at that instant; else to a join that stood open already; else to what began
    next."""
    if not visit.is_complete or visit.ended_at is None:
        return []
    begun = [flow for flow in flows if any(_began_then(after, visit) for after in _after(flow, course))]
    if begun:
        return [flow.id for flow in begun]
    joined = [flow for flow in flows if any(_stood_open(after, visit) for after in _after(flow, course))]
    if joined:
        return [flow.id for flow in joined]
    later = [(after.seq, flow.id) for flow in flows for after in _after(flow, course) if after.seq > visit.seq]
    return [min(later)[1]] if later else []


def _after(flow: Flow, course: Mapping[str, Visited]) -> Sequence[Visit]:
    reached = course.get(flow.target)
    return reached.whole if reached else ()


def _began_then(after: Visit, visit: Visit) -> bool:
    return after.started_at == visit.ended_at and after.seq > visit.seq


def _stood_open(after: Visit, visit: Visit) -> bool:
    ended = visit.ended_at
    return ended is not None and after.started_at <= ended and (after.ended_at is None or after.ended_at >= ended)
