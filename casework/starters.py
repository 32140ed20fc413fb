"""Who may start a process by way of Camunda's API, as SQL conditions: whom it names (camunda:candidateStarterUsers and
candidateStarterGroups), else those who design. `engine.process_starts` asks the same of one person at one start.
"""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, exists, or_, type_coerce

from casework.matrix import MATRIX
from casework.tables import Membership, Person, Role, RoleGrant
from engine.tables import GROUP, USER, ProcessDefinition, Starter

Code = ColumnElement[Any]


def may_start(login: Any) -> ColumnElement[bool]:
    """A person, by login or by the column of one, may start the process definition of the statement around."""
    of_definition = Starter.definition_id == ProcessDefinition.id
    by_group = and_(Starter.kind == GROUP, in_group(login, lambda code: code == Starter.name))
    by_name = and_(Starter.kind == USER, Starter.name == login)
    named = exists().where(of_definition, or_(by_name, by_group)).correlate_except(Starter)
    nobody_named = ~exists().where(of_definition).correlate_except(Starter)
    return and_(
        _holds(login, MATRIX["instances.start_as_named"].roles),
        or_(named, and_(nobody_named, _holds(login, MATRIX["instances.start"].roles))),
    )


def starters_of(definition_id: str) -> ColumnElement[bool]:
    """The people who may start a process definition."""
    meant = exists().where(ProcessDefinition.id == definition_id, may_start(Person.login))
    return meant.correlate_except(ProcessDefinition)


def in_group(login: Any, is_meant: Callable[[Code], ColumnElement[bool]]) -> ColumnElement[bool]:
    """A person belongs to a group that is meant: by the code of a department, `department/head` or a role."""
    head = and_(Membership.role == Role.HEAD, is_meant(Membership.department + f"/{Role.HEAD}"))
    held = or_(is_meant(type_coerce(Membership.department, Text())), head, is_meant(_text(Membership.role)))
    membership = exists().where(Membership.login == login, held).correlate_except(Membership)
    granted = exists().where(RoleGrant.login == login, is_meant(_text(RoleGrant.role))).correlate_except(RoleGrant)
    return or_(membership, granted)


def _holds(login: Any, roles: Iterable[Role]) -> ColumnElement[bool]:
    return in_group(login, lambda code: code.in_([role.value for role in roles]))


def _text(role: Any) -> Code:
    return type_coerce(role, Text())
