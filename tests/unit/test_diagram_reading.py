"""What a drawn thing becomes: every node, flow and expression that the engine acts on."""

import pytest

from engine.diagram import read_diagram
from engine.diagram.model import Binding, EventDefinition, EventKind, Node, TimerKind
from engine.expressions import compile_expression
from tests.diagrams import (
    Element,
    around,
    boundary,
    call,
    catch,
    conditional,
    definitions,
    delegate_task,
    diagram,
    element,
    end,
    error,
    escalation,
    event_sub_process,
    exclusive,
    external_task,
    flow,
    mapped_in,
    mapped_out,
    message,
    multi_instance,
    only_process,
    process,
    properties,
    receive_task,
    retry_cycle,
    script_task,
    send_task,
    signal,
    start,
    straight,
    sub_process,
    task,
    throw,
    timer,
    user_task,
)


def read(node: Element) -> Node:
    """A node between start and end."""
    return only_process(straight(node)).nodes[node.attributes["id"]]


def event_of(node: Element) -> EventDefinition:
    event = read(node).event
    assert event is not None
    return event


def test_nodes_and_flows_keep_the_order_of_the_file() -> None:
    source = diagram(
        *(start(), exclusive("choose", default="choose-no"), sub_process("yes", start("begin"), task("deep"))),
        *(user_task("no"), end()),
        *(flow("choose", "no"), flow("start", "choose"), flow("choose", "yes", "${approved}"), flow("no", "end")),
    )

    approval = only_process(source)

    assert list(approval.nodes) == ["start", "choose", "yes", "begin", "deep", "no", "end"]
    assert list(approval.flows) == ["choose-no", "start-choose", "choose-yes", "no-end"]
    assert approval.nodes["choose"].outgoing == ("choose-no", "choose-yes")
    assert approval.nodes["choose"].incoming == ("start-choose",)
    assert approval.nodes["choose"].default_flow == "choose-no"
    assert approval.flows["choose-yes"].condition == compile_expression("${approved}")
    assert [node.id for node in approval.nodes_in("yes")] == ["begin", "deep"]


def test_a_process_keeps_its_name_tag_and_properties() -> None:
    (approval,) = read_diagram(
        diagram(properties(item="enterprise"), start(), name="企业开办", versionTag="2026.1")
    ).processes

    assert (approval.key, approval.name, approval.version_tag) == ("approval", "企业开办", "2026.1")
    assert approval.properties == {"item": "enterprise"}


def test_every_executable_process_of_a_file_is_read() -> None:
    source = definitions(process(start("s1"), key="one"), process(start("s2"), key="two"))

    assert [each.key for each in read_diagram(source).processes] == ["one", "two"]


def test_a_node_keeps_what_the_office_wrote_on_it() -> None:
    work = read(user_task("work", element("documentation", "查验材料"), properties(act="review"), name="审查"))

    assert (work.name, work.documentation, work.properties) == ("审查", "查验材料", {"act": "review"})


def test_a_node_belongs_to_its_innermost_lane() -> None:
    inner = element("childLaneSet", element("lane", element("flowNodeRef", "work"), id="inner", name="科室"))
    outer = element("lane", element("flowNodeRef", "work"), element("flowNodeRef", "end"), inner, id="o", name="部门")

    nodes = only_process(around(element("laneSet", outer))).nodes

    assert (nodes["work"].lane, nodes["end"].lane, nodes["start"].lane) == ("科室", "部门", None)


def test_a_user_task_says_who_and_by_when() -> None:
    work = user_task(
        "work",
        assignee="${officer}",
        candidateGroups="fire, ${groups('a,b')} ,tax",
        candidateUsers="li",
        dueDate="P5D",
        followUpDate="2026-11-02T09:00:00",
        priority="80",
    )

    assignment = only_process(straight(work), functions={"groups"}).nodes["work"].assignment

    assert assignment is not None
    assert assignment.assignee == compile_expression("${officer}")
    assert [group.text for group in assignment.candidate_groups] == ["fire", "${groups('a,b')}", "tax"]
    assert [user.text for user in assignment.candidate_users] == ["li"]
    texts = (assignment.due_date, assignment.follow_up_date, assignment.priority)
    assert [text and text.text for text in texts] == ["P5D", "2026-11-02T09:00:00", "80"]


