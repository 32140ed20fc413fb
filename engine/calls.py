"""Called processes: a call activity starts an instance of its own, whose end, error or escalation comes back to it."""

from dataclasses import dataclass

from engine.definitions import load
from engine.diagram.model import Binding, EventKind
from engine.diagram.references import Kind, Reference
from engine.errors import NotDeployed, NotFound, Sentence, Suspended, UncaughtError
from engine.interpreter import interrupts_call
from engine.interpreter.step import EventThrown, Step, WorkOpened
from engine.interpreter.stimulus import Cancelled, Completed, ErrorThrown, EscalationThrown, Start, Stimulus
from engine.ports import ENGINE
from engine.queries import definitions
from engine.run import Run
from engine.store import instance_rows
from engine.tables import InstanceState, ProcessDefinition, ProcessInstance
from engine.transaction import Transaction

NOT_STARTABLE = Sentence(
    "该流程定义已挂起，不能启动新的实例；须先由系统管理员激活。",
    "The process definition is suspended and starts nothing: an administrator has to activate it first.",
)


@dataclass(frozen=True, slots=True)
class Following:
    """What one step sets off in another instance of the same tree; the first is what the command itself says."""

    instance: ProcessInstance
    stimulus: Stimulus
    is_first: bool = False


def new_instance(
    tx: Transaction,
    definition_id: str,
    region: str,
    business_key: str | None,
    *,
    caller: tuple[ProcessInstance, str] | None = None,
    instance_id: str | None = None,
) -> ProcessInstance:
    """The row of an instance about to start, as a root, or called by an activity instance of another."""
    instance_id = instance_id or tx.new_id()
    parent = caller[0] if caller else None
    instance = ProcessInstance(
        id=instance_id,
        region=region,
        root_id=parent.root_id if parent else instance_id,
        parent_id=parent.id if parent else None,
        caller_id=caller[1] if caller else None,
        definition_id=definition_id,
        business_key=business_key,
        state=InstanceState.ACTIVE,
        tokens="",
        started_at=tx.now,
        started_by=tx.actor.login,
        next_seq=1,
        next_act=1,
        revision=1,
    )
    tx.add(instance)
    tx.flush()
    return instance


def starter_of(tx: Transaction) -> str | None:
    """Who starts an instance, if it is a person or another system."""
    return None if tx.actor == ENGINE else tx.actor.login


def call(run: Run, work: WorkOpened) -> Following:
    """Starts the called process with what the call hands over. Raises NotDeployed."""
    key = work.attributes.get("business_key")
    child = new_instance(
        run.tx,
        _called(run, work).id,
        run.instance.region,
        None if key is None else str(key),
        caller=(run.instance, work.id),
    )
    return Following(child, Start(variables=work.attributes["variables"], starter=starter_of(run.tx)))  # type: ignore[arg-type]


def _called(run: Run, work: WorkOpened) -> ProcessDefinition:
    key, said = str(work.attributes["called_element"]), work.attributes
    binding = Binding(str(said["binding"]))
    version = run.whole(work, "version", 0) if binding is Binding.VERSION else str(said["version"])
    versions = definitions.bound(
        key, run.instance.region, binding, deployment_id=run.runnable.deployment_id, version=version
    )
    try:
        called = definitions.one(run.tx, versions, key)
    except NotFound as missing:
        meant = Reference(Kind.PROCESS, key, binding, str(version))
        raise NotDeployed(meant.missing(run.node(work)), element_id=work.activity_id) from missing
    if called.is_suspended:
        raise Suspended(NOT_STARTABLE, element_id=work.activity_id)
    return called


def ends_call(tx: Transaction, root: ProcessInstance, instance: ProcessInstance, kind: EventKind, name: str) -> bool:
    """Whether an event that leaves an instance interrupts the call that began it, or one further up."""
    while instance.parent_id is not None and instance.caller_id is not None:
        parent = instance_rows.in_tree(tx, root, instance.parent_id)
        above = load(tx, parent.definition_id).definition
        answer = interrupts_call(above, parent.tokens, instance.caller_id, kind, name)
        if answer is not None:
            return answer
        instance = parent
    return False


def cancelled(run: Run, caller_id: str) -> list[Following]:
    """The called instance ends with the activity that called it."""
    child = instance_rows.called_by(run.tx, run.root, caller_id)
    return [] if child is None else [Following(child, Cancelled())]


def returned(run: Run, step: Step) -> list[Following]:
    """What an instance's step means for the activity that called it.

    Raises UncaughtError when an error leaves an instance that nobody called.
    """
    thrown = [change for change in step.changes if isinstance(change, EventThrown) and change.kind == "escalation"]
    if run.instance.parent_id is None or run.instance.caller_id is None:
        if step.error is not None:
            raise _uncaught(step)
        return []
    parent = instance_rows.in_tree(run.tx, run.root, run.instance.parent_id)
    caller = run.instance.caller_id
    following = [Following(parent, EscalationThrown(caller, one.name, one.variables)) for one in thrown]
    if step.error is not None:
        following.append(Following(parent, ErrorThrown(caller, *step.error, dict(run.variables[None]))))
    elif step.ended:
        following.append(Following(parent, Completed(caller, dict(run.variables[None]))))
    return following


def _uncaught(step: Step) -> UncaughtError:
    code, message = step.error or ("", None)
    said = f": {message}" if message else ""
    return UncaughtError(
        Sentence(f"错误“{code}”没有任何事件捕获{said}。", f"Nothing catches the error “{code}”{said}."),
        element_id=step.error_at,
    )
