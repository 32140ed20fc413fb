"""Which cases and tasks a person may know of, as SQL conditions: the same for one row and for a list.

Visibility comes from candidacy: a department sees the cases in which it has, or had, a task; and those that it was
consulted on or sent a copy of (casework.readers).
"""

from sqlalchemy import ColumnElement, and_, exists, false, or_, true
from sqlalchemy.orm import InstrumentedAttribute

from casework import readers
from casework.tables import Case, Role, SupervisionOrder
from engine.ports import Actor
from engine.tables import GROUP, USER, Candidate, UserTask

Root = InstrumentedAttribute[str] | InstrumentedAttribute[str | None]
SEES_ALL_CASES = frozenset({Role.WINDOW, Role.LEAD, Role.GOVERNMENT_LEADER, Role.SUPERVISOR, Role.ADMIN})
"""A confidential case nobody sees by role, supervision neither: only who takes part in it."""


def named_candidate(actor: Actor) -> ColumnElement[bool]:
    """A row of Candidate names the person or one of the person's groups."""
    return or_(
        and_(Candidate.kind == GROUP, Candidate.name.in_(sorted(actor.groups))),
        and_(Candidate.kind == USER, Candidate.name == actor.login),
    )


def visible_task(actor: Actor) -> ColumnElement[bool]:
    """A user task the person holds, held, or may claim."""
    return or_(
        UserTask.assignee == actor.login,
        UserTask.ended_by == actor.login,
        exists().where(Candidate.task_id == UserTask.id, named_candidate(actor)),
    )


def visible_case(actor: Actor) -> ColumnElement[bool]:
    """A case the person submitted, has a task in, was drawn into beside the tasks, or sees by role."""
    return or_(
        Case.submitted_by == actor.login,
        _by_role(actor),
        exists().where(UserTask.root_id == Case.root_id, visible_task(actor)),
        readers.admitted(actor),
    )


def known(actor: Actor, root_id: Root) -> ColumnElement[bool]:
    """Rows of the engine that belong to no confidential case out of the person's sight."""
    return ~exists().where(Case.root_id == root_id, Case.is_confidential, ~visible_case(actor))


def in_sight(actor: Actor, root_id: Root) -> ColumnElement[bool]:
    """Rows of the engine that belong to no case at all, or to one that the person sees."""
    return ~exists().where(Case.root_id == root_id, ~visible_case(actor)).correlate_except(Case)


def within_reach(actor: Actor, root_id: Root) -> ColumnElement[bool]:
    """What waits for somebody outside and is the caller's to know of: connected systems know of all that is theirs to
    do or to tell, an administrator of none in a confidential case out of sight."""
    return true() if Role.WORKER in actor.groups else known(actor, root_id)


def of_the_office(root_id: Root) -> ColumnElement[bool]:
    """Rows of the engine that belong to a case or a supervision order: what becomes of those, and who reads what they
    hold, the office's own acts decide."""
    cases = exists().where(Case.root_id == root_id).correlate_except(Case)
    return or_(cases, exists().where(SupervisionOrder.root_id == root_id).correlate_except(SupervisionOrder))


def _by_role(actor: Actor) -> ColumnElement[bool]:
    return Case.is_confidential.is_(False) if actor.groups & SEES_ALL_CASES else false()
