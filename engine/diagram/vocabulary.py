"""The three lists: what runs, what is decoration, and all else, which is a fault. Tables only; docs/bpmn-coverage.md
shows the same and a test compares them.

Names are BPMN 2.0's own, or bear the prefix of their namespace (`camunda:assignee`).
"""

from typing import NamedTuple


def words(text: str) -> frozenset[str]:
    """The words of a table row."""
    return frozenset(text.split())


class Kind(NamedTuple):
    """What runs of one element: its attributes, its children, and those of its extensionElements."""

    attributes: frozenset[str] = frozenset()
    children: frozenset[str] = frozenset()
    extensions: frozenset[str] = frozenset()


JOB = words("camunda:async camunda:asyncBefore camunda:asyncAfter camunda:exclusive camunda:jobPriority")
LISTENER = words("camunda:executionListener")
OF_NODES = LISTENER | words("camunda:failedJobRetryTimeCycle")
MAPPED = OF_NODES | words("camunda:inputOutput")
VALUES = words("camunda:list camunda:map")
WORK = words(
    "camunda:type camunda:topic camunda:delegateExpression camunda:expression camunda:resultVariable "
    "camunda:taskPriority"
)
DECISION = words(
    "camunda:decisionRef camunda:decisionRefBinding camunda:decisionRefVersion camunda:decisionRefVersionTag "
    "camunda:mapDecisionResult"
)
ERRORS = words("camunda:errorEventDefinition")
FORM = words("camunda:formKey camunda:formRef camunda:formRefBinding camunda:formRefVersion")
FIELDS = words("camunda:formData camunda:formProperty")
LOOP = words("multiInstanceLoopCharacteristics")
ACTIVITY = JOB | words("default isForCompensation")

# Which of them an event may have where it stands is a rule, not vocabulary.
EVENT_DEFINITIONS = words(
    "messageEventDefinition timerEventDefinition signalEventDefinition conditionalEventDefinition "
    "errorEventDefinition escalationEventDefinition linkEventDefinition terminateEventDefinition "
    "compensateEventDefinition cancelEventDefinition"
)

GATEWAYS = words("exclusiveGateway parallelGateway inclusiveGateway eventBasedGateway")
TASKS = words("task userTask manualTask serviceTask businessRuleTask sendTask receiveTask scriptTask")
SUB_PROCESSES = words("subProcess transaction")
ACTIVITIES = TASKS | SUB_PROCESSES | {"callActivity"}
EVENTS = words("startEvent intermediateCatchEvent intermediateThrowEvent boundaryEvent endEvent")
NODES = GATEWAYS | ACTIVITIES | EVENTS
# Flow nodes that do not run: refused, and read as tasks so that what is connected to them is not refused too.
REFUSED_NODES = words("adHocSubProcess complexGateway")
FLOW_ELEMENTS = NODES | {"sequenceFlow"}

