"""Reads BPMN's own resource roles of a user task: who does it and who may claim it (BPMN 2.0, 10.3.1; Camunda 7)."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from engine.diagram.compiling import ITEM
from engine.diagram.element import Element
from engine.diagram.reading import Reading
from engine.expressions import Expression

OWNER = re.compile(r"(?P<kind>user|group)\s*\((?P<name>.*)\)", re.DOTALL)


class Owners(NamedTuple):
    """Who may claim a task."""

    users: tuple[Expression, ...]
    groups: tuple[Expression, ...]


def read_assignee(task: Element, reading: Reading) -> Expression | None:
    """camunda:assignee, or the one humanPerformer that says the same."""
    assignee = reading.compiler.attribute(task, "camunda:assignee")
    performers = task.all("humanPerformer")
    if len(performers) + (assignee is not None) > 1:
        reading.findings.fault(
            task,
            "{it}的办理人写了不止一处（humanPerformer、camunda:assignee）。请只保留一处。",
            "{it} says more than once who does it (humanPerformer, camunda:assignee). Keep one.",
        )
    for performer in performers:
        return reading.compiler.text(assigned(performer, reading), performer, "humanPerformer")
    return assignee


def read_candidates(task: Element, reading: Reading) -> Owners:
    """camunda:candidateUsers and candidateGroups, and potentialOwner: user(name), group(name), or a group's name."""
    users = list(reading.compiler.items(task, "camunda:candidateUsers"))
    groups = list(reading.compiler.items(task, "camunda:candidateGroups"))
    for owner in task.all("potentialOwner"):
        for kind, name in owners(assigned(owner, reading)):
            known = users if kind == "user" else groups
            known.append(reading.compiler.text(name, owner, "potentialOwner"))
    return Owners(tuple(users), tuple(groups))


def owners(text: str) -> Iterator[tuple[str, str]]:
    """The kinds and names of a list separated by commas."""
    for item in ITEM.finditer(text):
        named = OWNER.fullmatch(item[0].strip())
        if named is not None:
            yield named["kind"], named["name"].strip()
        elif item[0].strip():
            yield "group", item[0].strip()


def assigned(role: Element, reading: Reading) -> str:
    """The text of a role's resourceAssignmentExpression; without one nobody is named, which is a fault."""
    assignment = role.first("resourceAssignmentExpression")
    text = assignment.text_of("formalExpression") if assignment else None
    if not text:
        reading.findings.fault(
            role,
            f"{{it}}的 {role.name} 没有写明是谁（resourceAssignmentExpression）。",
            f"{{it}} has a {role.name} that names nobody (resourceAssignmentExpression).",
        )
    return text or ""
