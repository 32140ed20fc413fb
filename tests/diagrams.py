"""A few words that spell a BPMN file, so that a test shows the diagram it is about.

    diagram(start(), user_task("review", candidateGroups="fire"), end(), flows("start", "review", "end"))

Attributes that BPMN 2.0 does not define are written in Camunda's namespace. Messages, signals, errors and
escalations are declared where they are used. A flow's id is "source-target" unless it is given.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from engine.diagram import read_diagram
from engine.diagram.model import Process
from engine.errors import DiagramRefused

NAMESPACES = {
    "xmlns": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "xmlns:bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "xmlns:bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "xmlns:dc": "http://www.omg.org/spec/DD/20100524/DC",
    "xmlns:di": "http://www.omg.org/spec/DD/20100524/DI",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xmlns:camunda": "http://camunda.org/schema/1.0/bpmn",
    "xmlns:modeler": "http://camunda.org/schema/modeler/1.0",
}

DEFINED_BY_BPMN = (
    "id name default isExecutable sourceRef targetRef attachedToRef cancelActivity isInterrupting triggeredByEvent "
    "calledElement isSequential messageRef signalRef errorRef errorCode escalationRef escalationCode scriptFormat "
    "parallelMultiple instantiate isForCompensation startQuantity completionQuantity gatewayDirection implementation "
    "eventGatewayType processRef processType isCollection dataObjectRef dataStoreRef language behavior operationRef "
    "textFormat isImmediate categoryValueRef itemSubjectRef loopMaximum testBefore method ordering activityRef "
    "waitForCompletion isClosed targetNamespace exporter exporterVersion associationDirection capacity isUnlimited"
)
BPMN_ATTRIBUTES = frozenset(DEFINED_BY_BPMN.split())


@dataclass(frozen=True)
class Element:
    """One XML element; `declares` are the root elements that it refers to."""

    tag: str
    attributes: dict[str, str]
    children: tuple["Element | str", ...] = ()
    declares: tuple["Element", ...] = ()

    def __str__(self) -> str:
        attributes = "".join(f" {name}={quoteattr(value)}" for name, value in self.attributes.items())
        inside = "".join(escape(child) if isinstance(child, str) else str(child) for child in self.children)
        return f"<{self.tag}{attributes}>{inside}</{self.tag}>\n"

    def declared(self) -> Iterator["Element"]:
        yield from self.declares
        for child in self.children:
            if isinstance(child, Element):
                yield from child.declared()


@dataclass(frozen=True)
class Raw:
    """Text that stands in the file as it is written here."""

    text: str

    def __str__(self) -> str:
        return self.text


FORMAL = {"xsi:type": "bpmn:tFormalExpression"}


def element(tag: str, *children: Any, **attributes: Any) -> Element:
    """Children of Camunda's namespace go into extensionElements, as the Modeler writes them."""
    flat = list(flatten(children))
    if not tag.startswith("camunda:"):
        extensions = tuple(child for child in flat if isinstance(child, Element) and child.tag.startswith("camunda:"))
        flat = [child for child in flat if child not in extensions]
        if extensions:
            flat.insert(0, Element("extensionElements", {}, extensions))
    return Element(tag, {qualified(tag, name): spelled(value) for name, value in attributes.items()}, tuple(flat))


def flatten(things: Iterable[Any]) -> Iterator[Any]:
    for thing in things:
        if isinstance(thing, list | tuple):
            yield from flatten(thing)
        elif thing is not None:
            yield thing


def qualified(tag: str, name: str) -> str:
    """`modeler__executionPlatform` is modeler:executionPlatform; what BPMN does not define is camunda:…"""
    if "__" in name:
        return name.replace("__", ":")
    return name if name in BPMN_ATTRIBUTES or tag.startswith("camunda:") else f"camunda:{name}"


