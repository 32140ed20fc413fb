"""Any diagram of nested blocks runs as it is drawn, in whatever order its work is done and its events come.

The diagram is told a second time without tokens (tests/contract/blocks.py). After every act both must have had the same
visits with the same ends, and the same things must be open; also when nothing but the stored text survives the act.
"""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.interpreter.step import WorkKind
from engine.interpreter.stimulus import Completed, Continued, EventArrived
from tests.contract.blocks import Activity, Block, Chain, Decision, Event, Fork, Repeated, whole
from tests.contract.case import Case
from tests.contract.regions import Open, Region

MARKS = {"before": st.booleans(), "after": st.booleans()}
LEAVES: st.SearchStrategy[Block] = st.builds(Activity, **MARKS) | st.just(Decision(None))


def activities(blocks: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    coming = st.builds(Event, st.sampled_from(["message", "timer"]), st.booleans(), blocks)
    failing = st.builds(Event, st.just("error"), st.just(True), blocks)
    some, one = st.lists(coming, max_size=2), st.lists(failing, max_size=1)
    events = st.builds(lambda several, error: (*several, *error), some, one)
    repeated = st.none() | st.builds(Repeated, st.integers(1, 3), st.booleans(), st.none() | st.integers(1, 3))
    task = st.builds(Activity, events=events, repeated=repeated, **MARKS)
    return task | st.builds(Activity, blocks, events, some.map(tuple), repeated, **MARKS)


@st.composite
def forks(draw: st.DrawFn, blocks: st.SearchStrategy[Block]) -> Fork:
    branches = draw(st.lists(st.none() | blocks, min_size=2, max_size=3))
    taken = draw(st.lists(st.booleans(), min_size=len(branches), max_size=len(branches)).filter(any))
    return Fork(draw(st.sampled_from(["exclusive", "parallel", "inclusive"])), tuple(branches), tuple(taken))


def nested(blocks: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    chains = st.lists(blocks, min_size=1, max_size=3).map(lambda several: Chain(tuple(several)))
    return chains | forks(blocks) | activities(blocks) | st.builds(Decision, blocks)


BLOCKS = st.recursive(LEAVES, nested, max_leaves=12)
ACTS = st.lists(st.tuples(st.integers(0, 99), st.booleans()), min_size=8, max_size=30)


@given(block=BLOCKS, acts=ACTS)
@settings(max_examples=60)
def test_a_block_runs_as_it_is_drawn(block: Block, acts: list[tuple[int, bool]]) -> None:
    xml, told = whole(block)
    cases = [Case(xml).start(decision=False), Case(xml, reloading=True).start(decision=False)]
    compare(cases, told)
    for which, decision in acts:
        waiting = in_order(told)
        if waiting:
            answer(cases, told, waiting[which % len(waiting)], decision)
    while waiting := [one for one in in_order(told) if not one.is_event]:
        answer(cases, told, waiting[0], False)
    assert all(case.has_ended for case in cases)
    assert all((case.error == ("bad", None)) is told.has_failed for case in cases)


def in_order(told: Region) -> list[Open]:
    return sorted(told.everything_open(), key=lambda one: one.number)


def answer(cases: list[Case], told: Region, one: Open, decision: bool) -> None:
    """The same thing is answered everywhere: of several with one name, the same one."""
    nth = [other for other in in_order(told) if other.name == one.name].index(one)
    one.answer(decision)
    for case in cases:
        work = case.open(one.name, nth)
        if work.kind is WorkKind.CONTINUATION:
            case.tell(Continued(work.id))
        elif one.is_event:
            case.tell(EventArrived(work.id))
        else:
            case.tell(Completed(work.id, {"decision": decision}))
    compare(cases, told)


def compare(cases: list[Case], told: Region) -> None:
    """The visits to tasks and sub-processes have ended alike, and the same work is open."""
    expected = Counter(one.name for one in told.everything_open())
    for case in cases:
        ends = Counter((case.names[id], how) for id, how in case.history.items())
        visits = {key: number for key, number in ends.items() if key[0].startswith(("task", "sub", "es", "decide"))}
        assert {key: n for key, n in visits.items() if key[1] != "open"} == told.ends
        assert Counter(work.activity_id for work in case.work.values()) == expected