def test_a_form_is_bound_to_a_version() -> None:
    assignment = read(user_task("work", formRef="review", formRefBinding="version", formRefVersion="3")).assignment

    assert assignment is not None
    assert assignment.form is not None
    assert assignment.form.reference == compile_expression("review")
    assert (assignment.form.binding, assignment.form.version) == (Binding.VERSION, compile_expression("3"))


def test_a_start_event_shows_the_form_of_the_applicant() -> None:
    assignment = only_process(diagram(start(formKey="apply"))).nodes["start"].assignment

    assert assignment is not None
    assert assignment.form is not None
    assert assignment.form.key == compile_expression("apply")


def test_a_service_task_is_a_workers_or_a_delegates() -> None:
    external = read(external_task("mail", "${channel}", taskPriority="7")).work
    delegate = read(delegate_task("seal", "seal_printer")).work

    assert external is not None
    assert (external.topic, external.priority) == (compile_expression("${channel}"), compile_expression("7"))
    assert delegate is not None
    assert (delegate.topic, delegate.delegate) == (None, "seal_printer")


def test_priorities_of_the_process_hold_where_a_node_has_none() -> None:
    nodes = only_process(
        diagram(start(), external_task("one", "mail"), user_task("two", jobPriority="9"), jobPriority=5, taskPriority=6)
    ).nodes

    assert nodes["one"].work is not None
    assert nodes["one"].work.priority == compile_expression("6")
    assert [nodes[id].job_priority for id in ("one", "two")] == [compile_expression("5"), compile_expression("9")]


def test_send_and_receive_tasks_name_their_message() -> None:
    expected = EventDefinition(EventKind.MESSAGE, name=compile_expression("paid"))

    assert read(send_task("send", "paid")).event == expected
    assert read(receive_task("receive", "paid")).event == expected


def test_a_throwing_message_may_be_a_workers() -> None:
    notice = read(throw("notice", element("messageEventDefinition", type="external", topic="notice")))

    assert notice.work is not None
    assert notice.work.topic == compile_expression("notice")


@pytest.mark.parametrize("script", ["a = ${1 + 1}\nb = ${'x; y'}", "a = ${1 + 1}; b = ${'x; y'};"])
def test_a_script_is_a_list_of_assignments(script: str) -> None:
    lines = read(script_task("note", script, scriptFormat="juel")).script

    assert [(line.name, line.value.text) for line in lines] == [("a", "${1 + 1}"), ("b", "${'x; y'}")]


def test_jobs_are_marked() -> None:
    work = read(user_task("work", retry_cycle("R5/PT10M"), asyncBefore=True, asyncAfter=True, exclusive=False))

    assert (work.async_before, work.async_after, work.exclusive) == (True, True, False)
    assert work.retry_cycle == compile_expression("R5/PT10M")


def test_camundas_old_word_async_means_before() -> None:
    assert read(user_task("work", **{"async": True})).async_before


def test_multi_instance_goes_over_a_collection() -> None:
    loop = read(
        user_task(
            "work",
            multi_instance(
                collection="departments",
                elementVariable="department",
                isSequential=True,
                until="${nrOfCompletedInstances >= 2}",
            ),
        )
    ).loop

    assert loop is not None
    assert (loop.sequential, loop.element_variable, loop.cardinality) == (True, "department", None)
    assert loop.collection == compile_expression("${departments}")
    assert loop.completion_condition == compile_expression("${nrOfCompletedInstances >= 2}")


def test_multi_instance_is_read_in_the_words_of_the_standard_too() -> None:
    loop = element(
        "multiInstanceLoopCharacteristics",
        element("loopDataInputRef", "departments"),
        element("inputDataItem", name="department"),
    )

    assert (
        read(user_task("work", loop)).loop
        == read(user_task("work", multi_instance(collection="${departments}", elementVariable="department"))).loop
    )