def spelled(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def definitions(*parts: Any, **attributes: Any) -> bytes:
    """A whole file: processes, collaborations and whatever they refer to."""
    whole = element("definitions", *parts, id="definitions", targetNamespace="lianban", **attributes)
    declared = {declaration.attributes["id"]: declaration for declaration in whole.declared()}
    whole = Element("definitions", NAMESPACES | whole.attributes, (*declared.values(), *whole.children))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{whole}'.encode()


def process(*parts: Any, key: str = "approval", isExecutable: bool | None = True, **attributes: Any) -> Element:  # noqa: N803
    executable = {} if isExecutable is None else {"isExecutable": isExecutable}
    return element("process", *parts, id=key, **executable, **attributes)


def diagram(*parts: Any, key: str = "approval", **attributes: Any) -> bytes:
    """A file with one executable process."""
    return definitions(process(*parts, key=key, **attributes))


def straight(*nodes: Element, **attributes: Any) -> bytes:
    """A file with one process: start, the nodes one after another, end."""
    chain = flows("start", *(node.attributes["id"] for node in nodes), "end")
    return diagram(start(), *nodes, end(), chain, **attributes)


def around(*inside: Any) -> bytes:
    """A process of one user task `work`, and what a test is about beside it."""
    return diagram(start(), user_task("work"), end(), flows("start", "work", "end"), *inside)


def flow(
    source: str, target: str, when: str | None = None, id: str | None = None, *inside: Any, **attributes: Any
) -> Element:
    condition = () if when is None else (Element("conditionExpression", FORMAL, (when,)),)
    id = id or f"{source}-{target}"
    return element("sequenceFlow", *inside, *condition, id=id, sourceRef=source, targetRef=target, **attributes)


def flows(*chain: str) -> list[Element]:
    """One flow after another through all the named nodes."""
    return [flow(source, target) for source, target in pairwise(chain)]


def node(tag: str, id: str, *inside: Any, **attributes: Any) -> Element:
    return element(tag, *inside, id=id, **attributes)


task = partial(node, "task")
user_task = partial(node, "userTask")
manual_task = partial(node, "manualTask")
service_task = partial(node, "serviceTask")
parallel = partial(node, "parallelGateway")
exclusive = partial(node, "exclusiveGateway")
inclusive = partial(node, "inclusiveGateway")
event_gateway = partial(node, "eventBasedGateway")
catch = partial(node, "intermediateCatchEvent")
throw = partial(node, "intermediateThrowEvent")
sub_process = partial(node, "subProcess")
transaction = partial(node, "transaction")
event_sub_process = partial(node, "subProcess", triggeredByEvent=True)


def start(id: str = "start", *inside: Any, **attributes: Any) -> Element:
    return node("startEvent", id, *inside, **attributes)


def end(id: str = "end", *inside: Any, **attributes: Any) -> Element:
    return node("endEvent", id, *inside, **attributes)


def boundary(id: str, on: str, definition: Element, interrupting: bool = True, **attributes: Any) -> Element:
    return node("boundaryEvent", id, definition, attachedToRef=on, cancelActivity=interrupting, **attributes)


def guarded(
    host: Element,
    definition: Element,
    interrupting: bool = True,
    *,
    event: str = "event",
    answer: str = "answer",
    after: str | None = "after",
    key: str = "approval",
) -> bytes:
    """A process of one activity: its boundary event leads to a task `answer`, its ordinary end to a task `after`."""
    id, then = host.attributes["id"], [] if after is None else [after]
    return diagram(
        start(),
        host,
        boundary(event, id, definition, interrupting),
        [user_task(name) for name in [*then, answer]],
        end(),
        end("answered"),
        flows("start", id, *then, "end"),
        flows(event, answer, "answered"),
        key=key,
    )


def caller(definition: Element, *inside: Element, interrupting: bool = True, **ids: Any) -> bytes:
    """The same around a call of the process `survey`."""
    return guarded(call("survey", "survey", *inside), definition, interrupting, **ids)


def external_task(id: str, topic: str, *inside: Any, **attributes: Any) -> Element:
    return service_task(id, *inside, type="external", topic=topic, **attributes)


def delegate_task(id: str, name: str, *inside: Any, **attributes: Any) -> Element:
    return service_task(id, *inside, delegateExpression=f"${{{name}}}", **attributes)


def script_task(id: str, script: str, *inside: Any, **attributes: Any) -> Element:
    return node("scriptTask", id, *inside, Element("script", {}, (script,)), **attributes)


def receive_task(id: str, name: str, *inside: Any, **attributes: Any) -> Element:
    return referring(node("receiveTask", id, *inside, **attributes), "message", name)


def send_task(id: str, name: str, *inside: Any, **attributes: Any) -> Element:
    return referring(node("sendTask", id, *inside, **attributes), "message", name)


def call(id: str, called: str, *inside: Any, **attributes: Any) -> Element:
    return node("callActivity", id, *inside, calledElement=called, **attributes)


def multi_instance(*, cardinality: Any = None, until: str | None = None, **attributes: Any) -> Element:
    """`until` is the completion condition; collection, elementVariable and isSequential are attributes."""
    parts = {"loopCardinality": cardinality, "completionCondition": until}
    children = [Element(tag, FORMAL, (str(text),)) for tag, text in parts.items() if text is not None]
    return element("multiInstanceLoopCharacteristics", *children, **attributes)


def timer(**definition: str) -> Element:
    """timer(duration="P5D"), timer(date="2026-11-02T09:00:00"), timer(cycle="R/PT1H")."""
    children = [Element(f"time{kind.title()}", FORMAL, (text,)) for kind, text in definition.items()]
    return element("timerEventDefinition", *children)


def referring(whole: Element, kind: str, name: str, **code: str) -> Element:
    """`whole` with its messageRef, signalRef … to a root element declared by the way."""
    root_id = f"{kind}_" + "".join(letter if letter.isalnum() else "_" for letter in name)
    declaration = Element(kind, {"id": root_id, "name": name} | code)
    return Element(whole.tag, whole.attributes | {f"{kind}Ref": root_id}, whole.children, (declaration,))


def message(name: str, **attributes: Any) -> Element:
    return referring(element("messageEventDefinition", **attributes), "message", name)


def signal(name: str, *payload: Element) -> Element:
    return referring(element("signalEventDefinition", *payload), "signal", name)


def error(code: str | None = None, says: str | None = None, **attributes: Any) -> Element:
    """An error of this code, with what it says; on a catching event without a code: any error."""
    definition = element("errorEventDefinition", **attributes)
    said = {} if says is None else {"camunda:errorMessage": says}
    return definition if code is None else referring(definition, "error", code, errorCode=code, **said)


def expected_error(code: str, when: str) -> Element:
    """camunda:errorEventDefinition of an external task."""
    return referring(element("camunda:errorEventDefinition", expression=when), "error", code, errorCode=code)


def escalation(code: str | None = None, **attributes: Any) -> Element:
    """An escalation of this code; on a catching event without a code: any escalation."""
    definition = element("escalationEventDefinition", **attributes)
    return definition if code is None else referring(definition, "escalation", code, escalationCode=code)


def conditional(condition: str, **attributes: Any) -> Element:
    return element("conditionalEventDefinition", Element("condition", FORMAL, (condition,)), **attributes)


def link(name: str) -> Element:
    return element("linkEventDefinition", name=name)


def terminate() -> Element:
    return element("terminateEventDefinition")


def performer(role: str, who: str) -> Element:
    """A humanPerformer or potentialOwner of a user task."""
    return element(role, element("resourceAssignmentExpression", Element("formalExpression", {}, (who,))))


def compensation(activity: str | None = None) -> Element:
    """Compensation: of one activity where it is thrown, of the host where it is caught."""
    return element("compensateEventDefinition", **({} if activity is None else {"activityRef": activity}))


def cancel() -> Element:
    return element("cancelEventDefinition")


def undone_by(handler: Element, host: str, event: str | None = None, **attributes: Any) -> list[Element]:
    """The activity that compensates another, with its boundary event and the association between them.

    `attributes` are those of the event's definition.
    """
    id = handler.attributes["id"]
    event = event or f"{id}_event"
    catching = node("boundaryEvent", event, element("compensateEventDefinition", **attributes), attachedToRef=host)
    association = element("association", id=f"{id}_association", sourceRef=event, targetRef=id)
    marked = Element(
        handler.tag, handler.attributes | {"isForCompensation": "true"}, handler.children, handler.declares
    )
    return [catching, marked, association]


def mapped_in(**attributes: Any) -> Element:
    """camunda:in of a call activity: source, sourceExpression, target, variables, businessKey, local."""
    return element("camunda:in", **attributes)


def mapped_out(**attributes: Any) -> Element:
    return element("camunda:out", **attributes)


def mapped(*parameters: Element) -> Element:
    """camunda:inputOutput with what is `given` to an activity and `left` by it."""
    return element("camunda:inputOutput", *parameters)


def given(name: str, *value: Any) -> Element:
    return element("camunda:inputParameter", *value, name=name)


def left(name: str, *value: Any) -> Element:
    return element("camunda:outputParameter", *value, name=name)


def listener(event: str | None, registered: str | None = None, *inside: Any, **attributes: Any) -> Element:
    """A camunda:executionListener, of a registered name or with an expression."""
    return _listener("camunda:executionListener", event, registered, inside, attributes)


def task_listener(event: str | None, registered: str | None = None, *inside: Any, **attributes: Any) -> Element:
    return _listener("camunda:taskListener", event, registered, inside, attributes)


def _listener(tag: str, event: str | None, registered: str | None, inside: Any, attributes: dict[str, Any]) -> Element:
    told = {"event": event, "delegateExpression": registered and f"${{{registered}}}"}
    return element(tag, *inside, **{name: value for name, value in told.items() if value}, **attributes)


def form_data(*fields: Element) -> Element:
    return element("camunda:formData", *fields)


def form_field(id: str, type: str, *choices: str, properties: dict[str, str] | None = None, **said: Any) -> Element:
    """A camunda:formField; what is no label or defaultValue is a constraint: form_field("n", "long", min=1)."""
    attributes = {name: said.pop(name) for name in ("label", "defaultValue", "datePattern") if name in said}
    constraints = [element("camunda:constraint", name=name, config=config) for name, config in said.items()]
    pairs = [element("camunda:property", id=id, value=value) for id, value in (properties or {}).items()]
    return element(
        "camunda:formField",
        element("camunda:validation", *constraints) if constraints else None,
        element("camunda:properties", *pairs) if pairs else None,
        [element("camunda:value", id=choice, name=choice.upper()) for choice in choices],
        id=id,
        type=type,
        **attributes,
    )


def retry_cycle(text: str) -> Element:
    return element("camunda:failedJobRetryTimeCycle", text)


def properties(**pairs: str) -> Element:
    return element(
        "camunda:properties", *(element("camunda:property", name=name, value=value) for name, value in pairs.items())
    )


def faults_of(source: bytes, **known: Any) -> list[tuple[str | None, str]]:
    """Element and English sentence of every fault; none when the diagram is read."""
    try:
        read_diagram(source, **known)
    except DiagramRefused as refusal:
        return [(fault.element_id, fault.sentence.en) for fault in refusal.faults]
    return []


def only_process(source: bytes, **known: Any) -> Process:
    """The one process of a file."""
    (only,) = read_diagram(source, **known).processes
    return only
