"""Where a modification puts a token: before which activity, in which running scope."""

from engine.definitions import Runnable
from engine.diagram.model import Node
from engine.errors import Invalid, Sentence
from engine.interpreter.stimulus import StartedBefore
from engine.modifications.instructions import Start, StartAfter, StartTransition
from engine.modifications.open_work import OpenWork, named


def begun(found: OpenWork, runnable: Runnable, said: Start) -> StartedBefore:
    """What an instruction puts where. Raises Invalid where the diagram has no such thing or no one scope of it runs."""
    activity_id, is_body = named(_target(runnable, said))
    node = _node(runnable, activity_id)
    if node.loop is not None and not node.loop.sequential and not is_body:
        bodies = found.running(node.id, said.ancestor_id, is_body=True)
        if len(bodies) == 1:
            return StartedBefore(node.id, bodies[0])
    return StartedBefore(node.id, _scope(found, runnable, node, said.ancestor_id))


def _target(runnable: Runnable, said: Start) -> str:
    """The activity before which the token is put."""
    if isinstance(said, StartTransition):
        flow = runnable.process.flows.get(said.element_id)
        if flow is None:
            name = said.element_id[:200]
            raise Invalid(Sentence(f"流程中没有流向“{name}”。", f"The process has no sequence flow {name}."))
        return flow.target
    return _after(runnable, said.element_id) if isinstance(said, StartAfter) else said.element_id


def _after(runnable: Runnable, activity_id: str) -> str:
    """Camunda 7: after an activity with several ways on, the flow has to be named."""
    node = _node(runnable, activity_id)
    if len(node.outgoing) != 1:
        raise Invalid(
            Sentence(
                f"环节“{node.id}”之后须恰有一条流向；请改用 startTransition 指明流向。",
                f"Activity {node.id} needs exactly one outgoing flow; name the flow with startTransition.",
            )
        )
    return runnable.process.flows[node.outgoing[0]].target


def _node(runnable: Runnable, activity_id: str) -> Node:
    node = runnable.process.nodes.get(activity_id)
    if node is None:
        name = activity_id[:200]
        raise Invalid(Sentence(f"流程中没有环节“{name}”。", f"The process has no activity {name}."))
    return node


def _scope(found: OpenWork, runnable: Runnable, node: Node, ancestor_id: str | None) -> str | None:
    """The running sub-process in which an activity stands, None for the process itself."""
    if node.scope == runnable.process.key:
        return None
    running = found.running(node.scope, ancestor_id)
    if len(running) == 1:
        return running[0]
    if running:
        raise Invalid(
            Sentence(
                f"子流程“{node.scope}”有多个正在运行，请用 ancestorActivityInstanceId 指明。",
                f"Sub-process {node.scope} runs more than once; say which by ancestorActivityInstanceId.",
            )
        )
    raise Invalid(
        Sentence(
            f"子流程“{node.scope}”没有在运行，请从该子流程本身开始。",
            f"Sub-process {node.scope} is not running; start before the sub-process itself.",
        )
    )
