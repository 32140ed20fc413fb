"""What a diagram says of a step in words: who did it and when, who has it, why it waits."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from casework import step_names
from casework.diagrams.course import Visit, Visited
from casework.diagrams.waiting import Waiting
from casework.names import Directory
from casework.sight import Sight
from engine.diagram.model import Node
from engine.drawing import Mark, State
from engine.errors import Sentence
from engine.tables import UserTask

Say = Callable[[Sentence], str]

STATES: Mapping[State, Sentence] = {
    State.DONE: Sentence("已办", "done"),
    State.CURRENT: Sentence("办理中", "in progress"),
    State.WAITING: Sentence("等待", "waiting"),
    State.CLOSED: Sentence("已关闭", "closed"),
}
SINCE = Sentence("{at}起", "since {at}")
MOST_VISITS = 8
TAKE_TIME = frozenset({"userTask", "serviceTask", "sendTask", "receiveTask", "callActivity"})


@dataclass(frozen=True, slots=True)
class Teller:
    """Says it to one reader. `steps` are the case's user tasks by id, `outcomes` what was chosen, where the reader
    may know it. `waiting` is None where nobody is told why a step waits."""

    say: Say
    zone: tzinfo
    sight: Sight
    known: Directory
    steps: Mapping[str, UserTask]
    outcomes: Mapping[str, Sentence]
    waiting: Waiting | None
    link: Callable[[str], str] | None = None

    def mark(self, node: Node, seen: Visited) -> Mark:
        """What is said of one activity."""
        state, why = seen.state, None
        last = next((visit for visit in reversed(seen.each) if visit.is_open), seen.each[-1])
        if state in (State.CURRENT, State.WAITING) and self.waiting is not None:
            why = self.waiting.reason(node, self.steps.get(last.id))
        return Mark(
            state=State.WAITING if why else state,
            counts=seen.counts,
            note=None if seen.is_of_many else self._note(node, last),
            told=(*self._told(seen), *([self.say(why)] if why else ())),
            links=self._links(seen),
        )

    def _links(self, seen: Visited) -> tuple[str, ...]:
        """To what was called: each of several side by side, else the last."""
        called = [visit.called_instance_id for visit in seen.each if visit.called_instance_id is not None]
        if self.link is None:
            return ()
        return tuple(map(self.link, called if seen.is_of_many else called[-1:]))

    def name(self, node: Node, seen: Visited | None) -> str | None:
        """What a step whose drawn name holds an expression is called in this case; None for any other."""
        drawn = step_names.without_values(node.name)
        if drawn == node.name:
            return None
        steps = [self.steps[visit.id] for visit in seen.each if visit.id in self.steps] if seen else []
        called = {step.name if self.sight.person_of(step.department) else drawn for step in steps}
        return called.pop() if len(called) == 1 else drawn

    def _note(self, node: Node, visit: Visit) -> str | None:
        """Under what takes time: who, and when it was done or since when it waits."""
        if node.type not in TAKE_TIME:
            return None
        at = visit.ended_at or visit.started_at
        when = f"{at.astimezone(self.zone):%m-%d %H:%M}"
        when = when if visit.ended_at else self.say(SINCE).format(at=when)
        return " ".join(filter(None, (self._who(visit), when)))

    def _told(self, seen: Visited) -> Iterator[str]:
        yield self.say(STATES[seen.state])
        for visit in seen.each[-MOST_VISITS:]:
            yield " ".join(
                filter(None, (self._when(visit), self._department(visit), self._who(visit), self._said(visit)))
            )

    def _when(self, visit: Visit) -> str:
        began = self._written(visit.started_at)
        if visit.ended_at is None:
            return self.say(SINCE).format(at=began)
        return began if visit.ended_at == visit.started_at else f"{began} – {self._written(visit.ended_at)}"

    def _written(self, at: datetime) -> str:
        return f"{at.astimezone(self.zone):%Y-%m-%d %H:%M}"

    def _department(self, visit: Visit) -> str:
        step = self.steps.get(visit.id)
        department = self.known.department(step.department) if step else None
        return self.say(department["name"]) if department else ""

    def _who(self, visit: Visit) -> str:
        """Who did it or has it, where the reader may know the person."""
        step = self.steps.get(visit.id)
        if step is None or not self.sight.person_of(step.department):
            return ""
        person = self.known.person(step.ended_by or step.assignee)
        return str(person["name"]) if person else ""

    def _said(self, visit: Visit) -> str:
        chosen = self.outcomes.get(visit.id)
        return self.say(chosen) if chosen else ""
