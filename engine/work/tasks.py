"""Tasks of people and of other systems."""

from collections.abc import Sequence

from sqlalchemy import delete, select

from engine.columns import NEVER
from engine.events import Event, UserTaskCancelled, UserTaskCreated
from engine.interpreter.step import WorkOpened
from engine.run import Run
from engine.tables import Candidate, ExternalTask, InstanceState, TaskState, UserTask
from engine.work import incidents, pinned_forms

DEFAULT_PRIORITY = 50
INTERRUPTED = "interrupted"


def open_user_task(run: Run, work: WorkOpened) -> Sequence[Event]:
    """A person's work, with its candidates resolved to the region's groups and its form pinned in this version."""
    node, resolve = run.node(work), run.tx.ports.resolve_groups
    groups = resolve(run.tx, run.instance, node, run.texts(work, "candidate_groups"))
    named = node.properties.get("department")
    departments = resolve(run.tx, run.instance, node, (named,)) if named else groups
    form, due_at = pinned_forms.pin(run, work), run.instant(work, "due_date")
    task = UserTask(
        definition_id=run.runnable.id,
        name=work.attributes.get("name") or node.name,
        description=work.attributes.get("description"),
        act=node.properties.get("act"),
        department=next(iter(departments), None),
        state=TaskState.CREATED,
        assignee=work.attributes.get("assignee") or None,
        priority=run.whole(work, "priority", DEFAULT_PRIORITY),
        due_at=due_at,
        pressing_at=due_at or NEVER,
        follow_up_at=run.instant(work, "follow_up_date"),
        form_id=form.id,
        form_key=form.key,
        **run.place(work),
    )
    users = run.texts(work, "candidate_users")
    run.tx.add(task, *_candidates(task, "group", groups), *_candidates(task, "user", users))
    created = UserTaskCreated(
        **run.where, task_id=work.id, activity_id=node.id, properties=node.properties, assignee=task.assignee
    )
    return (created,)


def _candidates(task: UserTask, kind: str, names: Sequence[str]) -> list[Candidate]:
    return [Candidate(task=task, kind=kind, name=name) for name in dict.fromkeys(names)]


def cancel_user_tasks(run: Run, ids: Sequence[str]) -> Sequence[Event]:
    """The diagram took the tasks back before anybody finished them."""
    cancelled = run.tx.session.scalars(select(UserTask).where(UserTask.id.in_(ids))).all()
    for task in cancelled:
        task.state, task.ended_at, task.end_reason = TaskState.CANCELLED, run.tx.now, INTERRUPTED
        task.draft = task.pressing_at = None
        task.revision += 1
    return [
        UserTaskCancelled(
            **run.where,
            task_id=task.id,
            activity_id=task.activity_id,
            properties=run.runnable.node(task.activity_id).properties,
        )
        for task in cancelled
    ]


def open_external_task(run: Run, work: WorkOpened) -> Sequence[Event]:
    """Work that a worker of another system fetches by its topic."""
    run.tx.add(
        ExternalTask(
            topic=str(work.attributes["topic"]),
            definition_id=run.runnable.id,
            priority=run.whole(work, "priority", 0),
            is_suspended=run.instance.state == InstanceState.SUSPENDED,
            **run.place(work),
        )
    )
    return ()


def delete_external_tasks(run: Run, ids: Sequence[str]) -> Sequence[Event]:
    """The work of interrupted external tasks is no longer wanted; a worker that reports later hears so."""
    run.tx.session.execute(
        delete(ExternalTask).where(ExternalTask.id.in_(ids)), execution_options={"synchronize_session": False}
    )
    return incidents.close_of(run, ids)
