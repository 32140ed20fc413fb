"""Parties: the person or the department that something is given to, asked of or told."""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from casework import notices
from casework.matrix import OFFICIALS
from casework.names import Directory
from casework.notices import Receiver
from casework.tables import Department, Membership, Person, RoleGrant
from engine.errors import Fault, Invalid, Sentence
from engine.ports import Actor
from engine.tables import GROUP, USER, Party
from engine.transaction import Transaction

OFFICIAL = or_(Membership.role.in_(OFFICIALS), RoleGrant.role.in_(OFFICIALS))
NOBODY = Sentence("没有这位在岗的工作人员。", "There is no such official.")
NO_DEPARTMENT = Sentence("没有这个部门。", "There is no such department.")


def person(login: str) -> Party:
    """Somebody with a login."""
    return Party(USER, login)


def department(code: str) -> Party:
    """Everybody in a department."""
    return Party(GROUP, code)


def receiver(party: Party) -> Receiver:
    """The party as notices know it."""
    return notices.department(party.name) if party.kind == GROUP else notices.person(party.name)


def includes(kind: InstrumentedAttribute[str], name: InstrumentedAttribute[str], actor: Actor) -> ColumnElement[bool]:
    """Whether the party in these columns is the person or a group of the person's."""
    return or_(
        and_(kind == GROUP, name.in_(sorted(actor.groups))),
        and_(kind == USER, name == actor.login),
    )


def column_of(party: Party) -> str:
    """As what evidence names the party: the `assignee` or the `department` that something went to."""
    return "department" if party.kind == GROUP else "assignee"


def shown(known: Directory, party: Party) -> dict[str, Any]:
    """The party as answers show it: a person or a department."""
    if party.kind == GROUP:
        return {"person": None, "department": known.department(party.name)}
    return {"person": known.person(party.name), "department": None}


def is_one(party: Party, actor: Actor) -> bool:
    """Whether the person is meant."""
    return party.name in actor.groups if party.kind == GROUP else party.name == actor.login


def check(tx: Transaction, party: Party, path: str = "to") -> None:
    """Raises Invalid for an unknown or removed department, and for anybody who is not, or no longer, an official."""
    if party.kind == GROUP:
        found = tx.session.get(Department, party.name)
        if found is None or found.removed_at is not None:
            raise Invalid(faults=[Fault(NO_DEPARTMENT, path)])
    elif not is_employed(tx, party.name, OFFICIAL):
        raise Invalid(faults=[Fault(NOBODY, path)])


def is_employed(tx: Transaction, login: str, where: ColumnElement[bool]) -> bool:
    """Whether somebody not disabled has a Membership or a RoleGrant of which this holds."""
    found = tx.session.scalar(
        select(Person.login)
        .outerjoin(Membership, Membership.login == Person.login)
        .outerjoin(RoleGrant, RoleGrant.login == Person.login)
        .where(Person.login == login, Person.disabled_at.is_(None), where)
        .limit(1)
    )
    return found is not None
