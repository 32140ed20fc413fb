"""What every flow node of a diagram does when a token enters it, waits in it and leaves it.

A node is a SpiffWorkflow task spec: that library walks it from state to state and, as MultiChoice, chooses the flows to
take; the hooks here say what Camunda 7 does at each turn. Specs are built once for a definition and are never written
to afterwards, because all threads share them.
"""

# mypy: disallow-subclassing-any=False

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn.specs.control import SimpleBpmnTask
from SpiffWorkflow.operators import Operator
from SpiffWorkflow.specs import MultiChoice

from engine.diagram.model import Flow, Moment, Node
from engine.errors import NoFlowTaken
from engine.interpreter import compensation, listening, mapping
from engine.interpreter.step import ActivityEnded, ActivityStarted, WorkKind
from engine.interpreter.token import COUNTER, Token

if TYPE_CHECKING:
    from engine.interpreter.boundary_events import BoundaryEvent
    from engine.interpreter.events import EventNode, StartEvent
    from engine.interpreter.multi_instance import MultiInstanceBody

NO_COUNTERS: Mapping[str, object] = {}


class SequenceFlow(SimpleBpmnTask):
    """One sequence flow: the way from a node to `target`. A link's jump is one that is not drawn."""

    target: "FlowNode"

    def __init__(self, process: Any, name: str, drawn: Flow | None = None) -> None:
        super().__init__(process, name)
        self.is_drawn = drawn is not None
        self.label, self.listeners = (drawn.name, drawn.listeners) if drawn else (None, ())


class Condition(Operator):
    """The condition of a sequence flow; without an expression it always holds."""

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow.condition)
        self.expression, self.flow_id = flow.condition, flow.id

    def _matches(self, token: Token) -> bool:
        return self.expression is None or token.workflow.holds(self.expression, token, self.flow_id)


class FlowNode(MultiChoice):
    """A flow node. `body` is set on a multi-instance activity's items, `boundaries` on what they are attached to.

    `handler` is what compensates an activity: the entry of the activity associated with its boundary event, or its own
    compensation event sub-process. `is_undone_at_once`: what has completed in it is not undone one after another.
    """

    work: WorkKind | None = None
    holds_variables = False
    boundaries: Sequence["BoundaryEvent"] = ()
    timeouts: Sequence["EventNode"] = ()
    event_starts: Sequence["StartEvent"] = ()
    body: "MultiInstanceBody | None" = None
    handler: "FlowNode | None" = None
    is_scope = False
    is_undone_at_once = False

    def __init__(self, process: Any, node: Node, name: str | None = None, **kwargs: Any) -> None:
        super().__init__(process, name or node.id, **kwargs)
        self.node = node
        self.type = node.type
        self.async_before, self.async_after = node.async_before, node.async_after
        self.listeners = node.listeners
        self.input_parameters, self.output_parameters = node.inputs, node.outputs
        self.holds_variables = self.holds_variables or bool(node.inputs or node.outputs)

    def lead(self, flow: SequenceFlow, drawn: Flow) -> None:
        """Adds an outgoing flow, in document order. The default flow is the one that Spiff takes for want of others."""
        if flow.name == self.node.default_flow:
            self.connect(flow)
        else:
            self.connect_if(Condition(drawn), flow)

    def perform(self, token: Token) -> bool:
        """What the activity does once it has begun: True when it is done, False when it waits."""
        return True

    def choose(self, token: Token) -> Sequence[SequenceFlow]:
        """The flows to take: all whose condition holds, else the default one (Camunda 7: also out of tasks)."""
        taken, default = self._get_matching_outputs(token)
        if not taken and not default and self._outputs:
            raise NoFlowTaken(element_id=self.node.id)
        chosen: Sequence[SequenceFlow] = taken or default
        return chosen

    def accept(self, token: Token, variables: Mapping[str, object]) -> None:
        """What the work or the event brought along becomes variables."""
        token.workflow.set_variables(token, variables)

    def priorities(self, token: Token) -> Mapping[str, object]:
        """What a job's row says of its priority."""
        priority = self.node.job_priority
        return {} if priority is None else {"job_priority": token.workflow.evaluate(priority, token)}

    def counters(self, token: Token) -> Mapping[str, object]:
        """What an expression sees here as a variable although none is stored."""
        return NO_COUNTERS if self.body is None else {"loopCounter": token.internal_data[COUNTER]}

    def begin(self, token: Token) -> None:
        """The activity instance starts with its inputs, the events attached to it are armed, listeners are told."""
        instance = token.workflow
        instance.report(ActivityStarted(token.id, self.node.id, self.type, token.around.scope_id))
        mapping.take_in(token)
        instance.arm(self.boundaries, token)
        if token.is_live:
            listening.tell(token, Moment.START)

    def told_of_cancellation(self, token: Token) -> None:
        """What ends before it is done has ended all the same (Camunda 7)."""
        listening.tell(token, Moment.END)

    def test(self) -> None:
        """The diagram was checked when it was read."""

    def _update_hook(self, token: Token) -> bool:
        return True

    def _on_ready_hook(self, token: Token) -> None:
        pass

    def _run_hook(self, token: Token) -> bool | None:
        token._set_state(TaskState.STARTED)
        self.begin(token)
        done = token.is_live and self.perform(token)
        token.workflow.react()
        return True if done and token.is_live else None

    def _on_complete_hook(self, token: Token) -> None:
        listening.tell(token, Moment.END)
        mapping.give_out(token)
        token.workflow.drop_children(token, but_done=True)
        is_remembered = compensation.remember(token)
        token.workflow.drop_children(token)
        token.workflow.report(ActivityEnded(token.id, self.node.id, self.type, is_remembered=is_remembered))

    def ended(self, scope: Token) -> None:
        """A token has left the node by no flow: it is through in its scope."""
        if scope.keeps_what_is_done:
            scope.task_spec.token_ended(scope)
        else:
            compensation.go_on(scope)

    def token_ended(self, token: Token) -> None:
        """A token inside a scope has ended."""
