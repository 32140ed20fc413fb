"""Attributes and texts that say nothing usable: each is one fault at its element, in the words of the Modeler."""

import pytest

from tests.diagrams import (
    Element,
    around,
    call,
    catch,
    conditional,
    delegate_task,
    diagram,
    element,
    end,
    faults_of,
    flow,
    listener,
    mapped_in,
    mapped_out,
    message,
    multi_instance,
    node,
    referring,
    retry_cycle,
    script_task,
    service_task,
    start,
    straight,
    throw,
    timer,
    user_task,
)


def ending(definition: Element) -> bytes:
    return diagram(start(), end("odd", definition), flow("start", "odd"))


PEOPLE = {
    "an expression is well-formed": (user_task("odd", assignee="${officer"), "assignee"),
    "each candidate group is well-formed": (user_task("odd", candidateGroups="fire,${a b}"), "candidateGroups"),
    "an expression calls what is lent": (user_task("odd", assignee="${boss()}"), "boss"),
    "a due date is a moment": (user_task("odd", dueDate="next week"), "dueDate"),
    "a due period is a duration": (user_task("odd", dueDate="P5W3X"), "dueDate"),
    "a follow-up date is a moment": (user_task("odd", followUpDate="2026-13-01"), "followUpDate"),
    "a priority is a number": (user_task("odd", priority="high"), "priority"),
    "a job's priority is a number": (user_task("odd", jobPriority="1.5"), "jobPriority"),
    "a task has one form": (user_task("odd", formKey="a", formRef="b", formRefBinding="latest"), "both"),
    "a form is bound": (user_task("odd", formRef="b"), "formRefBinding"),
    "a form is bound in a known way": (user_task("odd", formRef="b", formRefBinding="versionTag"), "formRefBinding"),
    "a form's version is given": (user_task("odd", formRef="b", formRefBinding="version"), "formRefVersion"),
    "a task's name is well-formed": (user_task("odd", name="审查 ${project"), "name"),
    "a boolean is true or false": (user_task("odd", asyncBefore="yes"), "either true or false"),
    "delays between retries are durations": (user_task("odd", retry_cycle("R3/10M"), asyncBefore=True), "failedJob"),
    "a list of delays holds durations": (user_task("odd", retry_cycle("PT1M,soon"), asyncBefore=True), "failedJob"),
}

WORK = {
    "a listener is a name": (user_task("odd", listener("start", delegateExpression="${a.b}")), "must be written"),
    "a listener is registered": (user_task("odd", listener("start", "gone")), "not registered"),
    "a service task is somebody's": (service_task("odd"), "who carries it out"),
    "an external task has a topic": (service_task("odd", type="external"), "without a topic"),
    "a topic is an external task's": (service_task("odd", topic="mail"), "camunda:type"),
    "work is done in one way": (delegate_task("odd", "seal", type="external", topic="mail"), "both"),
    "a delegate is a name": (service_task("odd", delegateExpression="${seal.print}"), "must be written"),
    "a delegate is registered": (delegate_task("odd", "stamp"), "not registered"),
    "a send task has a message": (node("sendTask", "odd"), "names no message"),
    "a receive task has a message": (node("receiveTask", "odd"), "names no message"),
    "a script says something": (script_task("odd", " "), "empty"),
    "a script only assigns": (script_task("odd", "print('hello')"), "only assign"),
    "a script assigns expressions": (script_task("odd", "a = 1"), "only assign"),
    "a script assigns variables": (script_task("odd", "a.b = ${1}"), "no variable's name"),
    "a script's expressions are well-formed": (script_task("odd", "a = ${1 +}"), "script"),
}

CALLS = {
    "a call names a process": (node("callActivity", "odd"), "no process to call"),
    "a call is bound in a known way": (call("odd", "other", calledElementBinding="newest"), "calledElementBinding"),
    "a call's version is given": (call("odd", "other", calledElementBinding="version"), "calledElementVersion"),
    "a call's version is asked for": (call("odd", "other", calledElementVersion="2"), "calledElementVersion"),
    "a call's tag is given": (call("odd", "other", calledElementBinding="versionTag"), "calledElementVersionTag"),
    "a call's version is a number": (
        call("odd", "other", calledElementBinding="version", calledElementVersion="two"),
        "no whole number",
    ),
    "a mapping has a source": (call("odd", "other", mapped_in(target="a")), "exactly one of"),
    "a mapping has one source": (
        call("odd", "other", mapped_in(source="a", sourceExpression="${b}", target="c")),
        "exactly one of",
    ),
    "a mapping has a target": (call("odd", "other", mapped_out(source="a")), "no target"),
    "a mapping's source is a variable": (call("odd", "other", mapped_in(source="a b", target="c")), "source"),
    "a mapping of all maps all": (call("odd", "other", mapped_in(variables="some")), "only be"),
    "a business key goes in only": (call("odd", "other", mapped_out(businessKey="${a}")), "businessKey"),
}

