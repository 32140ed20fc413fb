"""The three lists: what runs, what is decoration, and all else is a fault. The page for designers shows the same."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from engine.diagram import read_diagram
from engine.diagram.model import EventKind
from engine.diagram.refusals import FOREIGN_PLATFORMS, REFUSED_ATTRIBUTES, REFUSED_ELEMENTS
from engine.diagram.rules.events import ALLOWED, EVENT_SUB_PROCESS_START, PROCESS_START, SUB_PROCESS_START
from engine.diagram.vocabulary import (
    DECORATION,
    DECORATION_ATTRIBUTES,
    DECORATION_NAMESPACES,
    DEFAULTS,
    RUNS,
    WARNED,
    Kind,
)
from engine.errors import DiagramRefused
from tests.diagrams import (
    Raw,
    around,
    boundary,
    call,
    conditional,
    definitions,
    delegate_task,
    diagram,
    element,
    end,
    event_sub_process,
    expected_error,
    external_task,
    faults_of,
    flow,
    flows,
    form_data,
    form_field,
    given,
    left,
    listener,
    mapped,
    mapped_in,
    message,
    multi_instance,
    node,
    performer,
    process,
    retry_cycle,
    script_task,
    service_task,
    signal,
    start,
    straight,
    task,
    task_listener,
    throw,
    timer,
    undone_by,
    user_task,
)

DOCS = (Path(__file__).parents[2] / "docs" / "bpmn-coverage.md").read_text()


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def section(number: int) -> str:
    return re.split(r"^## \d\. ", DOCS, flags=re.MULTILINE)[number]


def rows(text: str) -> Iterable[list[str]]:
    return (line.strip("|").split("|") for line in text.splitlines() if line.startswith("|"))


def test_the_page_lists_what_runs() -> None:
    listed = {
        quoted(row[0])[0]: Kind(*(frozenset(quoted(cell)) for cell in row[1:]))
        for row in rows(section(1))
        if len(row) == 4 and quoted(row[0])
    }

    assert listed == RUNS


def test_the_page_lists_which_kind_an_event_can_be_of() -> None:
    listed = [frozenset(map(EventKind, quoted(row[1]))) for row in rows(section(1)) if len(row) == 2 and quoted(row[1])]

    assert listed == [PROCESS_START, SUB_PROCESS_START, EVENT_SUB_PROCESS_START, *ALLOWED.values()]


def paragraph(number: int, heading: str) -> str:
    return next(text for text in section(number).split("\n\n") if text.startswith(heading))


def test_the_page_lists_the_decoration() -> None:
    assert set(quoted(paragraph(2, "元素"))) == DECORATION
    assert set(quoted(paragraph(2, "属性"))) == DECORATION_ATTRIBUTES
    assert tuple(quoted(paragraph(2, "命名空间"))) == DECORATION_NAMESPACES
    assert set(re.findall(r"\*\*`([^`]+)`\*\*", section(2))) == WARNED


def test_the_page_lists_the_faults_with_advice() -> None:
    defaults = {quoted(row[0])[0]: frozenset(quoted(row[1])) for row in rows(section(3)) if quoted(row[0])}

    assert defaults == DEFAULTS
    assert set(quoted(paragraph(3, "元素"))) == REFUSED_ELEMENTS.keys()
    assert set(quoted(paragraph(3, "属性"))) == REFUSED_ATTRIBUTES.keys()
    assert all(platform in section(3) for platform in FOREIGN_PLATFORMS.values())


def test_nothing_is_on_two_lists() -> None:
    assert not RUNS.keys() & DECORATION
    assert not (RUNS.keys() | DECORATION) & REFUSED_ELEMENTS.keys()
    assert not DECORATION_ATTRIBUTES & (REFUSED_ATTRIBUTES.keys() | DEFAULTS.keys())
    assert not frozenset().union(*(kind.attributes for kind in RUNS.values())) & REFUSED_ATTRIBUTES.keys()


def refused_node(tag: str) -> bytes:
    return straight(node(tag, "odd"))


REFUSED = {
    "adHocSubProcess": refused_node("adHocSubProcess"),
    "complexGateway": refused_node("complexGateway"),
    "standard loop": straight(user_task("odd", element("standardLoopCharacteristics", testBefore=False))),
    "compensation that is not awaited": straight(
        throw("odd", element("compensateEventDefinition", waitForCompletion=False))
    ),
    "compensation of a named activity, caught": around(
        undone_by(user_task("undo"), "work", event="odd", activityRef="work"),
    ),
    "transaction that stores": straight(
        node("transaction", "odd", start("s"), end("e"), flow("s", "e"), method="##Store")
    ),
    "several event definitions": straight(
        node("intermediateCatchEvent", "odd", message("paid"), timer(duration="P5D"))
    ),
    "parallel multiple": straight(node("intermediateCatchEvent", "odd", message("paid"), parallelMultiple=True)),
    "receive task that starts": straight(node("receiveTask", "odd", instantiate=True)),
    "parallel event gateway": diagram(
        *(start(), node("eventBasedGateway", "odd", eventGatewayType="Parallel"), end()),
        *(node("intermediateCatchEvent", "paid", message("paid")), flows("start", "odd", "paid", "end")),
    ),
    "several tokens": straight(user_task("odd", startQuantity=2)),
    "listener without a way": straight(user_task("odd", task_listener("create"))),
    "listener of two ways": straight(
        user_task("odd", listener("start", "told", expression="${execution.setVariable('x', 1)}"))
    ),
    "listener of Java code": straight(user_task("odd", listener("start", **{"class": "gov.Audit"}))),
    "listener with a script": straight(
        user_task("odd", listener("start", None, element("camunda:script", "1", scriptFormat="groovy")))
    ),
    "listener of an unknown event": straight(user_task("odd", listener("create", "told"))),
    "listener without effect": straight(user_task("odd", listener("start", expression="${x}"))),
    "listener that calls a bean": straight(user_task("odd", listener("start", expression="${audit.note(execution)}"))),
    "injection into a listener": straight(
        user_task("odd", listener("start", "told", element("camunda:field", name="x")))
    ),
    "timeout without a timer": straight(user_task("odd", task_listener("timeout", "told", id="late"))),
    "task listener of a service task": straight(external_task("odd", "seal", task_listener("create", "told"))),
    "script of a parameter": straight(
        user_task("odd", mapped(given("x", element("camunda:script", "1 + 1", scriptFormat="groovy"))))
    ),
    "input of a start event": diagram(start("odd", mapped(given("x", "1"))), end(), flow("odd", "end")),
    "input of an event sub-process": around(
        event_sub_process("odd", mapped(given("x", "1")), start("s", message("paid")), end("e"), flow("s", "e"))
    ),
    "input of a gateway": straight(node("exclusiveGateway", "odd", mapped(given("x", "1")))),
    "output of an end event": diagram(start(), end("odd", mapped(left("x", "1"))), flow("start", "odd")),
    "output of a multi-instance activity": straight(
        user_task("odd", multi_instance(cardinality=2), mapped(left("x", "1")))
    ),
    "parameter without name": straight(user_task("odd", mapped(element("camunda:inputParameter", "1")))),
    "parameter of two values": straight(user_task("odd", mapped(given("x", "1", element("camunda:list"))))),
    "form field of an unknown type": straight(user_task("odd", form_data(form_field("x", "money")))),
    "form field without id": straight(user_task("odd", form_data(form_field("", "string")))),
    "date in another notation": straight(
        user_task("odd", form_data(form_field("x", "date", datePattern="dd/MM/yyyy")))
    ),
    "label that is an expression": straight(user_task("odd", form_data(form_field("x", "string", label="${y}")))),
    "validator of a form field": straight(
        user_task("odd", form_data(form_field("x", "string", validator="gov.Check")))
    ),
    "range of a text": straight(user_task("odd", form_data(form_field("x", "string", min=1)))),
    "bound that is no number": straight(user_task("odd", form_data(form_field("x", "long", max="many")))),
    "form fields and a form": straight(user_task("odd", form_data(form_field("x", "string")), formKey="review")),
    "form property that is hidden": straight(
        user_task("odd", element("camunda:formProperty", id="x", type="string", readable=False))
    ),
    "connector": straight(node("serviceTask", "odd", element("camunda:connector"))),
    "Java class": straight(node("serviceTask", "odd", **{"class": "gov.Seal"})),
    "Java expression": straight(node("serviceTask", "odd", expression="${seal.print()}")),
    "expression without effect": straight(service_task("odd", expression="${1 + 1}")),
    "expression and topic": straight(external_task("odd", "seal", expression="${1}")),
    "result variable of an external task": straight(external_task("odd", "seal", resultVariable="number")),
    "result variable of several assignments": straight(script_task("odd", "x = 1", resultVariable="y")),
    "expected error without a condition": straight(external_task("odd", "seal", expected_error("x", ""))),
    "candidate starter that is an expression": diagram(
        start(), end(), flow("start", "end"), key="odd", candidateStarterUsers="${boss}"
    ),
    "history that is no number of days": diagram(
        start(), end(), flow("start", "end"), key="odd", historyTimeToLive="P1Y"
    ),
    "payload of a signal that is awaited": straight(
        node("intermediateCatchEvent", "odd", signal("s", mapped_in(variables="all")))
    ),
    "business key of a signal": straight(
        node("intermediateThrowEvent", "odd", signal("s", mapped_in(businessKey="${1}")))
    ),
    "condition that waits for a deletion": straight(
        node("intermediateCatchEvent", "odd", conditional("${x}", variableEvents="create, delete"))
    ),
    "tenant of a call": straight(call("odd", "other", calledElementTenantId="330000")),
    "case of a call": straight(node("callActivity", "odd", caseRef="other")),
    "potential owner that is nobody": straight(user_task("odd", element("potentialOwner"))),
    "two who do it": straight(user_task("odd", performer("humanPerformer", "li"), assignee="wang")),
    "expression in another language": around(
        element(
            "sequenceFlow",
            element("conditionExpression", "${approved}", language="groovy"),
            **{"id": "odd", "sourceRef": "work", "targetRef": "end"},
        )
    ),
    "resource of a script": straight(node("scriptTask", "odd", resource="deployment://a.js")),
    "attribute nobody knows": straight(user_task("odd", surprise="yes")),
    "element nobody knows": straight(user_task("odd", element("surprise"))),
    "extension in the wrong place": straight(user_task("odd", element("camunda:in", source="a", target="b"))),
    "extension outside extensionElements": straight(call("odd", "other", Raw('<camunda:in variables="all"/>'))),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_does_not_run_is_one_fault_at_its_element(what: str) -> None:
    assert [at for at, _ in faults_of(REFUSED[what])] == ["odd"]


def test_what_is_connected_to_a_refused_node_is_not_refused_as_well() -> None:
    source = diagram(
        *(start(), node("adHocSubProcess", "odd"), end(), flows("start", "odd", "end")),
        boundary("late", "odd", timer(duration="P5D")),
    )

    assert [at for at, _ in faults_of(source)] == ["odd"]


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    source = straight(node("adHocSubProcess", "one"), delegate_task("two", "seal"), node("complexGateway", "three"))

    assert [at for at, _ in faults_of(source, delegates=["stamp"])] == ["one", "two", "three"]


DECORATED = {
    "attributes of the process": straight(
        historyTimeToLive="P180D", versionTag="2026.1", isStartableInTasklist=False, processType="Private"
    ),
    "documentation": straight(user_task("work", element("documentation", "依据：行政许可法", textFormat="text/plain"))),
    "annotations": around(
        element("textAnnotation", element("text", "说明"), id="note"),
        element("association", id="to_note", sourceRef="work", targetRef="note", associationDirection="None"),
        element("group", id="group", categoryValueRef="value"),
    ),
    "data": around(
        element("dataObject", id="data", isCollection=False),
        element("dataObjectReference", id="data_reference", name="材料", dataObjectRef="data"),
        element("dataStoreReference", id="store", name="档案库"),
    ),
    "lanes": around(
        element("laneSet", element("lane", element("flowNodeRef", "work"), id="lane", name="窗口"), id="l")
    ),
    "element templates": straight(user_task("work", modelerTemplate="gov.review", modelerTemplateVersion=2)),
    "colours and layout": definitions(
        process(start(), end(), flow("start", "end")),
        element("bpmndi:BPMNDiagram", element("bpmndi:BPMNPlane", id="plane", bpmnElement="approval"), id="di"),
        exporter="Camunda Modeler",
        exporterVersion="5.40.0",
        modeler__executionPlatform="Camunda Platform",
        modeler__executionPlatformVersion="7.24.0",
    ),
    "what the standard says anyway": straight(
        user_task(
            "work", isForCompensation=False, startQuantity=1, completionQuantity=1, implementation="##unspecified"
        )
    ),
    "exclusive jobs": straight(user_task("work", asyncBefore=True, exclusive=True)),
}


@pytest.mark.parametrize("what", DECORATED)
def test_decoration_is_neither_a_fault_nor_a_warning(what: str) -> None:
    assert read_diagram(DECORATED[what]).warnings == ()


WARNING = {
    "messages between pools": definitions(
        element("collaboration", element("messageFlow", id="m", sourceRef="work", targetRef="pool"), id="pools"),
        process(start(), user_task("work"), end(), flows("start", "work", "end")),
    ),
    "data of a task": straight(
        user_task("work", element("dataOutputAssociation", element("targetRef", "data"), id="d"))
    ),
    "another tool's extension": straight(
        user_task("work", element("extensionElements", Raw('<x:note xmlns:x="urn:other">…</x:note>')))
    ),
    "another tool's attribute": straight(user_task("work", Raw(""), **{"xmlns__x": "urn:other", "x__note": "…"})),
    "a node that nothing reaches": around(user_task("island")),
    "retries where nothing is retried": straight(user_task("work", retry_cycle("R3/PT10M"))),
}


@pytest.mark.parametrize("what", WARNING)
def test_what_a_designer_may_misunderstand_is_one_warning(what: str) -> None:
    assert len(read_diagram(WARNING[what]).warnings) == 1


def test_a_pool_that_does_not_run_may_hold_anything() -> None:
    source = definitions(
        process(start(), end(), flow("start", "end")),
        process(node("adHocSubProcess", "odd"), flow("odd", "gone"), key="applicant", isExecutable=False),
    )

    assert [each.key for each in read_diagram(source).processes] == ["approval"]


@pytest.mark.parametrize("executable", [False, None])
def test_a_file_without_executable_process_is_refused(executable: bool | None) -> None:
    ((_, sentence),) = faults_of(definitions(process(start(), end(), flow("start", "end"), isExecutable=executable)))

    assert "no executable process" in sentence


@pytest.mark.parametrize(
    ("uri", "platform"),
    [
        ("http://camunda.org/schema/zeebe/1.0", "Camunda 8"),
        ("http://flowable.org/bpmn", "Flowable"),
        ("http://activiti.org/bpmn", "Activiti"),
    ],
)
def test_a_file_for_another_engine_is_one_plain_fault(uri: str, platform: str) -> None:
    source = straight(user_task("one", **{"xmlns__x": uri, "x__assignee": "li"}), node("adHocSubProcess", "two"))

    ((_, sentence),) = faults_of(source)

    assert platform in sentence


def test_a_file_for_camunda_8_says_so_by_its_platform() -> None:
    ((_, sentence),) = faults_of(definitions(process(), modeler__executionPlatform="Camunda Cloud"))

    assert "Camunda 8" in sentence


def test_operatons_namespace_is_read_like_camundas() -> None:
    source = straight(user_task("work", assignee="li")).replace(
        b"http://camunda.org/schema/1.0/bpmn", b"http://operaton.org/schema/1.0/bpmn"
    )

    assert read_diagram(source) == read_diagram(straight(user_task("work", assignee="li")))


IDS = {
    "a missing id": (
        diagram(start(), end(), Raw('<sequenceFlow sourceRef="start" targetRef="end"/>')),
        *("approval", "no usable id"),
    ),
    "an id of other characters": (around(task("1st")), "1st", "no usable id"),
    "an id used twice": (around(end("work")), "work", "already used"),
}


@pytest.mark.parametrize("what", IDS)
def test_ids_are_there_and_unique(what: str) -> None:
    source, element_id, words = IDS[what]

    ((at, sentence),) = faults_of(source)

    assert at == element_id
    assert words in sentence


def test_a_fault_says_in_both_languages_where_it_is() -> None:
    source = straight(node("businessRuleTask", "odd", name="审查材料")).replace(
        b"<businessRuleTask", b"  <businessRuleTask"
    )

    with pytest.raises(DiagramRefused) as refusal:
        read_diagram(source)

    (fault,) = refusal.value.faults
    before, _, _ = source.partition(b"<businessRuleTask")
    assert fault.line == before.count(b"\n") + 1
    assert fault.column == 3
    assert "业务规则任务“审查材料”" in fault.sentence.zh
    assert "business rule task “审查材料”" in fault.sentence.en
