"""Reads multiInstanceLoopCharacteristics. Knows nothing of the activity that is repeated."""

from engine.diagram.element import Element
from engine.diagram.model import MultiInstance
from engine.diagram.reading import Reading
from engine.expressions import Expression

NUMBER_FIELD = "loopCardinality"


def read_loop(activity: Element, reading: Reading) -> MultiInstance | None:
    """Over a collection or a number of times: exactly one of the two."""
    loop = activity.first("multiInstanceLoopCharacteristics")
    if loop is None:
        return None
    collection, cardinality = read_collection(loop, reading), read_cardinality(loop, reading)
    if (collection is None) == (cardinality is None):
        reading.findings.fault(
            loop,
            "{it}是多实例，必须填写集合（collection）或次数（loopCardinality），且只能一个。",
            "{it} is multi-instance and needs a collection or a loopCardinality, and only one of them.",
        )
    until = loop.text_of("completionCondition")
    return MultiInstance(
        sequential=loop.holds("isSequential"),
        collection=collection,
        element_variable=read_element_variable(loop, collection, reading),
        cardinality=cardinality,
        completion_condition=reading.compiler.condition(until, loop, "completionCondition") if until else None,
        async_before=loop.holds("camunda:asyncBefore") or loop.holds("camunda:async"),
        async_after=loop.holds("camunda:asyncAfter"),
    )


def read_collection(loop: Element, reading: Reading) -> Expression | None:
    """camunda:collection or loopDataInputRef: an expression if it has a brace, else a variable's name (Camunda)."""
    text = loop.get("camunda:collection") or loop.text_of("loopDataInputRef")
    if not text:
        return None
    if "{" in text:
        return reading.compiler.text(text, loop, "collection")
    return reading.compiler.variable(text, loop, "collection")


def read_cardinality(loop: Element, reading: Reading) -> Expression | None:
    text = loop.text_of("loopCardinality")
    if not text:
        return None
    expression = reading.compiler.text(text, loop, NUMBER_FIELD)
    if expression.is_literal and expression.text:
        reading.compiler.check_whole_number(text, loop, NUMBER_FIELD)
    return expression


def read_element_variable(loop: Element, collection: Expression | None, reading: Reading) -> str | None:
    """camunda:elementVariable, or the name of the standard's inputDataItem."""
    item = loop.first("inputDataItem")
    holder, attribute = (loop, "camunda:elementVariable") if item is None else (item, "name")
    name = reading.variable_name(holder, attribute)
    if name is not None and collection is None:
        reading.findings.fault(
            loop,
            "{it}填写了元素变量，但没有集合（collection）可取。",
            "{it} names an element variable but no collection to take it from.",
        )
    return name
