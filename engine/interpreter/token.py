"""A token: SpiffWorkflow's Task, hung under the scope it is in and freed of log, history and data of its own.

The tree of tokens nests by scope alone: a token's parent is the process, the sub-process, the multi-instance body or,
for an armed event, the activity that it is attached to. What has ended is no longer in the tree, so that the saved
state depends on open work alone, however long the instance has run.

What a token's state means here: FUTURE it is on its way and enters next · READY it waits to be continued before its
activity begins (camunda:asyncBefore) · WAITING it is an event armed for another activity · STARTED its activity runs or
waits · COMPLETED its activity ended and it waits to be continued (camunda:asyncAfter) · DONE, Spiff's MAYBE: nothing
waits, but its activity has completed and may be compensated.
"""

# SpiffWorkflow has no type annotations that mypy can read: its classes are Any.
# mypy: disallow-subclassing-any=False

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from SpiffWorkflow import TaskState
from SpiffWorkflow.task import Task

from engine.interpreter.step import WorkKind

if TYPE_CHECKING:
    from engine.interpreter.flow_nodes import FlowNode, SequenceFlow
    from engine.interpreter.instance import Instance

ROOT_ID = "process"
STANDS_FOR = "for"
COUNTER = "i"
DONE = TaskState.MAYBE


class Token(Task):
    """One live node. Its id is the activity instance's; an armed event's and a postponed token's is its work's.

    One that is done has an id of its own and stands for the activity instance that has completed.
    """

    workflow: "Instance"
    task_spec: "FlowNode"
    id: str
    internal_data: dict[str, Any]

    def __init__(
        self, instance: "Instance", spec: "FlowNode", scope: "Token | None", state: int, id: str, is_new: bool = True
    ) -> None:
        super().__init__(instance, spec, scope, state, id)
        self.is_new = is_new
        self.has_work = not is_new
        self.chosen: Sequence[SequenceFlow] = ()

    def _set_state(self, value: int) -> None:
        self._state = value

    def _sync_children(self, task_specs: "Sequence[SequenceFlow]", state: int = TaskState.MAYBE) -> None:
        self.chosen = task_specs

    @property
    def is_live(self) -> bool:
        """Whether it is still in the tree."""
        return self.workflow.tasks.get(self.id) is self

    @property
    def is_armed(self) -> bool:
        """Whether it is an event that watches over an activity or a scope without holding it open."""
        return bool(self._state == TaskState.WAITING)

    @property
    def is_done(self) -> bool:
        """Whether its activity has completed and is kept to be compensated."""
        return bool(self._state == DONE)

    @property
    def is_under_way(self) -> bool:
        """Whether it holds its scope open."""
        return not self.is_armed and not self.is_done

    @property
    def keeps_what_is_done(self) -> bool:
        """Whether what completes in it can be compensated later: it is a scope that runs."""
        return self.task_spec.is_scope and not self.is_done

    @property
    def around(self) -> "Token":
        """What its activity instance is inside of; of a compensation handler not the event that threw."""
        scope: Token = self.parent
        if not (scope.is_done or scope.task_spec.is_scope):
            scope = scope.parent
        return scope

    @property
    def is_postponed(self) -> bool:
        """Whether it waits for an asynchronous continuation."""
        return STANDS_FOR in self.internal_data and not self.is_done

    @property
    def scope_id(self) -> str | None:
        """The scope that its own variables are in: None is the process instance."""
        if self._parent is None:
            return None
        return str(self.internal_data.get(STANDS_FOR, self.id))

    @property
    def work(self) -> WorkKind | None:
        """What it waits for outside, if anything."""
        if not self.has_work or self.is_done:
            return None
        return WorkKind.CONTINUATION if self.is_postponed else self.task_spec.work
