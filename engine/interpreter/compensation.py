"""Compensation: what has been completed and can be undone, and how it is undone (BPMN 2.0, 13.4.5).

A completed activity that has a handler stays in the tree as a token that is done: in the scope it was in, behind all
that was completed before, with what was completed inside it. An event that throws compensation claims what is done in
its scope and undoes one after the other, the last completed first, each when the one before is undone; the items of a
parallel multi-instance activity all at once. Camunda 7 starts all handlers at once, in that order. What nobody has
begun to undo is free again when its event is interrupted.

A handler runs below the event, or below what is being undone where that keeps its variables: a sub-process, for the
handlers of its parts and for its own compensation event sub-process, and an item of a multi-instance activity.
"""

from collections.abc import Sequence

from engine.interpreter.token import COUNTER, DONE, STANDS_FOR, Token

BY = "by"  # the id of the token that undoes it, or has claimed it


def remember(token: Token) -> bool:
    """Keeps an activity that completes if it can be undone. Whether its variables are needed for that."""
    spec, inside = token.task_spec, [child for child in token.children if child.is_done]
    is_undone_from_inside = spec.handler is None or spec.handler.node.triggered_by_event
    if not token.parent.keeps_what_is_done or (spec.handler is None and not inside):
        return False
    instance = token.workflow
    done = Token(instance, spec, token.parent, DONE, instance.new_id(), is_new=False)
    done.internal_data = {STANDS_FOR: token.id}
    if spec.body is not None:
        done.internal_data[COUNTER] = token.internal_data[COUNTER]
    if is_undone_from_inside:
        for child in inside:
            instance.hang(child, done)
    return is_undone_from_inside or spec.body is not None


def throw(token: Token, activity_id: str | None) -> bool:
    """An event throws compensation for one activity of its scope, or for all. Whether there is nothing to undo."""
    scopes = reached(token)
    for done in list(token.workflow.tasks.values()):
        if done.is_done and done.parent in scopes and activity_id in (None, done.task_spec.node.id) and is_free(done):
            done.internal_data[BY] = token.id
    if not left(token):
        return True
    go_on(token)
    return False


def reached(token: Token) -> list[Token]:
    """The scopes whose activities an event undoes: its own, and that around an event sub-process (Camunda 7)."""
    scopes = [token.parent]
    while scopes[-1].task_spec.node.triggered_by_event and not scopes[-1].is_done:
        scopes.append(scopes[-1].parent)
    return scopes


def is_free(done: Token) -> bool:
    """Whether nothing undoes it, nor is going to."""
    return done.internal_data.get(BY) not in done.workflow.tasks


def left(owner: Token) -> Sequence[Token]:
    """What an event, or a scope that is undone from inside, has still to undo: the last completed first."""
    if owner.task_spec.handler is not None:
        return ()
    if owner.is_done:
        waiting = [done for done in owner.children if done.is_done and BY not in done.internal_data]
    else:
        claimed = [done for done in owner.workflow.tasks.values() if done.internal_data.get(BY) == owner.id]
        waiting = [done for done in claimed if done.parent is not owner]
    return waiting[::-1]


def go_on(owner: Token) -> None:
    """Undoes what comes next, unless something is still being undone; with the last the owner itself is through."""
    if any(not child.is_done or child.internal_data.get(BY) == owner.id for child in owner.children):
        return
    waiting = left(owner)
    if waiting:
        for done in waiting if owner.task_spec.is_undone_at_once else waiting[:1]:
            undo(done, owner)
    elif owner.is_done:
        around = owner.parent
        owner.workflow.cancel(owner)
        go_on(around)
    else:
        owner.complete()


def undo(done: Token, owner: Token) -> None:
    """Begins to undo one completed activity: it cannot be undone a second time."""
    instance, spec = done.workflow, done.task_spec
    if spec.handler is not None and spec.body is None and not spec.handler.node.triggered_by_event:
        instance.forget(done)
        instance.put([spec.handler], owner)
        return
    done.internal_data[BY] = owner.id
    instance.hang(done, owner)
    if spec.handler is None:
        go_on(done)
    else:
        instance.put([spec.handler], done)
