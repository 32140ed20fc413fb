"""The rows of what an activity instance waits for: tasks of people and systems, jobs, subscriptions.

One table decides which rows a kind of work has. Nothing here moves a token. A called process is an instance, not a
row of work: `instances` starts and cancels it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from engine.events import Event
from engine.interpreter.step import WorkCancelled, WorkKind, WorkOpened
from engine.run import Run
from engine.work import jobs, subscriptions, tasks

OPENERS: Mapping[WorkKind, Callable[[Run, WorkOpened], Sequence[Event]]] = {
    WorkKind.USER_TASK: tasks.open_user_task,
    WorkKind.EXTERNAL_TASK: tasks.open_external_task,
    WorkKind.DELEGATE: jobs.open_asynchronous,
    WorkKind.CONTINUATION: jobs.open_asynchronous,
    WorkKind.TIMER: jobs.open_timer,
    WorkKind.MESSAGE: subscriptions.open_subscription,
    WorkKind.SIGNAL: subscriptions.open_subscription,
}

CLOSERS: Mapping[WorkKind, Callable[[Run, Sequence[str]], Sequence[Event]]] = {
    WorkKind.USER_TASK: tasks.cancel_user_tasks,
    WorkKind.EXTERNAL_TASK: tasks.delete_external_tasks,
    WorkKind.DELEGATE: jobs.delete_jobs,
    WorkKind.CONTINUATION: jobs.delete_jobs,
    WorkKind.TIMER: jobs.delete_jobs,
    WorkKind.MESSAGE: subscriptions.delete_subscriptions,
    WorkKind.SIGNAL: subscriptions.delete_subscriptions,
}


def open_all(run: Run, opened: Iterable[WorkOpened]) -> list[Event]:
    """Adds the rows of new work; what listeners should hear of it."""
    return [event for work in opened for event in OPENERS[work.kind](run, work)]


def close_all(run: Run, cancelled: Iterable[WorkCancelled]) -> list[Event]:
    """Closes the rows of work that is no longer wanted, one statement a table; what listeners should hear of it."""
    ids: defaultdict[Callable[[Run, Sequence[str]], Sequence[Event]], list[str]] = defaultdict(list)
    for work in cancelled:
        ids[CLOSERS[work.kind]].append(work.id)
    return [event for close, closed in ids.items() for event in close(run, closed)]