RUNS: dict[str, Kind] = {
    "definitions": Kind(children=words("process message signal error escalation")),
    "message": Kind(),
    "signal": Kind(),
    "error": Kind(words("errorCode camunda:errorMessage")),
    "escalation": Kind(words("escalationCode")),
    "process": Kind(
        words(
            "isExecutable camunda:versionTag camunda:jobPriority camunda:taskPriority camunda:historyTimeToLive "
            "camunda:isStartableInTasklist camunda:candidateStarterUsers camunda:candidateStarterGroups"
        ),
        FLOW_ELEMENTS,
        LISTENER,
    ),
    "sequenceFlow": Kind(words("sourceRef targetRef"), words("conditionExpression"), LISTENER),
    "conditionExpression": Kind(),
    "startEvent": Kind(JOB | FORM | words("isInterrupting camunda:initiator"), EVENT_DEFINITIONS, OF_NODES | FIELDS),
    "intermediateCatchEvent": Kind(JOB, EVENT_DEFINITIONS, MAPPED),
    "intermediateThrowEvent": Kind(JOB, EVENT_DEFINITIONS, MAPPED),
    "boundaryEvent": Kind(JOB | words("attachedToRef cancelActivity"), EVENT_DEFINITIONS, OF_NODES),
    "endEvent": Kind(JOB, EVENT_DEFINITIONS, MAPPED),
    "messageEventDefinition": Kind(WORK | {"messageRef"}),
    "signalEventDefinition": Kind(words("signalRef camunda:async"), extensions=words("camunda:in")),
    "errorEventDefinition": Kind(words("errorRef camunda:errorCodeVariable camunda:errorMessageVariable")),
    "escalationEventDefinition": Kind(words("escalationRef camunda:escalationCodeVariable")),
    "timerEventDefinition": Kind(children=words("timeDate timeDuration timeCycle")),
    "timeDate": Kind(),
    "timeDuration": Kind(),
    "timeCycle": Kind(),
    "conditionalEventDefinition": Kind(words("camunda:variableName camunda:variableEvents"), words("condition")),
    "condition": Kind(),
    "linkEventDefinition": Kind(),
    "terminateEventDefinition": Kind(),
    "compensateEventDefinition": Kind(words("activityRef")),
    "cancelEventDefinition": Kind(),
    "task": Kind(ACTIVITY, LOOP, MAPPED),
    "manualTask": Kind(ACTIVITY, LOOP, MAPPED),
    "userTask": Kind(
        ACTIVITY
        | FORM
        | words(
            "camunda:assignee camunda:candidateGroups camunda:candidateUsers camunda:dueDate camunda:followUpDate "
            "camunda:priority"
        ),
        LOOP | words("humanPerformer potentialOwner"),
        MAPPED | FIELDS | {"camunda:taskListener"},
    ),
    "humanPerformer": Kind(children=words("resourceAssignmentExpression")),
    "potentialOwner": Kind(children=words("resourceAssignmentExpression")),
    "resourceAssignmentExpression": Kind(children=words("formalExpression")),
    "formalExpression": Kind(),
    "camunda:errorEventDefinition": Kind(words("errorRef expression")),
    "camunda:executionListener": Kind(words("event expression delegateExpression")),
    "camunda:taskListener": Kind(words("event expression delegateExpression"), words("timerEventDefinition")),
    "camunda:formData": Kind(children=words("camunda:formField")),
    "camunda:formField": Kind(words("label type datePattern defaultValue"), words("camunda:value camunda:validation")),
    "camunda:validation": Kind(children=words("camunda:constraint")),
    "camunda:constraint": Kind(words("config")),
    "camunda:formProperty": Kind(words("type required writable variable default datePattern"), words("camunda:value")),
    "businessRuleTask": Kind(ACTIVITY | WORK | DECISION, LOOP, MAPPED),
    "serviceTask": Kind(ACTIVITY | WORK, LOOP, MAPPED | ERRORS),
    "sendTask": Kind(ACTIVITY | WORK | {"messageRef"}, LOOP, MAPPED | ERRORS),
    "receiveTask": Kind(ACTIVITY | {"messageRef"}, LOOP, MAPPED),
    "scriptTask": Kind(ACTIVITY | {"scriptFormat", "camunda:resultVariable"}, LOOP | {"script"}, MAPPED),
    "script": Kind(),
    "callActivity": Kind(
        ACTIVITY
        | words(
            "calledElement camunda:calledElementBinding camunda:calledElementVersion camunda:calledElementVersionTag"
        ),
        LOOP,
        MAPPED | words("camunda:in camunda:out"),
    ),
    "camunda:in": Kind(words("source sourceExpression target variables local businessKey")),
    "camunda:out": Kind(words("source sourceExpression target variables local")),
    "camunda:failedJobRetryTimeCycle": Kind(),
    "camunda:inputOutput": Kind(children=words("camunda:inputParameter camunda:outputParameter")),
    "camunda:inputParameter": Kind(words("name"), VALUES),
    "camunda:outputParameter": Kind(words("name"), VALUES),
    "camunda:list": Kind(children=VALUES | {"camunda:value"}),
    "camunda:map": Kind(children=words("camunda:entry")),
    "camunda:entry": Kind(words("key"), VALUES),
    "camunda:value": Kind(),
    "subProcess": Kind(ACTIVITY | {"triggeredByEvent"}, LOOP | FLOW_ELEMENTS, MAPPED),
    "transaction": Kind(ACTIVITY, LOOP | FLOW_ELEMENTS, MAPPED),
    "multiInstanceLoopCharacteristics": Kind(
        words(
            "isSequential camunda:collection camunda:elementVariable camunda:async camunda:asyncBefore "
            "camunda:asyncAfter camunda:exclusive"
        ),
        words("loopCardinality completionCondition loopDataInputRef inputDataItem"),
    ),
    "loopCardinality": Kind(),
    "completionCondition": Kind(),
    "loopDataInputRef": Kind(),
    "inputDataItem": Kind(),
    "exclusiveGateway": Kind(JOB | {"default"}, extensions=OF_NODES),
    "inclusiveGateway": Kind(JOB | {"default"}, extensions=OF_NODES),
    "parallelGateway": Kind(JOB, extensions=OF_NODES),
    "eventBasedGateway": Kind(JOB - {"camunda:asyncAfter"}, extensions=OF_NODES),
}

DECORATION = words(
    "documentation incoming outgoing laneSet lane childLaneSet flowNodeRef partitionElement "
    "textAnnotation text group association category categoryValue "
    "collaboration participant participantMultiplicity messageFlow "
    "dataObject dataObjectReference dataState dataStore dataStoreReference itemDefinition property "
    "dataInputAssociation dataOutputAssociation sourceRef targetRef source target "
    "ioSpecification dataInput dataOutput inputSet outputSet dataInputRefs dataOutputRefs "
    "auditing monitoring import extensionElements bpmndi:BPMNDiagram camunda:properties"
)
DECORATION_ATTRIBUTES = words(
    "id name processType isClosed definitionalCollaborationRef gatewayDirection isImmediate "
    "targetNamespace exporter exporterVersion expressionLanguage typeLanguage "
    "itemRef structureRef itemSubjectRef evaluatesToTypeRef isCollection "
    "camunda:diagramRelationId "
    "camunda:modelerTemplate camunda:modelerTemplateVersion camunda:modelerTemplateIcon"
)
DECORATION_NAMESPACES = ("xsi:", "modeler:", "bioc:", "color:", "bpmndi:", "dc:", "di:")

# Drawn by designers who may expect more of it than a picture.
WARNED = words("messageFlow ioSpecification dataInputAssociation dataOutputAssociation import")

# What the standard says when the attribute is absent: writing it changes nothing, another value is a fault.
DEFAULTS: dict[str, frozenset[str]] = {
    "waitForCompletion": words("true"),
    "method": words("##Compensate"),
    "startQuantity": words("1"),
    "completionQuantity": words("1"),
    "parallelMultiple": words("false"),
    "instantiate": words("false"),
    "eventGatewayType": words("Exclusive"),
    "behavior": words("All"),
    "implementation": words("##unspecified ##WebService"),
}

BOOLEANS = words(
    "isExecutable isInterrupting cancelActivity triggeredByEvent isForCompensation isSequential camunda:async "
    "camunda:asyncBefore camunda:asyncAfter camunda:exclusive camunda:isStartableInTasklist local"
)
