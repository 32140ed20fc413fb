"""Users: the people of the office, as Camunda lists and counts them. They are kept at the office's own door."""

from typing import Any

import marshmallow as ma
from sqlalchemy import ColumnElement, Select, false, or_, select, true

from api.engine_rest import lists
from api.engine_rest.lists import List, Rows
from api.engine_rest.query_parameters import Parameter, Query, equal, like, nothing, one_of, text
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.wire import Camel, Pattern, region_of, uuid_of
from casework.matrix import MATRIX
from casework.starters import starters_of
from casework.tables import Membership, Person, Role, RoleGrant
from engine.errors import NotFound, Sentence
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


QUERY = Query(
    "User",
    {
        "id": equal(Person.login),
        "id_in": one_of(Person.login),
        "first_name": equal(Person.name),
        "first_name_like": like(Person.name),
        "last_name": nothing(),
        "last_name_like": Parameter(Pattern(), lambda _: false()),
        "email": nothing(),
        "email_like": Parameter(Pattern(), lambda _: false()),
        "member_of_group": text(_member_of),
        "potential_starter": text(lambda definition: starters_of(uuid_of(definition))),
        "member_of_tenant": text(lambda tenant: Person.region == region_of(tenant)),
    },
    {"userId": Person.login, "firstName": Person.name, "lastName": Person.login, "email": Person.login},
    Person.login,
)
"""A name is kept whole, as `firstName`; family names and addresses of e-mail are not kept, so that the login sorts."""


class UserShown(Camel):
    """A person: `firstName` is the whole name, and there is no address of e-mail."""

    id = ma.fields.String(required=True)
    first_name = ma.fields.String(required=True)
    last_name = ma.fields.String(required=True)
    email = ma.fields.String(required=True, allow_none=True)


def shown(person: Person) -> dict[str, Any]:
    """A person in Camunda's words."""
    return {"id": person.login, "first_name": person.name, "last_name": "", "email": None}


def _known(tx: Transaction) -> Select[*tuple[Any, ...]]:
    """Everybody at work, for who may list people; else oneself."""
    in_sight = true() if tx.actor.groups & MATRIX["people.read"].roles else Person.login == tx.actor.login
    return select(Person).where(Person.disabled_at.is_(None), in_sight)


def _all_shown(tx: Transaction, rows: Rows) -> list[dict[str, Any]]:
    return [shown(row[0]) for row in rows]


LIST = List(
    Sentence("用户", "users: all for administrators, for others themselves"),
    "people.read_own",
    QUERY,
    _known,
    _all_shown,
    UserShown,
)
lists.state(routes, "/user", LIST, by_post=False)


@routes.get("/user/<login>/profile", "用户", "people.read_own", answer=UserShown)
def show_user(tx: Transaction, login: str) -> dict[str, Any]:
    """Show a user"""
    person = tx.session.scalar(_known(tx).where(Person.login == login))
    if person is None:
        raise NotFound
    return shown(person)