def test_multi_instance_goes_a_number_of_times() -> None:
    loop = read(sub_process("work", multi_instance(cardinality="3", asyncBefore=True), start("s"))).loop

    assert loop is not None
    assert (loop.sequential, loop.collection, loop.async_before) == (False, None, True)
    assert loop.cardinality == compile_expression("3")


def test_a_call_hands_variables_over_both_ways() -> None:
    called = read(
        call(
            "correct",
            "${kind}",
            mapped_in(businessKey="${number}"),
            mapped_in(variables="all", local=True),
            mapped_in(source="a", target="b"),
            mapped_out(sourceExpression="${x + 1}", target="y"),
            calledElementBinding="versionTag",
            calledElementVersionTag="2026.1",
        )
    ).call

    assert called is not None
    assert called.called_element == compile_expression("${kind}")
    assert (called.binding, called.version) == (Binding.VERSION_TAG, compile_expression("2026.1"))
    key, everything, one = called.ins
    assert key.business_key == compile_expression("${number}")
    assert (everything.all_variables, everything.local) == (True, True)
    assert (one.source, one.source_name, one.target) == (compile_expression("${a}"), "a", "b")
    (back,) = called.outs
    assert (back.source, back.source_name, back.target) == (compile_expression("${x + 1}"), None, "y")


@pytest.mark.parametrize(
    ("definition", "kind", "text"),
    [
        (timer(duration="PT2H"), TimerKind.DURATION, "PT2H"),
        (timer(date="${deadline}"), TimerKind.DATE, "${deadline}"),
        (timer(cycle="R3/PT10H"), TimerKind.CYCLE, "R3/PT10H"),
        (timer(cycle="0 0 9 * * ?"), TimerKind.CYCLE, "0 0 9 * * ?"),
    ],
)
def test_a_timer_keeps_its_definition(definition: Element, kind: TimerKind, text: str) -> None:
    found = event_of(catch("wait", definition)).timer

    assert found is not None
    assert (found.kind, found.expression) == (kind, compile_expression(text))


def test_events_are_matched_by_name_and_code() -> None:
    assert event_of(catch("wait", message("paid-${number}"))).name == compile_expression("paid-${number}")
    assert event_of(throw("tell", signal("flood"))).name == compile_expression("flood")
    assert event_of(throw("raise", escalation("up"))).name == compile_expression("up")


def test_a_catching_error_receives_code_and_message_of_any_error() -> None:
    caught = error(errorCodeVariable="code", errorMessageVariable="text")

    edge = only_process(around(boundary("edge", "work", caught))).nodes["edge"]

    assert edge.attached_to == "work"
    assert edge.interrupting
    assert edge.event == EventDefinition(EventKind.ERROR, code_variable="code", message_variable="text")


def test_a_condition_may_be_limited_to_a_variable() -> None:
    found = event_of(catch("wait", conditional("${ready}", variableName="ready")))

    assert (found.condition, found.variable_name) == (compile_expression("${ready}"), "ready")


def test_an_event_that_does_not_interrupt_is_marked() -> None:
    source = around(
        boundary("remind", "work", timer(cycle="R/P1D"), interrupting=False),
        event_sub_process("ask", start("asked", message("question"), isInterrupting=False)),
    )

    nodes = only_process(source).nodes

    assert nodes["ask"].triggered_by_event
    assert [nodes[id].interrupting for id in ("remind", "asked", "start")] == [False, False, True]


def test_a_file_may_start_with_a_byte_order_mark() -> None:
    source = straight(user_task("work"))

    assert read_diagram(b"\xef\xbb\xbf" + source) == read_diagram(source)


def test_delegates_and_functions_are_checked_against_what_is_lent() -> None:
    source = straight(delegate_task("seal", "seal"), user_task("work", dueDate="${workingDays(5)}"))

    assert only_process(source, functions={"workingDays"}, delegates={"seal"}).nodes.keys() == {
        *("start", "seal", "work", "end"),
    }
