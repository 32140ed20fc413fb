"""People: adding them, changing passwords, moving them between departments, disabling them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from casework import logins, passwords
from casework.departments import DEFAULT_REGION
from casework.tables import Department, Membership, Person, Role, RoleGrant
from engine.errors import Conflict, Invalid, NotFound, Sentence
from engine.ports import ENGINE
from engine.transaction import Transaction

LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")

BAD_LOGIN = Sentence(
    "登录名由小写字母、数字和 . _ @ - 组成，至多 64 个字符。",
    "A login is at most 64 lower-case letters, digits and . _ @ - characters.",
)
IN_A_DEPARTMENT = frozenset({Role.OFFICER, Role.HEAD, Role.WINDOW})


@dataclass(frozen=True, slots=True)
class Appointment:
    """A role, and the department it is held in; without one, a role in the office at large."""

    role: Role
    department: str | None = None


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What is said of a person who is added. `post` is 职务."""

    login: str
    name: str
    post: str
    appointments: tuple[Appointment, ...]
    region: str = DEFAULT_REGION


@dataclass(frozen=True, slots=True)
class Entry:
    """A person with all appointments, as lists show them."""

    person: Person
    appointments: tuple[Appointment, ...]


def add(tx: Transaction, new: NewPerson, password: str) -> Person:
    """Adds a person with appointments.

    Raises Invalid for a malformed login, a weak password or an impossible appointment, Conflict for a login taken.
    """
    tx.ports.may(tx, "people.add", new.login)
    if not LOGIN.fullmatch(new.login) or new.login == ENGINE.login:
        raise Invalid(BAD_LOGIN)
    passwords.check_strength(new.login, password)
    if tx.session.get(Person, new.login) is not None:
        raise Conflict(Sentence(f"登录名“{new.login}”已被使用。", f"The login {new.login} is taken."))
    return enter(tx, new, passwords.hashed(password))


def enter(tx: Transaction, new: NewPerson, password_hash: str, *, is_demo: bool = False) -> Person:
    """Writes the rows of a person whose login is free and whose password is settled."""
    person = Person(
        login=new.login, region=new.region, name=new.name, post=new.post, password_hash=password_hash, is_demo=is_demo
    )
    tx.add(person)
    tx.flush()
    _appoint(tx, new.login, new.appointments)
    return person


def set_password(tx: Transaction, login: str, password: str) -> None:
    """Gives a person a new password and revokes every token. One's own, or an administrator's act."""
    if tx.actor.login != login:
        tx.ports.may(tx, "people.set_password", login)
    passwords.check_strength(login, password)
    person = _locked(tx, login)
    person.password_hash, person.is_demo = passwords.hashed(password), False
    person.revision += 1
    logins.revoke_all(tx, login)


def disable(tx: Transaction, login: str) -> None:
    """Shuts a person out at once and revokes every token; name and acts stay. Disabling twice is safe."""
    tx.ports.may(tx, "people.disable", login)
    person = _locked(tx, login)
    if person.disabled_at is None:
        person.disabled_at = tx.now
        person.revision += 1
    logins.revoke_all(tx, login)


def move(tx: Transaction, login: str, appointments: Sequence[Appointment]) -> None:
    """Gives a person these appointments and no others; claimed tasks stay claimed. Moving twice is safe."""
    tx.ports.may(tx, "people.move", login)
    person = _locked(tx, login)
    tx.session.execute(delete(Membership).where(Membership.login == login))
    tx.session.execute(delete(RoleGrant).where(RoleGrant.login == login))
    _appoint(tx, login, appointments)
    person.revision += 1


def everybody(tx: Transaction) -> list[Entry]:
    """All people with their appointments, by login."""
    tx.ports.may(tx, "people.read", None)
    held: dict[str, list[Appointment]] = {}
    for login, role, department in tx.session.execute(select(Membership.login, Membership.role, Membership.department)):
        held.setdefault(login, []).append(Appointment(role, department))
    for login, role in tx.session.execute(select(RoleGrant.login, RoleGrant.role)):
        held.setdefault(login, []).append(Appointment(role))
    people = tx.session.scalars(select(Person).order_by(Person.login))
    return [Entry(person, tuple(held.get(person.login, ()))) for person in people]


def _locked(tx: Transaction, login: str) -> Person:
    person = tx.session.get(Person, login, with_for_update=True, populate_existing=True)
    if person is None:
        raise NotFound(Sentence(f"没有登录名为“{login}”的人员。", f"There is nobody with the login {login}."))
    return person


def _appoint(tx: Transaction, login: str, appointments: Sequence[Appointment]) -> None:
    wanted = {one.department for one in appointments if one.department is not None}
    known = set(tx.session.scalars(select(Department.code).where(Department.code.in_(wanted)))) if wanted else set()
    for appointment in dict.fromkeys(appointments):
        _check_appointment(appointment, known)
        tx.add(
            RoleGrant(login=login, role=appointment.role)
            if appointment.department is None
            else Membership(login=login, department=appointment.department, role=appointment.role)
        )
    tx.flush()


def _check_appointment(appointment: Appointment, known: set[str]) -> None:
    if appointment.department is None:
        if appointment.role in IN_A_DEPARTMENT:
            raise Invalid(
                Sentence(
                    f"角色“{appointment.role}”须指定部门。",
                    f"The role {appointment.role} is held in a department; name it.",
                )
            )
    elif appointment.department not in known:
        raise Invalid(
            Sentence(f"没有部门“{appointment.department}”。", f"There is no department {appointment.department}.")
        )
