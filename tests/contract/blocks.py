"""Blocks that nest at will: each is drawn as BPMN, and told as what begins when it is reached and what follows it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import count, pairwise
from typing import Any

from tests.contract.regions import Region, Then
from tests.diagrams import (
    Element,
    boundary,
    diagram,
    end,
    error,
    event_sub_process,
    exclusive,
    flow,
    flows,
    message,
    multi_instance,
    node,
    start,
    sub_process,
    task,
    timer,
    user_task,
)

Begin = Callable[[Region, Then], None]


@dataclass(frozen=True)
class Drawn:
    """A piece of a diagram from its first node to its last, and how it is told."""

    first: str
    last: str
    parts: tuple[Any, ...]
    begin: Begin


@dataclass
class Pen:
    """Gives every node an id of its own."""

    used: "count[int]" = field(default_factory=lambda: count(1))

    def id(self, kind: str) -> str:
        return f"{kind}{next(self.used)}"


@dataclass(frozen=True)
class Chain:
    """One block after another."""

    blocks: tuple["Block", ...]

    def draw(self, pen: Pen) -> Drawn:
        drawn = [block.draw(pen) for block in self.blocks]
        between = [flow(before.last, after.first) for before, after in pairwise(drawn)]

        def begin(scope: Region, then: Then, place: int = 0) -> None:
            if place == len(drawn):
                then()
            else:
                drawn[place].begin(scope, lambda: begin(scope, then, place + 1))

        return Drawn(drawn[0].first, drawn[-1].last, (*[one.parts for one in drawn], between), begin)


@dataclass(frozen=True)
class Fork:
    """Branches between two gateways; None is an empty one. `taken` are those whose condition holds."""

    kind: str
    branches: tuple["Block | None", ...]
    taken: tuple[bool, ...]

    def draw(self, pen: Pen) -> Drawn:
        split, join = pen.id("split"), pen.id("join")
        drawn = [None if branch is None else branch.draw(pen) for branch in self.branches]
        parts: list[Any] = [node(f"{self.kind}Gateway", split), node(f"{self.kind}Gateway", join)]
        for branch, taken in zip(drawn, self.taken, strict=True):
            when = None if self.kind == "parallel" else "${true}" if taken else "${false}"
            parts.append(flow(split, join if branch is None else branch.first, when, pen.id("f")))
            parts.append(() if branch is None else (branch.parts, flow(branch.last, join)))
        chosen = self.chosen(drawn)

        def begin(scope: Region, then: Then) -> None:
            missing = count(len(chosen) - 1, -1)

            def arrives() -> None:
                if next(missing) == 0:
                    then()

            for branch in chosen:
                if branch is None:
                    arrives()
                else:
                    branch.begin(scope, arrives)

        return Drawn(split, join, tuple(parts), begin)

    def chosen(self, drawn: list[Drawn | None]) -> list[Drawn | None]:
        if self.kind == "parallel":
            return drawn
        taken = [branch for branch, holds in zip(drawn, self.taken, strict=True) if holds]
        return taken[:1] if self.kind == "exclusive" else taken


@dataclass(frozen=True)
class Decision:
    """A task that decides: whether what is done `again` is, or, with nothing before it, whether an error is thrown."""

    again: "Block | None"

    def draw(self, pen: Pen) -> Drawn:
        if self.again is None:
            return self.drawn(pen, None)
        return self.drawn(pen, self.again.draw(pen))

    def drawn(self, pen: Pen, before: Drawn | None) -> Drawn:
        decide, way, on = pen.id("decide"), pen.id("way"), pen.id("on")
        parts = (user_task(decide), exclusive(way, default=f"{way}-{on}"), task(on), flows(decide, way, on))

        def decided(scope: Region, yes: Then, no: Then) -> None:
            def answered(decision: bool) -> None:
                visit.leave("ended")
                follows = yes if decision else no
                follows()

            visit = scope.part(decide)
            visit.wait(decide, answered)

        if before is None:
            failed = pen.id("failed")
            throws = (end(failed, error("bad")), flow(way, failed, "${decision}"))
            return Drawn(decide, on, (parts, throws), lambda scope, then: decided(scope, scope.throw, then))
        back = pen.id("back")
        loop = (exclusive(back), flow(back, before.first), flow(before.last, decide), flow(way, back, "${decision}"))

        def begin(scope: Region, then: Then) -> None:
            before.begin(scope, lambda: decided(scope, lambda: begin(scope, then), then))

        return Drawn(back, on, (before.parts, parts, loop), begin)


@dataclass(frozen=True)
class Event:
    """An event that watches over an activity or a scope, and what follows it."""

    kind: str
    interrupting: bool
    handler: "Block"

    def handled(self) -> "Block":
        """What follows at an activity's boundary: joins of several runs beside each other must not mix."""
        return self.handler if self.interrupting else Activity(self.handler)

    def definition(self, id: str) -> Element:
        by_kind = {"message": message(id), "timer": timer(duration="P1D"), "error": error("bad")}
        return by_kind[self.kind]


@dataclass(frozen=True)
class Repeated:
    """Multi-instance; with `enough` items ended the others are not waited for."""

    number: int
    is_sequential: bool
    enough: int | None

    def draw(self) -> Element:
        until = None if self.enough is None else f"${{nrOfCompletedInstances == {self.enough}}}"
        return multi_instance(cardinality=self.number, until=until, isSequential=self.is_sequential)

    def begin(self, body: Region, begin_item: Callable[[Then], None]) -> None:
        ended = count(1)
        begun = count(1)

        def item_ended() -> None:
            done = next(ended)
            if done in (self.number, self.enough):
                body.end()
            elif self.is_sequential:
                begin_next()

        def begin_next() -> None:
            next(begun)
            begin_item(item_ended)

        for _ in range(1 if self.is_sequential else self.number):
            if not body.is_over:
                begin_next()


