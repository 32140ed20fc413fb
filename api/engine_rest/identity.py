"""Identity: who belongs to which groups, and whether a password is somebody's. Guessing is counted like a login."""

from typing import Any

import marshmallow as ma
from flask import request
from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from api.engine_rest.groups import GroupNamed, Groups
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.wire import Camel, Dto
from api.errors import Unauthenticated
from api.routes import Hall
from casework import passwords
from casework.matrix import MATRIX
from casework.tables import Membership, Person
from engine.errors import NotFound
from engine.ports import Actor
from engine.transaction import Transaction

routes = CamundaRoutes("identity", "Identity.")


class GroupsQuery(Dto):
    """Whose groups."""

    user_id = ma.fields.String(required=True)


class ColleagueShown(Camel):
    """Somebody of the same groups."""

    id = ma.fields.String(required=True)
    first_name = ma.fields.String(required=True)
    last_name = ma.fields.String(required=True)
    display_name = ma.fields.String(required=True)


class GroupsShown(Camel):
    """The groups of a person, and the people in their departments."""

    groups = ma.fields.List(ma.fields.Nested(GroupNamed), required=True)
    group_users = ma.fields.List(ma.fields.Nested(ColleagueShown), required=True)


class PasswordDto(Dto):
    """A login and a password."""

    username = ma.fields.String(required=True, validate=ma.validate.Length(1, 200))
    password = ma.fields.String(required=True, validate=ma.validate.Length(1, passwords.LONGEST))


class VerifiedShown(Camel):
    """Whether the password was right."""

    authenticated_user = ma.fields.String(required=True)
    authenticated = ma.fields.Boolean(required=True)


@routes.get("/identity/groups", "本人所属的组", "people.read_own", query=GroupsQuery, answer=GroupsShown)
def list_groups(tx: Transaction, query: dict[str, Any]) -> dict[str, Any]:
    """Show the groups of a person, one's own unless one may list people"""
    login = query["user_id"]
    if login != tx.actor.login and not tx.actor.groups & MATRIX["people.read"].roles:
        raise NotFound
    groups = Groups()
    rows = tx.session.execute(groups.rows.where(groups.of(tx, login)).order_by(groups.id)).all()
    return {"groups": rows, "group_users": _colleagues(tx, login)}


def _colleagues(tx: Transaction, login: str) -> list[dict[str, str]]:
    """The people at work in the departments of a person."""
    own = aliased(Membership)
    shared = exists().where(
        Membership.login == Person.login, own.department == Membership.department, own.login == login
    )
    people = select(Person.login, Person.name).where(Person.disabled_at.is_(None), shared).order_by(Person.login)
    return [
        {"id": row.login, "first_name": row.name, "last_name": "", "display_name": row.name}
        for row in tx.session.execute(people)
    ]


@routes.post(
    "/identity/verify",
    "核对密码",
    "people.verify_password",
    body=PasswordDto,
    answer=VerifiedShown,
    keeps_answer=False,
    waits=True,
)
def verify(hall: Hall, actor: Actor, body: dict[str, Any]) -> dict[str, Any]:
    """Say whether a password is somebody's

    Answered the same for a login that there is not; too many wrong answers are refused for a while (429).
    """
    login = body["username"]
    try:
        hall.doorkeeper.by_password(login, body["password"], request.remote_addr or "")
    except Unauthenticated:
        return {"authenticated_user": login, "authenticated": False}
    return {"authenticated_user": login, "authenticated": True}
