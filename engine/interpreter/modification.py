"""Changes that the diagram does not draw: cancelling an activity instance, putting a token before an activity."""

from engine.errors import Conflict, NotFound, Sentence
from engine.interpreter import compensation
from engine.interpreter.boundary_events import BoundaryEvent
from engine.interpreter.flow_nodes import FlowNode
from engine.interpreter.instance import Instance
from engine.interpreter.multi_instance import MultiInstanceBody, ParallelBody
from engine.interpreter.scopes import EventSubProcess
from engine.interpreter.stimulus import Cancelled, StartedBefore
from engine.interpreter.token import Token


def cancel(instance: Instance, stimulus: Cancelled) -> None:
    """Cancels one activity instance with all below it, or everything. Raises NotFound.

    A scope that this leaves empty is cancelled too, up to the whole instance (Camunda 7); but a multi-instance body is
    complete when items of it have ended before. A compensation handler that is cancelled counts as carried out.
    """
    if stimulus.id is None:
        instance.finish()
        return
    token = instance.tasks.get(stimulus.id)
    if token is None or token is instance.root or not token.is_under_way:
        raise NotFound
    scope = token.parent
    instance.cancel(token)
    leave_empty(instance, scope, token)


def leave_empty(instance: Instance, scope: Token, gone: Token) -> None:
    """A token was taken out of a scope: what becomes of the scope."""
    body = gone.task_spec.body
    if body is not None and body.item_cancelled(scope):
        scope.complete()
    elif not scope.keeps_what_is_done:
        compensation.go_on(scope)
    elif not any(child.is_under_way for child in scope.children):
        if scope is instance.root:
            instance.finish()
        else:
            around = scope.parent
            instance.cancel(scope)
            leave_empty(instance, around, scope)


def start_before(instance: Instance, stimulus: StartedBefore) -> None:
    """Puts a token before an activity in a running scope; in the body of a parallel multi-instance, one more item.

    Raises NotFound when there is no such activity or scope, Conflict when the scope is not the activity's.
    """
    scope = instance.root if stimulus.scope_id is None else instance.tasks.get(stimulus.scope_id)
    spec = instance.definition.entry(stimulus.activity_id)
    if scope is None or spec is None or scope.is_done:
        raise NotFound(element_id=stimulus.activity_id)
    if isinstance(scope.task_spec, ParallelBody) and spec is scope.task_spec:
        scope.task_spec.extend(scope)
    elif can_begin(spec, scope):
        instance.put([spec], scope)
    else:
        wrong = Sentence("该环节不能在此范围内启动。", "The activity cannot be started in this scope.")
        raise Conflict(wrong, element_id=stimulus.activity_id)


def can_begin(spec: FlowNode, scope: Token) -> bool:
    """Whether a token may be put before a node in a scope."""
    inside = spec.node.scope == scope.task_spec.node.id and not isinstance(scope.task_spec, MultiInstanceBody)
    return inside and not isinstance(spec, BoundaryEvent | EventSubProcess)
