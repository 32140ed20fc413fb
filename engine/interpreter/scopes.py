"""Where tokens live: the process, sub-processes and event sub-processes. A scope ends when no token is left in it."""

# mypy: disallow-subclassing-any=False

from typing import Any

from SpiffWorkflow.bpmn.specs import defaults

from engine.diagram.model import Node
from engine.errors import Conflict, Sentence
from engine.interpreter.events import StartEvent
from engine.interpreter.flow_nodes import FlowNode
from engine.interpreter.token import Token

WHICH_START = Sentence(
    "流程有多个开始事件，其中没有空开始事件，须指明从哪一个开始。",
    "The process has several start events and no none start event among them: it must be said at which one it begins.",
)


class Scope(FlowNode):
    """`start` is where it begins if none is named; `event_starts` are those of the event sub-processes drawn in it."""

    holds_variables = True
    is_scope = True
    start: StartEvent | None = None

    def perform(self, token: Token) -> bool:
        self.open(token, self.start)
        return False

    def open(self, token: Token, start: StartEvent | None) -> None:
        """A token enters the start event while the event sub-processes are armed. Raises Conflict without one."""
        if start is None:
            raise Conflict(WHICH_START, element_id=self.node.id)
        token.workflow.put([start], token)
        token.workflow.arm(self.event_starts, token)

    def token_ended(self, token: Token) -> None:
        """A token inside has ended; armed events do not hold the scope open, nor does what may be compensated."""
        if not any(child.is_under_way for child in token.children):
            self.end(token)

    def end(self, token: Token) -> None:
        """The scope is complete."""
        token.complete()


class ProcessScope(Scope):
    """The process itself."""

    def end(self, token: Token) -> None:
        token.workflow.finish()


class SubProcess(Scope, defaults.SubWorkflowTask):
    """An embedded sub-process."""

    def __init__(self, process: Any, node: Node) -> None:
        super().__init__(process, node, subworkflow_spec=node.id)


class Transaction(SubProcess):
    """A transaction: a sub-process that can be cancelled (BPMN 2.0, 10.3.6)."""


class EventSubProcess(Scope, defaults.EventSubprocess):
    """A sub-process that one of its enclosing scope's events starts, any number of times when not interrupting."""

    def __init__(self, process: Any, node: Node) -> None:
        super().__init__(process, node, subworkflow_spec=node.id)
