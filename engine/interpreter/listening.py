"""Listeners that are drawn in a diagram: told in the command that moves the token, before anything follows from it.

A registered listener is a function of the variables it sees; what it returns is set like any variable. It cannot move a
token, and an exception of it refuses the command.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from engine.diagram.model import Heard, Listener, Moment
from engine.errors import EngineError, ListenerFailed, Sentence
from engine.interpreter.token import Token
from engine.interpreter.variables import Visible

if TYPE_CHECKING:
    from engine.interpreter.flow_nodes import SequenceFlow

Listeners = Mapping[str, Callable[..., Mapping[str, object] | None]]


def tell(token: Token, moment: Moment) -> None:
    """Tells the listeners of a token's activity. Raises ListenerFailed, ExpressionFailed."""
    spec = token.task_spec
    for listener in spec.listeners:
        if listener.moment is moment:
            hear(token, listener, Heard(moment, spec.node.id, spec.node.name))


def tell_of_flow(flow: "SequenceFlow", scope: Token) -> None:
    """Tells the listeners of a sequence flow that was taken in a scope."""
    for listener in flow.listeners:
        hear(scope, listener, Heard(Moment.TAKE, flow.name, flow.label))


def hear(token: Token, listener: Listener, heard: Heard) -> None:
    """What one listener says becomes variables."""
    instance = token.workflow
    if listener.assigned is not None:
        instance.set_variables(token, {listener.assigned.name: instance.evaluate(listener.assigned.value, token)})
    else:
        instance.set_variables(token, said_by(token, listener, heard))


def said_by(token: Token, listener: Listener, heard: Heard) -> Mapping[str, object]:
    """What a registered function returns. Its own EngineError is the answer, anything else is ListenerFailed."""
    function = token.workflow.listeners.get(listener.registered or "")
    if function is None:
        missing = Sentence(
            f"服务器没有登记监听器“{listener.registered}”。",
            f"The server has no listener registered as “{listener.registered}”.",
        )
        raise ListenerFailed(missing, element_id=heard.activity_id)
    try:
        return function(dict(Visible(token.workflow.variables, token)), heard=heard) or {}
    except EngineError:
        raise
    except Exception as broken:
        said = Sentence(f"监听器“{listener.registered}”：{broken}", f"The listener “{listener.registered}”: {broken}")
        raise ListenerFailed(said, element_id=heard.activity_id) from broken
