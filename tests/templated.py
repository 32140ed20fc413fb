"""What Camunda Modeler writes into a diagram when an element template is put on an element."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.diagrams import (
    Element,
    diagram,
    end,
    flows,
    mapped_in,
    mapped_out,
    node,
    properties,
    start,
    straight,
    sub_process,
    timer,
    user_task,
)

Template = Mapping[str, Any]


def applied(template: Template) -> bytes:
    """A diagram with one element of the first kind that the template is for, as it is chosen and left as it is."""
    kind = template["appliesTo"][0].removeprefix("bpmn:")
    return DRAWN[kind](*_inside(template["properties"]), **_attributes(template["properties"]))


def _bound(lines: Sequence[Template], kind: str) -> Iterator[tuple[Template, Any]]:
    return ((line["binding"], line["value"]) for line in lines if line["binding"]["type"] == kind)


def _attributes(lines: Sequence[Template]) -> dict[str, Any]:
    return {binding["name"].replace(":", "__"): value for binding, value in _bound(lines, "property")}


def _inside(lines: Sequence[Template]) -> Iterator[Element]:
    said = {binding["name"]: value for binding, value in _bound(lines, "camunda:property")}
    if said:
        yield properties(**said)
    for _, value in _bound(lines, "camunda:in:businessKey"):
        yield mapped_in(businessKey=value)
    for binding, value in _bound(lines, "camunda:in"):
        source = "sourceExpression" if binding.get("expression") else "source"
        yield mapped_in(**{source: value, "target": binding["target"]})
    for binding, value in _bound(lines, "camunda:out"):
        if "variables" in binding:
            yield mapped_out(variables=binding["variables"])
        else:
            yield mapped_out(source=binding["source"], target=value)


def _on_a_border(*inside: Element, cancelActivity: bool, **attributes: str) -> bytes:  # noqa: N803 - BPMN's name
    watch = timer(date="${tacit('fire')}")
    silence = node(
        "boundaryEvent", "it", *inside, watch, attachedToRef="work", cancelActivity=cancelActivity, **attributes
    )
    work = user_task("work", candidateGroups="fire")
    return diagram(start(), work, silence, end(), end("late"), flows("start", "work", "end"), flows("it", "late"))


def _in_sub_process(*inside: Element, **attributes: str) -> bytes:
    held = [start("begun"), end("done"), flows("begun", "done")]
    return straight(sub_process("it", *inside, *held, **attributes))


def _process(*inside: Element, id: str, **attributes: str) -> bytes:
    return diagram(*inside, start(), end(), flows("start", "end"), key=id, **attributes)


DRAWN = {
    "UserTask": lambda *inside, **attributes: straight(user_task("it", *inside, **attributes)),
    "CallActivity": lambda *inside, **attributes: straight(node("callActivity", "it", *inside, **attributes)),
    "IntermediateThrowEvent": lambda *inside, **attributes: straight(
        node("intermediateThrowEvent", "it", *inside, **attributes)
    ),
    "BoundaryEvent": _on_a_border,
    "SubProcess": _in_sub_process,
    "Process": _process,
}