LOOPS = {
    "multi-instance has a number": (user_task("odd", multi_instance()), "needs a collection"),
    "multi-instance has one number": (user_task("odd", multi_instance(collection="a", cardinality="2")), "only one"),
    "a cardinality is a number": (user_task("odd", multi_instance(cardinality="many")), "no whole number"),
    "a collection is a variable": (user_task("odd", multi_instance(collection="a-b")), "no variable's name"),
    "an item comes from a collection": (
        user_task("odd", multi_instance(cardinality="2", elementVariable="a")),
        "no collection",
    ),
    "a completion condition is a condition": (
        user_task("odd", multi_instance(cardinality="2", until="true")),
        "no condition",
    ),
}

EVENTS = {
    "a message is chosen": (catch("odd", element("messageEventDefinition")), "names no message"),
    "a signal is chosen": (throw("odd", element("signalEventDefinition")), "names no signal"),
    "a message is declared": (catch("odd", element("messageEventDefinition", messageRef="gone")), "not in the file"),
    "a thrown escalation is chosen": (throw("odd", element("escalationEventDefinition")), "names no escalation"),
    "a timer has a time": (catch("odd", timer()), "needs a date"),
    "a timer has one time": (catch("odd", timer(date="2026-11-02", duration="P1D")), "only one"),
    "a date is ISO 8601": (catch("odd", timer(date="2.11.2026")), "timeDate"),
    "a duration is ISO 8601": (catch("odd", timer(duration="5 days")), "timeDuration"),
    "a cycle is ISO 8601 or cron": (catch("odd", timer(cycle="daily")), "timeCycle"),
    "a condition says something": (catch("odd", conditional(" ")), "no condition"),
    "a condition is a condition": (catch("odd", conditional("ready")), "no condition"),
    "a variable that receives a code is a variable": (
        catch("odd", conditional("${a}", variableName="a b")),
        "no variable's name",
    ),
}

SAID = PEOPLE | WORK | CALLS | LOOPS | EVENTS


@pytest.mark.parametrize("rule", SAID)
def test_a_text_that_says_nothing_usable_is_one_fault(rule: str) -> None:
    odd, words = SAID[rule]

    faults = faults_of(straight(odd), delegates={"seal"}, listeners={"told"})

    assert [(at, words in sentence) for at, sentence in faults] == [("odd", True)]


def test_a_link_has_a_name() -> None:
    source = around(throw("odd", element("linkEventDefinition")), flow("work", "odd"))

    assert [at for at, _ in faults_of(source)] == ["odd"]


def test_a_thrown_error_has_a_code() -> None:
    assert [at for at, _ in faults_of(ending(element("errorEventDefinition")))] == ["odd"]


@pytest.mark.parametrize("code", [{}, {"errorCode": "${code}"}])
def test_an_error_that_is_referred_to_has_a_fixed_code(code: dict[str, str]) -> None:
    ((at, sentence),) = faults_of(ending(referring(element("errorEventDefinition"), "error", "bad", **code)))

    assert at == "error_bad"
    assert "no fixed code" in sentence


def test_a_message_that_is_referred_to_has_a_name_which_is_told_once() -> None:
    source = straight(*(catch(id, message("paid")) for id in ("one", "two"))).replace(b' name="paid"', b"")

    ((at, sentence),) = faults_of(source)

    assert at == "message_paid"
    assert "no name" in sentence


@pytest.mark.parametrize("condition", ["yes", "true", "= approved", "${approved"])
def test_a_flow_has_a_condition_that_can_hold(condition: str) -> None:
    source = around(user_task("more"), flow("work", "more", condition))

    assert [at for at, _ in faults_of(source)] == ["work-more"]
