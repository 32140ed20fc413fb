"""People: adding them, changing passwords, moving them between departments, disabling them, letting them in again."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, or_, select

from casework import logins, passwords, regions
from casework.departments import DEFAULT_REGION, absent
from casework.tables import Department, Membership, Person, Role, RoleGrant
from engine.errors import Conflict, Fault, Invalid, NotFound, Sentence, Stale
from engine.ports import ENGINE
from engine.store.dialect import take_turns
from engine.transaction import Transaction

LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")

BAD_LOGIN = Sentence(
    "登录名由小写字母、数字和 . _ @ - 组成，至多 64 个字符。",
    "A login is at most 64 lower-case letters, digits and . _ @ - characters.",
)
LAST_ADMIN = Sentence(
    "这是最后一名在岗的系统管理员，请先指定另一名系统管理员。",
    "This is the last administrator at work; appoint another one first.",
)
IN_A_DEPARTMENT = frozenset({Role.OFFICER, Role.HEAD, Role.WINDOW})


@dataclass(frozen=True, slots=True)
class Appointment:
    """A role, and the department it is held in; without one, a role in the office at large."""

    role: Role
    department: str | None = None


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What is said of a person who is added or changed. `post` is 职务."""

    login: str
    name: str
    post: str
    appointments: tuple[Appointment, ...]
    region: str = DEFAULT_REGION


def add(tx: Transaction, new: NewPerson, password: str) -> Person:
    """Adds a person with appointments.

    Raises Invalid for a malformed login, a weak password, an unknown division or an impossible appointment, Conflict
    for a login taken.
    """
    tx.ports.may(tx, "people.add", new.login)
    if not LOGIN.fullmatch(new.login) or new.login == ENGINE.login:
        raise Invalid(faults=[Fault(BAD_LOGIN, "login")])
    _check_region(tx, new.region)
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


def change(tx: Transaction, said: NewPerson, *, revision: int | None = None) -> Person:
    """Gives the person of a login this name, post and division, these appointments and no others.

    Claimed tasks stay claimed. Raises NotFound, Stale, Invalid, and Conflict when the office would be left without an
    administrator.
    """
    tx.ports.may(tx, "people.change", said.login)
    person = _locked(tx, said.login, revision)
    _check_region(tx, said.region)
    person.name, person.post, person.region = said.name, said.post, said.region
    _move(tx, person, said.appointments)
    return person


def move(tx: Transaction, login: str, appointments: Sequence[Appointment]) -> None:
    """Gives a person these appointments and no others; claimed tasks stay claimed. Moving twice is safe.

    Raises Conflict when the office would be left without an administrator.
    """
    tx.ports.may(tx, "people.move", login)
    _move(tx, _locked(tx, login), appointments)


def disable(tx: Transaction, login: str, *, revision: int | None = None) -> Person:
    """Shuts a person out at once and revokes every token; name and acts stay. Disabling twice is safe.

    Raises Conflict for the last administrator.
    """
    tx.ports.may(tx, "people.disable", login)
    person = _locked(tx, login, revision)
    if person.disabled_at is None:
        _keep_an_administrator(tx, login)
        person.disabled_at = tx.now
        person.revision += 1
    logins.revoke_all(tx, login)
    return person


def enable(tx: Transaction, login: str, *, revision: int | None = None) -> Person:
    """Lets a disabled person in again, with the password and appointments of before. Doing it twice is safe."""
    tx.ports.may(tx, "people.enable", login)
    person = _locked(tx, login, revision)
    if person.disabled_at is not None:
        person.disabled_at = None
        person.revision += 1
    return person


def one(tx: Transaction, login: str) -> Person:
    """A person. Raises NotFound."""
    person = tx.session.get(Person, login)
    if person is None:
        raise _nobody(login)
    return person


def _nobody(login: str) -> NotFound:
    return NotFound(Sentence(f"没有登录名为“{login}”的人员。", f"There is nobody with the login {login}."))


def _locked(tx: Transaction, login: str, revision: int | None = None) -> Person:
    person = tx.session.get(Person, login, with_for_update=True, populate_existing=True)
    if person is None:
        raise _nobody(login)
    if revision not in (None, person.revision):
        raise Stale
    return person


def _check_region(tx: Transaction, region: str) -> None:
    faults = regions.unknown(tx, region)
    if faults:
        raise Invalid(faults=faults)


def _move(tx: Transaction, person: Person, appointments: Sequence[Appointment]) -> None:
    if Role.ADMIN not in {one.role for one in appointments}:
        _keep_an_administrator(tx, person.login)
    tx.session.execute(delete(Membership).where(Membership.login == person.login))
    tx.session.execute(delete(RoleGrant).where(RoleGrant.login == person.login))
    _appoint(tx, person.login, appointments)
    person.revision += 1


def _keep_an_administrator(tx: Transaction, leaving: str) -> None:
    """One at a time: two administrators who disable one another at once would leave none."""
    take_turns(tx.session.connection(), "administrators")
    granted = select(RoleGrant.login).where(RoleGrant.role == Role.ADMIN)
    held = select(Membership.login).where(Membership.role == Role.ADMIN)
    administrators = or_(Person.login.in_(granted), Person.login.in_(held))
    at_work = select(Person.login).where(Person.disabled_at.is_(None), administrators).limit(2)
    if tx.session.scalars(at_work).all() == [leaving]:
        raise Conflict(LAST_ADMIN)


def _appoint(tx: Transaction, login: str, appointments: Sequence[Appointment]) -> None:
    wanted = {one.department for one in appointments if one.department is not None}
    standing = select(Department.code).where(Department.code.in_(wanted), Department.removed_at.is_(None))
    known = set(tx.session.scalars(standing)) if wanted else set()
    faults = [fault for place, one in enumerate(appointments) for fault in _appointment_faults(one, place, known)]
    if faults:
        raise Invalid(faults=faults)
    for one in dict.fromkeys(appointments):
        tx.add(
            RoleGrant(login=login, role=one.role)
            if one.department is None
            else Membership(login=login, department=one.department, role=one.role)
        )
    tx.flush()


def _appointment_faults(appointment: Appointment, place: int, known: set[str]) -> list[Fault]:
    role, department = appointment.role, appointment.department
    if department is None and role in IN_A_DEPARTMENT:
        said = Sentence(f"角色“{role}”须指定部门。", f"The role {role} is held in a department; name it.")
        return [Fault(said, f"appointments[{place}].department")]
    if department is not None and department not in known:
        return [Fault(absent(department), f"appointments[{place}].department")]
    return []
