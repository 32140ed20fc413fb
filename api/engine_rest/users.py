"""Users: the people of the office, as Camunda lists and counts them. They are kept at the office's own door."""

from typing import Any

import marshmallow as ma
from sqlalchemy import ColumnElement, Select, false, or_, select, true

from api.engine_rest.paging import Counted, PageQuery, SortKeys, counted, paged, sortable
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.wire import Camel, Dto, Listed, Pattern, region_of
from casework.matrix import MATRIX
from casework.tables import Membership, Person, Role, RoleGrant
from engine.errors import NotFound
from engine.ports import Actor
from engine.queries.filters import ESCAPE, Filters, narrowed
from engine.transaction import Transaction

routes = CamundaRoutes("user", "Users.")

HEADS = f"/{Role.HEAD}"


def _member_of(group: str) -> ColumnElement[bool]:
    """A person belongs to a department, holds a role, or is head of a department (`department/head`)."""
    if group.endswith(HEADS):
        department = group.removesuffix(HEADS)
        return Person.login.in_(_logins(Membership.department == department, Membership.role == Role.HEAD))
    if group not in set(Role):
        return Person.login.in_(_logins(Membership.department == group))
    granted = select(RoleGrant.login).where(RoleGrant.role == Role(group))
    return or_(Person.login.in_(_logins(Membership.role == Role(group))), Person.login.in_(granted))


def _logins(*conditions: ColumnElement[bool]) -> Select[str]:
    return select(Membership.login).where(*conditions)


FILTERS: Filters = {
    "id": lambda login: Person.login == login,
    "id_in": lambda logins: Person.login.in_(logins),
    "first_name": lambda name: Person.name == name,
    "first_name_like": lambda pattern: Person.name.like(pattern, escape=ESCAPE),
    "last_name": lambda _: false(),
    "last_name_like": lambda _: false(),
    "email": lambda _: false(),
    "email_like": lambda _: false(),
    "member_of_group": _member_of,
    "member_of_tenant": lambda tenant: Person.region == region_of(tenant),
}
SORT_KEYS: SortKeys = {
    "userId": Person.login,
    "firstName": Person.name,
    "lastName": Person.login,
    "email": Person.login,
}
"""A name is kept whole, as `firstName`; family names and addresses of e-mail are not kept, so that the login sorts."""


class UserFilter(Dto):
    """Which users."""

    id = ma.fields.String()
    id_in = Listed(ma.fields.String())
    first_name = ma.fields.String()
    first_name_like = Pattern()
    last_name = ma.fields.String()
    last_name_like = Pattern()
    email = ma.fields.String()
    email_like = Pattern()
    member_of_group = ma.fields.String()
    member_of_tenant = ma.fields.String()


class UserQuery(UserFilter, PageQuery):
    """Which users, which part of the list, in which order."""

    sort_by = sortable(SORT_KEYS)


class UserShown(Camel):
    """A person: `firstName` is the whole name, and there is no address of e-mail."""

    id = ma.fields.String(required=True)
    first_name = ma.fields.String(required=True)
    last_name = ma.fields.String(required=True)
    email = ma.fields.String(required=True, allow_none=True)


def shown(person: Person) -> dict[str, Any]:
    """A person in Camunda's words."""
    return {"id": person.login, "first_name": person.name, "last_name": "", "email": None}


def _known(actor: Actor) -> Select[Person]:
    """Everybody at work, for who may list people; else oneself."""
    in_sight = true() if actor.groups & MATRIX["people.read"].roles else Person.login == actor.login
    return select(Person).where(Person.disabled_at.is_(None), in_sight)


@routes.get("/user", "用户", "people.read_own", query=UserQuery, answer=UserShown(many=True))
def list_users(tx: Transaction, query: dict[str, Any]) -> list[dict[str, Any]]:
    """List users: all for administrators, for others themselves"""
    rows = paged(tx, narrowed(_known(tx.actor), FILTERS, query), SORT_KEYS, query, Person.login)
    return [shown(row[0]) for row in rows]


@routes.get("/user/count", "用户数", "people.read_own", query=UserFilter, answer=Counted)
def count_users(tx: Transaction, query: dict[str, Any]) -> dict[str, int]:
    """Count users"""
    return counted(tx, narrowed(_known(tx.actor), FILTERS, query))


@routes.get("/user/<login>/profile", "用户", "people.read_own", answer=UserShown)
def show_user(tx: Transaction, login: str) -> dict[str, Any]:
    """Show a user"""
    person = tx.session.scalar(_known(tx.actor).where(Person.login == login))
    if person is None:
        raise NotFound
    return shown(person)
