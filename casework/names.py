"""What people and departments are called: who stands behind a login, a group or a code. One statement for many."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import select

from casework.matrix import ROLE_NAMES
from casework.tables import Department, Membership, Person, Role
from engine.errors import Sentence
from engine.ports import ENGINE
from engine.transaction import Transaction


class Named(NamedTuple):
    """Who somebody is. `post` is 职务; `department` a code."""

    login: str
    name: str
    post: str | None = None
    department: str | None = None


def people(tx: Transaction, logins: Iterable[str | None]) -> Mapping[str, Named]:
    """The people behind logins, those disabled too; the engine has a name of its own."""
    found = {ENGINE.login: Named(ENGINE.login, ENGINE.name)}
    wanted = {login for login in logins if login is not None} - set(found)
    if not wanted:
        return found
    rows = tx.session.execute(
        select(Person.login, Person.name, Person.post, Membership.department)
        .outerjoin(Membership, Membership.login == Person.login)
        .where(Person.login.in_(wanted))
        .order_by(Membership.department.desc())
    )
    return found | {row.login: Named(*row) for row in rows}


def departments(tx: Transaction) -> Mapping[str, Sentence]:
    """What each department is called; a role of the office works on tasks like a department."""
    rows = tx.session.execute(select(Department.code, Department.name, Department.name_en))
    roles = {role.value: ROLE_NAMES[role] for role in Role}
    return roles | {row.code: Sentence(row.name, row.name_en) for row in rows}


@dataclass(frozen=True, slots=True)
class Directory:
    """Who is who for one answer."""

    people: Mapping[str, Named]
    departments: Mapping[str, Sentence]

    def department(self, code: str | None) -> dict[str, Any] | None:
        """A department by code and name."""
        return None if code is None else {"code": code, "name": self.departments.get(code) or Sentence(code, code)}

    def person(self, login: str | None) -> dict[str, Any] | None:
        """Somebody with post and department."""
        if login is None:
            return None
        person = self.people.get(login) or Named(login, login)
        return person._asdict() | {"department": self.department(person.department)}


def directory(tx: Transaction, logins: Iterable[str | None]) -> Directory:
    """All departments, and the people behind these logins. Two statements."""
    return Directory(people(tx, logins), departments(tx))


def step(label: str | None) -> Sentence | None:
    """A step's label: designers write the English one on a line of its own under the Chinese one."""
    if label is None:
        return None
    zh, _, en = label.partition("\n")
    return Sentence(zh.strip(), " ".join(en.split()) or zh.strip())
