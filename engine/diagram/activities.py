"""Reads what each type of task does, and multi-instance. Knows one activity at a time."""

import re
from collections.abc import Callable
from typing import Any

from engine.diagram.calls import read_call
from engine.diagram.compiling import STAND_IN
from engine.diagram.element import Element
from engine.diagram.event_definitions import read_event_definition, read_handler
from engine.diagram.forms import read_form
from engine.diagram.model import Assignment, EventDefinition, EventKind, ScriptLine
from engine.diagram.performers import read_assignee, read_candidates
from engine.diagram.reading import Reading
from engine.diagram.work import read_work, require_work
from engine.expressions import Expression

Parts = dict[str, Any]  # some of the fields of a Node

# A quote that is never closed runs to the end of the script: matching must stay linear on hostile text.
STATEMENT = re.compile(r"""(?:"(?:[^"\\]|\\.?)*(?:"|\Z)|'(?:[^'\\]|\\.?)*(?:'|\Z)|[^;\r\n])+""", re.DOTALL)
EXPRESSION = re.compile(r"[$#]\{")
ASSIGNMENT = re.compile(r"(?:(local)\s+)?([^\s=]+)\s*=\s*([$#]\{.*\})", re.DOTALL)


def read_user_task(element: Element, reading: Reading) -> Parts:
    """Who may work on it and by when. A name or documentation with `${…}` is evaluated when the task is created
    (Camunda 7)."""
    texts = reading.compiler
    name, candidates = texts.attribute(element, "name"), read_candidates(element, reading)
    return {
        "assignment": Assignment(
            name=None if name is None or name.is_literal else name,
            description=read_description(element, reading),
            assignee=read_assignee(element, reading),
            candidate_groups=candidates.groups,
            candidate_users=candidates.users,
            due_date=texts.moment(element, "camunda:dueDate"),
            follow_up_date=texts.moment(element, "camunda:followUpDate"),
            priority=texts.whole_number(element, "camunda:priority"),
            form=read_form(element, reading),
        )
    }


def read_description(element: Element, reading: Reading) -> Expression | None:
    """The documentation where it holds an expression; a mere text may be as long as its author likes."""
    documented = element.text_of("documentation") or ""
    return reading.compiler.text(documented, element, "documentation") if EXPRESSION.search(documented) else None


def read_service_task(element: Element, reading: Reading) -> Parts:
    work = read_work(element, reading)
    require_work(element, work, reading)
    return {"work": work}


def read_send_task(element: Element, reading: Reading) -> Parts:
    """A worker or a delegate sends, or the message it refers to is thrown."""
    work = read_work(element, reading)
    if work is not None:
        return {"work": work}
    return {"event": EventDefinition(EventKind.MESSAGE, name=reading.required_match(element, "message"))}


def read_receive_task(element: Element, reading: Reading) -> Parts:
    return {"event": EventDefinition(EventKind.MESSAGE, name=reading.required_match(element, "message"))}


def read_script_task(element: Element, reading: Reading) -> Parts:
    """Assignments `name = ${…}` or `local name = ${…}`, one a line or separated by semicolons, in any scriptFormat.

    With a resultVariable the script is one expression.
    """
    script = element.text_of("script") or ""
    result = reading.variable_name(element, "camunda:resultVariable")
    if result is not None:
        return {"script": (script_result(result, script, element, reading),)}
    statements = [statement.strip() for statement in STATEMENT.findall(script) if statement.strip()]
    if not statements and not reading.is_refused(element):
        reading.findings.fault(element, "{it}没有脚本内容。请写 变量 = ${…}。", "{it} is empty. Write variable = ${…}.")
    lines = [script_line(statement, element, reading) for statement in statements]
    return {"script": tuple(line for line in lines if line is not None)}


def script_result(name: str, script: str, element: Element, reading: Reading) -> ScriptLine:
    value = reading.compiler.text(script, element, "script")
    if value.is_literal and value is not STAND_IN:
        reading.findings.fault(
            element,
            "{it}有结果变量（resultVariable），脚本只能是一个表达式 ${…}。",
            "{it} has a resultVariable, so its script is one expression ${…}.",
        )
    return ScriptLine(name, value)


def script_line(statement: str, element: Element, reading: Reading) -> ScriptLine | None:
    assignment = ASSIGNMENT.fullmatch(statement)
    if assignment is None:
        shown = " ".join(statement.split())[:60]
        reading.findings.fault(
            element,
            f"{{it}}的脚本只能写赋值 变量 = ${{…}}，不能写“{shown}”。",
            f"The script of {{it}} may only assign: variable = ${{…}}, not “{shown}”.",
        )
        return None
    local, name, value = assignment.groups()
    reading.compiler.variable(name, element, "script")
    return ScriptLine(name, reading.compiler.text(value, element, "script"), is_local=local is not None)


def read_call_activity(element: Element, reading: Reading) -> Parts:
    return {"call": read_call(element, reading)}


def read_sub_process(element: Element, reading: Reading) -> Parts:
    return {"triggered_by_event": element.holds("triggeredByEvent")}


def read_event(element: Element, reading: Reading) -> Parts:
    """A throwing message event may be carried out like a send task; only then its message needs no name."""
    definition = element.first("messageEventDefinition")
    if definition is None:
        return {"event": read_event_definition(element, reading)}
    work = read_work(definition, reading)
    if work is None:
        return {"event": read_event_definition(element, reading)}
    if element.name not in ("intermediateThrowEvent", "endEvent"):
        reading.findings.fault(
            definition,
            "{it}等待消息，不能由外部任务或处理程序执行。",
            "{it} waits for a message; no worker or handler can carry it out.",
        )
    return {"event": EventDefinition(EventKind.MESSAGE), "work": work}


def read_start_event(element: Element, reading: Reading) -> Parts:
    """A start event's form is what the applicant fills in."""
    form = read_form(element, reading)
    parts = read_event(element, reading) | {"interrupting": element.holds("isInterrupting", default=True)}
    parts["initiator"] = reading.variable_name(element, "camunda:initiator")
    return parts | ({"assignment": Assignment(form=form)} if form else {})


def read_boundary_event(element: Element, reading: Reading) -> Parts:
    return read_event(element, reading) | {
        "compensated_by": read_handler(element, reading),
        "attached_to": element.get("attachedToRef"),
        "interrupting": element.holds("cancelActivity", default=True),
    }


def read_plain(element: Element, reading: Reading) -> Parts:
    return {}


READERS: dict[str, Callable[[Element, Reading], Parts]] = {
    "task": read_plain,
    "manualTask": read_plain,
    "userTask": read_user_task,
    "serviceTask": read_service_task,
    "businessRuleTask": read_service_task,
    "sendTask": read_send_task,
    "receiveTask": read_receive_task,
    "scriptTask": read_script_task,
    "callActivity": read_call_activity,
    "subProcess": read_sub_process,
    "transaction": read_plain,
    "startEvent": read_start_event,
    "intermediateCatchEvent": read_event,
    "intermediateThrowEvent": read_event,
    "boundaryEvent": read_boundary_event,
    "endEvent": read_event,
    "exclusiveGateway": read_plain,
    "parallelGateway": read_plain,
    "inclusiveGateway": read_plain,
    "eventBasedGateway": read_plain,
}
