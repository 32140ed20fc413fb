"""Whatever is answered in whatever order: the promises of the port hold, and saving changes nothing.

The promises themselves are checked at every step by the case that is driven (tests/contract/case.py).
"""

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import EngineError
from engine.interpreter.step import WorkKind
from engine.interpreter.stimulus import (
    Cancelled,
    Completed,
    Continued,
    ErrorThrown,
    EscalationThrown,
    EventArrived,
    Stimulus,
    VariablesChanged,
)
from tests.contract.case import Case
from tests.contract.test_state import EVERYTHING
from tests.diagrams import (
    boundary,
    conditional,
    diagram,
    end,
    error,
    escalation,
    event_sub_process,
    exclusive,
    flow,
    flows,
    inclusive,
    message,
    multi_instance,
    signal,
    start,
    sub_process,
    terminate,
    throw,
    timer,
    user_task,
)

TANGLED = diagram(
    start(),
    exclusive("again"),
    inclusive("split"),
    sub_process(
        "sp",
        multi_instance(collection="items", elementVariable="it", until="${nrOfCompletedInstances == 2}"),
        start("s1"),
        inclusive("g", default="g-u"),
        user_task("u", asyncBefore=True),
        boundary("u-late", "u", timer(cycle="R/PT1H"), False),
        boundary("u-when", "u", conditional("${x == 2}"), False),
        user_task("v"),
        inclusive("j"),
        throw("tell", escalation("late")),
        exclusive("x", default="x-e1"),
        end("e1"),
        end("stop", terminate()),
        end("failed", error("bad")),
        event_sub_process(
            "es", start("es-start", message("m")), user_task("h"), end("es-end"), flows("es-start", "h", "es-end")
        ),
        flows("s1", "g"),
        flow("g", "u"),
        flow("g", "v", "${x > 0}"),
        flows("u", "j"),
        flows("u-late", "tell", "j"),
        flows("u-when", "j"),
        flows("v", "j", "x"),
        flow("x", "stop", "${x == 3}"),
        flow("x", "failed", "${x == 4}"),
        flow("x", "e1"),
    ),
    boundary("bad", "sp", error("bad")),
    boundary("late", "sp", escalation("late"), False),
    user_task("beside", asyncAfter=True),
    inclusive("join"),
    exclusive("done", default="done-end"),
    throw("shout", signal("s")),
    end(),
    event_sub_process(
        "heard",
        start("heard-start", signal("s"), isInterrupting=False),
        user_task("listen"),
        end("heard-end"),
        flows("heard-start", "listen", "heard-end"),
    ),
    flows("start", "again", "split"),
    flow("split", "sp", "${true}"),
    flow("split", "beside", "${x < 4}"),
    flows("sp", "join"),
    flows("bad", "join"),
    flows("late", "shout", "join"),
    flows("beside", "join", "done"),
    flow("done", "again", "${x == 1}"),
    flow("done", "end"),
)

SMALL = st.integers(0, 4)
CHOICES = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 9), SMALL), max_size=40)
CARRIED_OUT = {WorkKind.USER_TASK, WorkKind.EXTERNAL_TASK, WorkKind.DELEGATE, WorkKind.CALL}


def chosen(case: Case, which: int, how: int, x: int) -> Stimulus | None:
    """One of the things that can happen now, mostly the ordinary one."""
    if how == 0:
        return VariablesChanged({"x": x})
    if how == 1 and case.running:
        return Cancelled(list(case.running)[which % len(case.running)])
    if not case.work:
        return None
    work = list(case.work.values())[which % len(case.work)]
    if work.kind in CARRIED_OUT and how in (2, 3):
        return ErrorThrown(work.id, "bad", variables={"x": x}) if how == 2 else EscalationThrown(work.id, "late")
    if work.kind is WorkKind.CONTINUATION:
        return Continued(work.id)
    return Completed(work.id, {"x": x}) if work.kind in CARRIED_OUT else EventArrived(work.id, {"x": x})


@given(xml=st.sampled_from([EVERYTHING, TANGLED]), choices=CHOICES, x=SMALL)
@settings(max_examples=60)
def test_whatever_happens_the_promises_hold_and_saving_changes_nothing(
    xml: bytes, choices: list[tuple[int, int, int]], x: int
) -> None:
    straight_on, reloading = Case(xml), Case(xml, reloading=True)
    for case in (straight_on, reloading):
        case.start(items=["a", "b", "c"], x=x)
    for choice in choices:
        stimulus = chosen(straight_on, *choice)
        if stimulus is None or straight_on.has_ended:
            break
        refusals = []
        for case in (straight_on, reloading):
            try:
                case.tell(stimulus)
            except EngineError as refused:
                refusals.append(type(refused))
        assert len(refusals) in (0, 2), "both refuse or neither does"
        assert straight_on.state == reloading.state
        assert straight_on.trace == reloading.trace
