"""Listeners of a diagram: registered functions and assignments, told when the token moves (Camunda 7's order)."""

from collections.abc import Mapping

import pytest

from engine.diagram.model import Heard, Moment
from engine.errors import Invalid, ListenerFailed
from engine.interpreter.stimulus import TaskChanged
from tests.contract.conftest import Run
from tests.diagrams import (
    boundary,
    call,
    conditional,
    diagram,
    end,
    external_task,
    flow,
    flows,
    given,
    left,
    listener,
    mapped,
    multi_instance,
    parallel,
    start,
    straight,
    sub_process,
    task_listener,
    timer,
    user_task,
)


class Told:
    """A registered listener that remembers what it was told."""

    def __init__(self, **says: object) -> None:
        self.says = says
        self.heard: list[str] = []

    def __call__(self, variables: Mapping[str, object], *, heard: Heard) -> Mapping[str, object]:
        self.heard.append(f"{heard.moment} {heard.activity_id}")
        return self.says


def sets(name: str, value: str) -> dict[str, str]:
    """A listener's expression that sets a variable."""
    return {"expression": f"${{execution.setVariable('{name}', {value})}}"}


def test_listeners_hear_of_process_activities_and_flows_in_order(run: Run) -> None:
    told = Told()
    both = [listener("start", "told"), listener("end", "told")]
    source = diagram(
        *both,
        start("start", both),
        user_task("a", both),
        end("end", both),
        flow("start", "a", None, None, listener(None, "told")),
        flow("a", "end", None, None, listener("take", "told")),
    )

    run(source, listeners={"told": told}).start().complete("a")

    assert told.heard == [
        *("start approval", "start start", "end start", "take start-a", "start a"),
        *("end a", "take a-end", "start end", "end end", "end approval"),
    ]


def test_what_a_listener_returns_becomes_variables(run: Run) -> None:
    case = run(straight(user_task("a", listener("start", "told"))), listeners={"told": Told(seen=1)}).start()

    assert case.variables == {"seen": 1}


def test_an_expression_sets_a_variable_from_those_it_sees(run: Run) -> None:
    counted = user_task("a", mapped(given("step", "${10}")), listener("start", **sets("total", "total + step")))

    assert run(straight(counted)).start(total=1).variables == {"total": 11}


def test_inputs_are_there_before_the_start_and_outputs_read_what_the_end_sets(run: Run) -> None:
    activity = external_task(
        "a",
        "seal",
        mapped(given("mark", "new"), left("result", "${mark}")),
        listener("end", **sets("mark", "mark == 'new' ? 'done' : 'lost'")),
    )

    assert run(straight(activity)).start().complete("a").variables == {"result": "done"}


def test_an_activity_that_is_cancelled_has_ended_for_its_listeners(run: Run) -> None:
    told = Told()
    guarded = user_task("a", listener("end", "told"), task_listener("delete", "told"))
    source = diagram(
        *(start(), guarded, boundary("late", "a", timer(duration="P1D")), end(), end("e")),
        *(flows("start", "a", "end"), flows("late", "e")),
    )

    run(source, listeners={"told": told}).start().timer_fires("late")

    assert told.heard == ["delete a", "end a"]


def test_each_instance_of_a_multi_instance_activity_is_heard_of(run: Run) -> None:
    told = Told()
    several = user_task("a", multi_instance(cardinality=2), listener("start", "told"), listener("end", "told"))

    run(straight(several), listeners={"told": told}).start().complete("a").complete("a")

    assert told.heard == ["start a", "start a", "end a", "end a"]


def test_a_join_is_heard_of_once(run: Run) -> None:
    told = Told()
    source = diagram(
        *(
            start(),
            parallel("fork"),
            user_task("a"),
            user_task("b"),
            parallel("join", listener("start", "told")),
            end(),
        ),
        *(flows("start", "fork", "a", "join", "end"), flows("fork", "b", "join")),
    )

    run(source, listeners={"told": told}).start().complete("a").complete("b")

    assert told.heard == ["start join"]


def test_a_condition_sees_what_a_listener_sets(run: Run) -> None:
    source = diagram(
        start(),
        user_task("a", listener("start", **sets("urgent", "true"))),
        boundary("alarm", "a", conditional("${urgent}")),
        *(end(), end("e"), flows("start", "a", "end"), flows("alarm", "e")),
    )

    case = run(source).start(urgent=False)

    assert case.ends_of("a") == ["cancelled"]


def test_a_task_is_heard_of_from_its_creation_to_its_completion(run: Run) -> None:
    told = Told()
    moments = ("create", "assignment", "update", "complete", "delete")
    reviewed = user_task("a", *(task_listener(moment, "told") for moment in moments), assignee="li")
    case = run(straight(reviewed), listeners={"told": told}).start()

    case.tell(TaskChanged(case.open("a").id, (Moment.UPDATE, Moment.ASSIGNMENT))).complete("a")

    assert told.heard == ["create a", "assignment a", "update a", "assignment a", "complete a"]


def test_a_completing_listener_sees_what_was_handed_in(run: Run) -> None:
    review = user_task("a", task_listener("complete", **sets("agreed", "opinion == 'agree'")))

    assert run(straight(review)).start().complete("a", opinion="agree").variables["agreed"] is True


@pytest.mark.parametrize(
    ("times", "definition"), [(1, {"duration": "P3D"}), (3, {"cycle": "R3/P1D"})], ids=["once", "cycle"]
)
def test_a_timeout_is_heard_of_and_leaves_the_task_as_it_is(run: Run, times: int, definition: dict[str, str]) -> None:
    told = Told(late=True)
    reviewed = user_task("a", task_listener("timeout", "told", timer(**definition), id="reminder"))
    case = run(straight(reviewed), listeners={"told": told}).start()

    for _ in range(times):
        case.arrives("a", nth=1)

    assert told.heard == ["timeout a"] * times
    assert (case.tasks, case.variables) == (["a"], {"late": True})
    assert len(case.work) == (1 if times == 1 else 2)
    assert case.complete("a").has_ended


def test_a_listener_that_fails_refuses_the_command(run: Run) -> None:
    def broken(variables: Mapping[str, object], *, heard: Heard) -> Mapping[str, object]:
        raise ValueError("no seal")

    case = run(
        straight(user_task("a"), user_task("b", listener("start", "broken"))), listeners={"broken": broken}
    ).start()

    with pytest.raises(ListenerFailed, match="no seal") as refusal:
        case.complete("a")

    assert refusal.value.element_id == "b"
    assert case.tasks == ["a"]


def test_a_listener_may_refuse_in_its_own_words(run: Run) -> None:
    def strict(variables: Mapping[str, object], *, heard: Heard) -> Mapping[str, object]:
        raise Invalid

    with pytest.raises(Invalid):
        run(straight(user_task("a", listener("start", "strict"))), listeners={"strict": strict}).start()


def test_a_listener_that_the_server_has_not_is_no_silence(run: Run) -> None:
    with pytest.raises(ListenerFailed):
        run(straight(user_task("a", listener("start", "gone")))).start()


def test_a_sub_process_and_a_call_are_heard_of(run: Run) -> None:
    told = Told()
    inner = [start("s"), call("survey", "survey", listener("end", "told")), end("e"), flows("s", "survey", "e")]
    source = straight(sub_process("sub", inner, listener("start", "told"), listener("end", "told")))

    run(source, listeners={"told": told}).start().complete("survey")

    assert told.heard == ["start sub", "end survey", "end sub"]
