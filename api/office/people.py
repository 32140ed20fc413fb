"""People at the door: who they are, what they are appointed to, their passwords. No answer ever holds a password."""

from collections.abc import Sequence
from typing import Any

import marshmallow as ma

from api.etags import expected_revision, show_revision
from api.office.fields import Words
from api.pages import PageQuery, page_of
from api.routes import Routes
from api.wire import Instant
from casework import passwords, people, staff
from casework.departments import DEFAULT_REGION
from casework.people import Appointment, NewPerson
from casework.tables import Person, Role
from engine.transaction import Transaction

LONGEST_NAME = 100
MOST_APPOINTMENTS = 20
A_NAME = ma.validate.Length(1, LONGEST_NAME)

routes = Routes("people", "People with logins.", prefix="/api/people")


class PeopleQuery(PageQuery):
    """Which people; `q` is a part of the name or the login."""

    q = ma.fields.String(load_default=None, validate=A_NAME)
    department = ma.fields.String(load_default=None)
    role = ma.fields.Enum(Role, by_value=True, load_default=None)
    region = ma.fields.String(load_default=None)
    disabled = ma.fields.Boolean(load_default=None)


class AppointmentGiven(ma.Schema):
    """A role, and the department it is held in; without one, a role in the office at large."""

    role = ma.fields.Enum(Role, by_value=True, required=True)
    department = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(1, 64))


class PersonGiven(ma.Schema):
    """What is said of a person. `post` is 职务."""

    name = Words(required=True, validate=A_NAME)
    post = Words(required=True, validate=A_NAME)
    region = ma.fields.String(load_default=DEFAULT_REGION, validate=ma.validate.Length(max=12))
    appointments = ma.fields.List(
        ma.fields.Nested(AppointmentGiven), required=True, validate=ma.validate.Length(1, MOST_APPOINTMENTS)
    )


class PersonAdded(PersonGiven):
    """A person who is added; the password is to be changed by its owner."""

    login = ma.fields.String(required=True, validate=ma.validate.Length(1, 64))
    password = ma.fields.String(required=True, validate=ma.validate.Length(max=passwords.LONGEST))


class PasswordGiven(ma.Schema):
    """Another password."""

    password = ma.fields.String(required=True, validate=ma.validate.Length(max=passwords.LONGEST))


class PersonRow(ma.Schema):
    """A person with every appointment; the ETag of a single one is the revision."""

    login = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    post = ma.fields.String(required=True)
    region = ma.fields.String(required=True)
    appointments = ma.fields.List(ma.fields.Nested(AppointmentGiven), required=True)
    disabled_at = Instant(allow_none=True)


@routes.get("", "人员列表", "people.read", query=PeopleQuery, answer=page_of(PersonRow))
def list_people(tx: Transaction, query: dict[str, Any]) -> dict[str, Any]:
    """List the people"""
    page = staff.listed(tx, query, after=query["cursor"], limit=query["limit"])
    held = staff.appointments(tx, [row.Person.login for row in page.rows])
    return {"rows": [_row(row.Person, held[row.Person.login]) for row in page.rows], "after": page.after}


@routes.get("/<login>", "人员详情", "people.read", answer=PersonRow)
def show_person(tx: Transaction, login: str) -> dict[str, Any]:
    """Show a person"""
    return _shown(tx, people.one(tx, login))


@routes.post("", "添加人员", "people.add", body=PersonAdded, answer=PersonRow, status=201, keeps_answer=False)
def add_person(tx: Transaction, body: dict[str, Any]) -> dict[str, Any]:
    """Add a person"""
    password = body.pop("password")
    return _shown(tx, people.add(tx, _said(body.pop("login"), body), password))


@routes.put("/<login>", "修改人员与岗位", "people.change", body=PersonGiven, answer=PersonRow)
def change_person(tx: Transaction, body: dict[str, Any], login: str) -> dict[str, Any]:
    """Change a person's name, post and appointments

    The appointments replace those held so far; claimed tasks stay claimed.
    """
    return _shown(tx, people.change(tx, _said(login, body), revision=expected_revision()))


@routes.post("/<login>/disable", "停用人员", "people.disable", answer=PersonRow)
def disable_person(tx: Transaction, login: str) -> dict[str, Any]:
    """Shut a person out; name and acts stay"""
    return _shown(tx, people.disable(tx, login, revision=expected_revision()))


@routes.post("/<login>/enable", "恢复人员", "people.enable", answer=PersonRow)
def enable_person(tx: Transaction, login: str) -> dict[str, Any]:
    """Let a disabled person in again"""
    return _shown(tx, people.enable(tx, login, revision=expected_revision()))


@routes.put("/<login>/password", "重置密码", "people.set_password", body=PasswordGiven, status=204, keeps_answer=False)
def reset_password(tx: Transaction, body: dict[str, Any], login: str) -> None:
    """Give a person a new password; every token of theirs is revoked"""
    people.set_password(tx, login, body["password"])


def _said(login: str, body: dict[str, Any]) -> NewPerson:
    appointments = tuple(Appointment(**one) for one in body.pop("appointments"))
    return NewPerson(login=login, appointments=appointments, **body)


def _shown(tx: Transaction, person: Person) -> dict[str, Any]:
    show_revision(person.revision)
    return _row(person, staff.appointments(tx, [person.login])[person.login])


def _row(person: Person, held: Sequence[Appointment]) -> dict[str, Any]:
    said = {name: getattr(person, name) for name in ("login", "name", "post", "region", "disabled_at")}
    return said | {"appointments": held}