@dataclass(frozen=True)
class Activity:
    """A user task, or a sub-process with what is `inside`; boundary `events`, and event sub-processes `within`."""

    inside: "Block | None" = None
    events: tuple[Event, ...] = ()
    within: tuple[Event, ...] = ()
    repeated: Repeated | None = None
    before: bool = False
    after: bool = False

    def draw(self, pen: Pen) -> Drawn:
        id, merge = pen.id("task" if self.inside is None else "sub"), pen.id("merge")
        inner = None if self.inside is None else Inside.drawn(self.inside, self.within, pen)
        attached = [Attached(event, pen.id("event"), event.handled().draw(pen)) for event in self.events]
        marks: list[Any] = [] if self.repeated is None else [self.repeated.draw()]
        kind = user_task if inner is None else sub_process
        drawn = kind(id, *marks, *(inner.parts if inner else ()), asyncBefore=self.before, asyncAfter=self.after)
        parts = (drawn, exclusive(merge), flow(id, merge), *[one.draw(id, merge, pen) for one in attached])
        visit = partial(begin_task, id) if inner is None else partial(inner.begin, id)
        return Drawn(id, merge, parts, partial(self.begin, id, visit, attached))

    def begin(self, id: str, visit: Begin, attached: list["Attached"], scope: Region, then: Then) -> None:
        def enter() -> None:
            host = scope.part(None if self.repeated is None else id, ended)
            for one in attached:
                one.arm(host, scope, then)
            if self.repeated is None:
                visit(host, host.end)
            else:
                self.repeated.begin(host, partial(visit, host))

        def ended() -> None:
            asynchronously(self.after, then)

        def asynchronously(is_so: bool, follows: Then) -> None:
            if is_so:
                scope.wait(id, lambda _: follows())
            else:
                follows()

        asynchronously(self.before, enter)


def begin_task(id: str, around: Region, then: Then) -> None:
    """One visit to a user task."""
    visit = around.part(id, then)
    visit.wait(id, lambda _: visit.end())


@dataclass(frozen=True)
class Attached:
    """A boundary event. What follows leads back into the flow when it interrupts, else to an end of its own."""

    event: Event
    id: str
    handler: Drawn

    def draw(self, host: str, merge: str, pen: Pen) -> tuple[Any, ...]:
        event = boundary(self.id, host, self.event.definition(self.id), self.event.interrupting)
        last = merge if self.event.interrupting else pen.id("end")
        ends = () if self.event.interrupting else (end(last),)
        return event, flow(self.id, self.handler.first), self.handler.parts, flow(self.handler.last, last), ends

    def arm(self, host: Region, scope: Region, then: Then) -> None:
        def fire() -> None:
            host.leave("cancelled")
            self.handler.begin(scope, then)

        def come(_: bool) -> None:
            if self.event.interrupting:
                fire()
                return
            if self.event.kind == "timer":
                host.open.remove(armed)
            scope.threads += 1
            self.handler.begin(scope, scope.thread_ends)

        if self.event.kind == "error":
            host.catch = fire
        else:
            armed = host.wait(self.id, come, is_event=True)


@dataclass(frozen=True)
class Inside:
    """What is inside a sub-process."""

    content: Drawn
    handlers: tuple[tuple[Event, str, str, Drawn], ...]
    parts: tuple[Any, ...]

    @classmethod
    def drawn(cls, block: "Block", events: tuple[Event, ...], pen: Pen) -> "Inside":
        content, first, last = block.draw(pen), pen.id("start"), pen.id("end")
        handlers = tuple((event, pen.id("es"), pen.id("event"), event.handler.draw(pen)) for event in events)
        parts: list[Any] = [start(first), content.parts, end(last), flow(first, content.first)]
        parts.append(flow(content.last, last))
        for event, es_id, id, handler in handlers:
            begins, es_end = start(id, event.definition(id), isInterrupting=event.interrupting), pen.id("end")
            ways = (flow(id, handler.first), flow(handler.last, es_end))
            parts.append(event_sub_process(es_id, begins, handler.parts, end(es_end), *ways))
        return cls(content, handlers, tuple(parts))

    def begin(self, id: str, around: Region, then: Then) -> None:
        scope = around.part(id, then)
        for event, es_id, event_id, handler in self.handlers:
            watch(scope, event, es_id, event_id, handler)
        self.content.begin(scope, scope.thread_ends)


def watch(scope: Region, event: Event, es_id: str, event_id: str, handler: Drawn) -> None:
    """The start of an event sub-process is armed."""

    def come(_: bool) -> None:
        if event.interrupting:
            scope.interrupt()
            scope.threads = 0
        elif event.kind == "timer":
            scope.open.remove(armed)
        scope.threads += 1
        visit = scope.part(es_id, scope.thread_ends)
        handler.begin(visit, visit.thread_ends)

    armed = scope.wait(event_id, come, is_event=True)


Block = Chain | Fork | Decision | Activity


def whole(block: Block) -> tuple[bytes, Region]:
    """The diagram of a block, and the telling of it, just begun."""
    drawn = block.draw(Pen())
    xml = diagram(start(), drawn.parts, end(), flow("start", drawn.first), flow(drawn.last, "end"))
    told = Region()
    drawn.begin(told, told.thread_ends)
    return xml, told
