"""Escalations: like errors, but the thrower may go on (Camunda 7)."""

import pytest

from engine.diagram.model import EventKind
from tests.contract.conftest import Run
from tests.diagrams import (
    Element,
    boundary,
    diagram,
    end,
    escalation,
    event_sub_process,
    flows,
    multi_instance,
    start,
    sub_process,
    throw,
    user_task,
)


def escalating(*more: Element) -> Element:
    return sub_process(
        "sp",
        start("s1"),
        user_task("u"),
        throw("t", escalation("late")),
        user_task("v"),
        end("e1"),
        flows("s1", "u", "t", "v", "e1"),
        *more,
    )


def around(host: Element, definition: Element, interrupting: bool) -> bytes:
    return diagram(
        start(),
        host,
        boundary("b", "sp", definition, interrupting),
        user_task("n"),
        user_task("h"),
        end(),
        flows("start", "sp", "n", "end"),
        flows("b", "h", "end"),
    )


@pytest.mark.parametrize("code", ["late", None])
def test_an_interrupting_boundary_event_cancels_the_thrower(run: Run, code: str | None) -> None:
    case = run(around(escalating(), escalation(code), True)).start().complete("u")
    assert case.tree == "h"
    assert case.trace[2:6] == ["+t", "xt", "xsp", "+b"]


def test_a_non_interrupting_boundary_event_lets_the_thrower_go_on_first(run: Run) -> None:
    case = run(around(escalating(), escalation("late"), False)).start().complete("u")
    assert case.tree == "h, sp[v]"
    assert case.trace == ["-u", ">u-t", "+t", "-t", ">t-v", "+v", "+b", "-b", ">b-h", "+h"]
    assert case.complete("v").tree == "h, n"


def test_an_end_event_escalates_too(run: Run) -> None:
    host = sub_process("sp", start("s1"), user_task("u"), end("e1", escalation("late")), flows("s1", "u", "e1"))
    assert run(around(host, escalation("late"), False)).start().complete("u").tree == "h, n"
    assert run(around(host, escalation("late"), True)).start().complete("u").tree == "h"


def test_an_escalation_of_another_code_leaves_the_instance_and_the_thrower_goes_on(run: Run) -> None:
    case = run(around(escalating(), escalation("other"), True)).start().complete("u")
    assert case.tree == "sp[v]"
    assert [(thrown.kind, thrown.name) for thrown in case.thrown] == [(EventKind.ESCALATION, "late")]


def test_an_escalation_leaves_with_the_processs_variables_for_its_caller(run: Run) -> None:
    case = run(around(escalating(), escalation("other"), True)).start(x=1).complete("u", y=2)
    assert case.thrown[0].variables == {"x": 1, "y": 2}


def test_a_caught_escalation_does_not_leave_the_instance(run: Run) -> None:
    assert run(around(escalating(), escalation("late"), False)).start().complete("u").thrown == []


def test_every_throw_is_caught(run: Run) -> None:
    host = sub_process(
        "sp",
        start("s1"),
        throw("t1", escalation("late")),
        user_task("u"),
        throw("t2", escalation("late")),
        user_task("v"),
        end("e1"),
        flows("s1", "t1", "u", "t2", "v", "e1"),
    )
    case = run(around(host, escalation("late"), False)).start()
    assert case.tree == "h, sp[u]"
    assert case.complete("u").tree == "h, h, sp[v]"


def test_only_the_innermost_catcher_takes_it(run: Run) -> None:
    outer = sub_process(
        "so",
        start("s0"),
        escalating(),
        boundary("bi", "sp", escalation("late"), False),
        user_task("hi"),
        end("e0"),
        flows("s0", "sp", "e0"),
        flows("bi", "hi", "e0"),
    )
    xml = diagram(
        start(),
        outer,
        boundary("bo", "so", escalation("late"), False),
        user_task("ho"),
        end(),
        flows("start", "so", "end"),
        flows("bo", "ho", "end"),
    )
    assert run(xml).start().complete("u").tree == "so[hi, sp[v]]"


def test_items_of_a_multi_instance_escalate_to_the_boundary_of_the_whole(run: Run) -> None:
    case = run(around(escalating(multi_instance(cardinality=2)), escalation("late"), False)).start()
    assert case.complete("u").complete("u").tree == "h, h, sp#body[sp[v], sp[v]]"


@pytest.mark.parametrize("interrupting", [True, False])
def test_whoever_carries_out_the_work_may_escalate(run: Run, interrupting: bool) -> None:
    caught = escalation("late", escalationCodeVariable="code")
    case = run(around(user_task("sp"), caught, interrupting)).start().escalate("sp", "late", q=1)
    assert case.tree == ("h" if interrupting else "h, sp")
    assert case.cancelled == (["sp"] if interrupting else [])
    assert case.variables == {"q": 1, "code": "late"}


def caught_by(interrupting: bool, finish: Element | None = None) -> Element:
    return event_sub_process(
        "es",
        start("es-start", escalation("late"), isInterrupting=interrupting),
        user_task("es-h"),
        end("es-end", *([] if finish is None else [finish])),
        flows("es-start", "es-h", "es-end"),
    )


def test_an_event_sub_process_catches_before_the_boundary(run: Run) -> None:
    case = run(around(escalating(caught_by(False)), escalation("late"), False)).start().complete("u")
    assert case.tree == "sp[es[es-h], v]"


def test_an_interrupting_event_sub_process_takes_the_throwers_place(run: Run) -> None:
    case = run(around(escalating(caught_by(True)), escalation("late"), False)).start().complete("u")
    assert case.tree == "sp[es[es-h]]"
    assert case.complete("es-h").tree == "n"


def test_an_event_sub_process_does_not_catch_what_it_throws_itself(run: Run) -> None:
    again = caught_by(True, finish=escalation("late"))
    case = run(around(escalating(again), escalation("late"), False)).start().complete("u").complete("es-h")
    assert case.tree == "h, n"


def test_a_non_interrupting_event_sub_process_catches_every_throw(run: Run) -> None:
    xml = diagram(
        start(),
        throw("t1", escalation("late")),
        user_task("u"),
        end("e", escalation("late")),
        caught_by(False),
        flows("start", "t1", "u", "e"),
    )
    case = run(xml).start()
    assert case.tree == "es[es-h], u"
    assert case.complete("u").tree == "es[es-h], es[es-h]"
    assert case.complete("es-h").complete("es-h").has_ended
