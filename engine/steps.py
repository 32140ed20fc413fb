"""Applies one Step of the interpreter to rows: history, variables, work, what leaves the instance."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import bindparam, delete, update

from engine import calls, outward, work
from engine.calls import Following
from engine.diagram.model import Node
from engine.events import ActivityEnded, ActivityStarted, Event, ProcessInstanceEnded
from engine.interpreter import step as happened
from engine.interpreter.step import Step, WorkKind
from engine.interpreter.stimulus import Resumed
from engine.run import Run
from engine.store import variables
from engine.tables import ActivityInstance, InstanceState, Variable

END_EVENT = "endEvent"
SCOPES = frozenset({"subProcess", "transaction", "callActivity"})
SILENT = frozenset({"userTask", "multiInstanceBody"})

CLOSE = (
    update(ActivityInstance)
    .where(ActivityInstance.id.in_(bindparam("ids", expanding=True)))
    .values(ended_at=bindparam("at"), cancelled=bindparam("is_cancelled"))
)


@dataclass(slots=True)
class Applied:
    """What listeners should hear of a step, and what it sets off in other instances of the tree."""

    events: list[Event] = field(default_factory=list)
    following: list[Following] = field(default_factory=list)
    started: dict[str, ActivityInstance] = field(default_factory=dict)


def apply(run: Run, step: Step, *, cancelled: bool) -> Applied:
    """Writes the step; `cancelled` when it is the end of an instance that was cancelled from outside."""
    applied = Applied()
    _visit(run, step.changes, applied)
    sets = [change for change in step.changes if isinstance(change, happened.VariableSet)]
    run.variables.overlay(sets)
    variables.write(run.tx, run.instance, sets)
    _work(run, step.changes, applied)
    run.instance.tokens = step.state
    run.instance.revision += 1
    applied.following += outward.throw(run, [one for one in step.changes if isinstance(one, happened.EventThrown)])
    if not cancelled:
        applied.following += calls.returned(run, step)
    if step.is_unfinished:
        applied.following.append(Following(run.instance, Resumed()))
    if step.ended:
        _end(run, applied, cancelled=cancelled or step.error is not None)
    else:
        variables.forget(run.tx, _scopes_left(run, step.changes))
    return applied


def _visit(run: Run, changes: Sequence[happened.Change], applied: Applied) -> None:
    """One row a visit to an activity, inserted when it starts, closed when it ends."""
    closed: dict[bool, list[str]] = {False: [], True: []}
    for change in changes:
        if isinstance(change, happened.ActivityStarted):
            applied.started[change.id] = _row(run, change)
        elif isinstance(change, happened.ActivityEnded):
            row = applied.started.get(change.id)
            if row is None:
                closed[change.cancelled].append(change.id)
            else:
                row.ended_at, row.cancelled = run.tx.now, change.cancelled
        else:
            continue
        applied.events += _told(run, change)
    for cancelled, ids in closed.items():
        _close(run, ids, cancelled=cancelled)
    run.tx.add(*applied.started.values())


def _close(run: Run, ids: Sequence[str], *, cancelled: bool) -> None:
    """Visits that began in an earlier step of the same command are written before they are closed."""
    if ids:
        if run.tx.session.new:
            run.tx.flush()
        run.tx.session.connection().execute(CLOSE, {"ids": ids, "at": run.tx.now, "is_cancelled": cancelled})


def _scopes_left(run: Run, changes: Sequence[happened.Change]) -> list[str]:
    """The ended visits that may have had variables of their own: sub-processes, calls, items of a multi-instance, what
    maps inputs or outputs, forms with defaults; of what may be compensated when that is done or cannot be any more."""
    nodes = run.runnable.process.nodes
    ended = [change for change in changes if isinstance(change, happened.ActivityEnded) and not change.is_remembered]
    left = [one.id for one in ended if one.type in SCOPES or _is_scope(nodes[one.activity_id])]
    return left + [change.id for change in changes if isinstance(change, happened.Forgotten)]


def _is_scope(node: Node) -> bool:
    form = node.assignment.form if node.assignment else None
    return bool(node.loop or node.inputs or node.outputs or (form and form.defaults))


def _row(run: Run, change: happened.ActivityStarted) -> ActivityInstance:
    seq = run.instance.next_seq
    run.instance.next_seq += 1
    return ActivityInstance(
        id=change.id,
        instance_id=run.instance.id,
        root_id=run.root.id,
        parent_id=change.parent_id,
        activity_id=change.activity_id,
        type=change.type,
        started_at=run.tx.now,
        cancelled=False,
        seq=seq,
    )


def _told(run: Run, change: happened.ActivityStarted | happened.ActivityEnded) -> list[Event]:
    """Listeners hear of the activities to which the designer gave a meaning; of user tasks they hear as such."""
    node = run.runnable.process.nodes.get(change.activity_id)
    if node is None or not node.properties or change.type in SILENT:
        return []
    visit = {
        "activity_instance_id": change.id,
        "activity_id": node.id,
        "type": node.type,
        "properties": node.properties,
    }
    if isinstance(change, happened.ActivityStarted):
        return [ActivityStarted(**run.where, **visit)]  # type: ignore[arg-type]
    return [ActivityEnded(**run.where, **visit, cancelled=change.cancelled)]  # type: ignore[arg-type]


def _work(run: Run, changes: Sequence[happened.Change], applied: Applied) -> None:
    """Opens and closes rows of work; what a step both opens and closes never becomes a row."""
    opened = {one.id: one for one in changes if isinstance(one, happened.WorkOpened)}
    closed = {one.id: one for one in changes if isinstance(one, happened.WorkCancelled)}
    lasting = [one for one in closed.values() if one.id not in opened]
    new = [one for one in opened.values() if one.id not in closed]
    applied.events += work.close_all(run, [one for one in lasting if one.kind != WorkKind.CALL])
    applied.events += work.open_all(run, [one for one in new if one.kind != WorkKind.CALL])
    for gone in lasting:
        if gone.kind == WorkKind.CALL:
            applied.following += calls.cancelled(run, gone.id)
    for called in new:
        if called.kind == WorkKind.CALL:
            following = calls.call(run, called)
            applied.started[called.id].called_instance_id = following.instance.id
            applied.following.append(following)


def _end(run: Run, applied: Applied, *, cancelled: bool) -> None:
    """The instance is over: its present variables live on in the history only."""
    instance = run.instance
    instance.state = InstanceState.CANCELLED if cancelled else InstanceState.COMPLETED
    instance.ended_at = run.tx.now
    if instance.parent_id is None and (kept := run.tx.ports.days_kept(run.runnable.process)) is not None:
        instance.removal_at = run.tx.now + timedelta(days=kept)
    run.tx.session.execute(
        delete(Variable).where(Variable.instance_id == instance.id), execution_options={"synchronize_session": False}
    )
    ends = [row.activity_id for row in applied.started.values() if row.type == END_EVENT]
    applied.events.append(
        ProcessInstanceEnded(
            **run.where,
            parent_id=instance.parent_id,
            cancelled=cancelled,
            reason=instance.end_reason,
            end_activities=tuple(ends),
        )
    )
