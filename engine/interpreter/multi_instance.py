"""Multi-instance activities: a body that counts, and one item for each element of a collection or up to a number.

The body is an activity instance around its items (Camunda's multiInstanceBody); boundary events are attached to it.
"""

# mypy: disallow-subclassing-any=False

import json
from collections.abc import Mapping, Sequence
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults

from engine.diagram.model import MultiInstance, Node
from engine.errors import ExpressionFailed, Sentence
from engine.expressions import Expression
from engine.interpreter.flow_nodes import FlowNode
from engine.interpreter.token import COUNTER, Token

BODY = "multiInstanceBody"
ALL, DONE, LIVE = "all", "done", "live"
COUNTED = ("nrOfCompletedInstances", "nrOfActiveInstances")


class MultiInstanceBody(FlowNode):
    """The body of a multi-instance activity; `item` is the activity that it repeats."""

    holds_variables = True
    is_scope = True

    def __init__(self, process: Any, node: Node, loop: MultiInstance, item: FlowNode) -> None:
        super().__init__(process, node, f"{node.id}#{BODY}", task_spec=item.name)
        self.loop, self.item, self.type = loop, item, BODY
        item.body = self
        self.input_parameters, self.output_parameters, self.listeners = (), (), ()
        item.async_before, item.async_after = loop.async_before, loop.async_after

    def perform(self, token: Token) -> bool:
        number = self.number(token)
        token.internal_data.update({ALL: number, DONE: 0, LIVE: 0})
        if number:
            self.begin_items(token)
        return not number

    def begin_items(self, token: Token) -> None:
        """Starts the first items."""
        raise NotImplementedError

    def go_on(self, token: Token, ended: int) -> None:
        """Starts what follows the item that ended, if anything."""

    def add(self, token: Token, counter: int, elements: Sequence[object] | None) -> Token:
        """One more item, with its element in its own scope."""
        instance = token.workflow
        item = instance.new_token(self.item, token)
        item.internal_data[COUNTER] = counter
        token.internal_data[LIVE] += 1
        if elements is not None and self.loop.element_variable is not None:
            element = elements[counter] if counter < len(elements) else None
            instance.report(instance.variables.write(item.id, self.loop.element_variable, element, item.id))
        return item

    def item_ended(self, token: Token, item: Token) -> None:
        """An item has ended: conditions on the counters are tried, and the completion condition may end all others."""
        counts, instance = token.internal_data, token.workflow
        counts[DONE] += 1
        counts[LIVE] -= 1
        instance.variables.changed.extend((token.scope_id, name) for name in COUNTED)
        instance.react()
        if token.is_live:
            self.go_on_or_end(token, item)

    def go_on_or_end(self, token: Token, item: Token) -> None:
        """The completion condition is seen from the item that has ended."""
        counts, instance = token.internal_data, token.workflow
        until = self.loop.completion_condition
        is_enough = until is not None and instance.holds(until, item, self.node.id)
        instance.forget(item)
        if not is_enough:
            self.go_on(token, item.internal_data[COUNTER])
        if is_enough or not counts[LIVE]:
            token.complete()

    def item_cancelled(self, token: Token) -> bool:
        """An item was taken away. Whether the body is complete with those that ended before."""
        token.internal_data[LIVE] -= 1
        return bool(token.internal_data[LIVE] == 0 and token.internal_data[DONE])

    def counters(self, token: Token) -> Mapping[str, object]:
        counts = token.internal_data
        if ALL not in counts:
            return super().counters(token)
        return {
            **super().counters(token),
            "nrOfInstances": counts[ALL],
            "nrOfCompletedInstances": counts[DONE],
            "nrOfActiveInstances": counts[LIVE],
        }

    def number(self, token: Token) -> int:
        """How many items there are to be. Raises ExpressionFailed."""
        if self.loop.cardinality is not None:
            return whole_number(self.loop.cardinality, token)
        elements = self.elements(token)
        return 0 if elements is None else len(elements)

    def elements(self, token: Token) -> Sequence[object] | None:
        """The collection as it is now. Raises ExpressionFailed."""
        return None if self.loop.collection is None else collection(self.loop.collection, token)


class ParallelBody(MultiInstanceBody, defaults.ParallelMultiInstanceTask):
    """All items at once."""

    is_undone_at_once = True

    def begin_items(self, token: Token) -> None:
        elements = self.elements(token)
        items = [self.add(token, counter, elements) for counter in range(token.internal_data[ALL])]
        token.workflow.agenda.extend(reversed(items))

    def extend(self, token: Token) -> None:
        """One item more than planned, without an element (Camunda's modification of a running body)."""
        token.internal_data[ALL] += 1
        token.workflow.agenda.append(self.add(token, token.internal_data[ALL] - 1, None))


class SequentialBody(MultiInstanceBody, defaults.SequentialMultiInstanceTask):
    """One item after another. The collection is read anew for each (Camunda 7)."""

    def begin_items(self, token: Token) -> None:
        self.go_on(token, -1)

    def go_on(self, token: Token, ended: int) -> None:
        if ended + 1 < token.internal_data[ALL]:
            token.workflow.agenda.append(self.add(token, ended + 1, self.elements(token)))


def whole_number(expression: Expression, token: Token) -> int:
    """A number of items: an integer or its text, not negative."""
    value = token.workflow.evaluate(expression, token)
    try:
        number = -1 if isinstance(value, bool) else int(value)  # type: ignore[call-overload]
    except (TypeError, ValueError, OverflowError):
        number = -1
    if number < 0:
        wrong = Sentence(
            "多实例的次数应为不小于零的整数。", "The number of instances must be a whole number, zero or more."
        )
        raise ExpressionFailed(wrong, element_id=token.task_spec.node.id)
    return number


def collection(expression: Expression, token: Token) -> Sequence[object]:
    """The elements of a collection: a list, or JSON text that is one."""
    value = token.workflow.evaluate(expression, token)
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            value = None
    if not isinstance(value, list | tuple):
        wrong = Sentence("多实例的集合应为列表。", "The collection of a multi-instance activity must be a list.")
        raise ExpressionFailed(wrong, element_id=token.task_spec.node.id)
    return value
