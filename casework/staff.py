"""Who works in the office (在岗人员), as lists show it: people with all they are appointed to. Changes nothing."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import exists, or_, select

from casework.paging import Mark, Order, Page, fetch
from casework.people import Appointment
from casework.tables import Membership, Person, RoleGrant
from engine.queries.filters import Filters, narrowed
from engine.transaction import Transaction

FILTERS: Filters = {
    "q": lambda text: or_(Person.name.icontains(text, autoescape=True), Person.login.icontains(text, autoescape=True)),
    "department": lambda code: exists().where(Membership.login == Person.login, Membership.department == code),
    "role": lambda role: or_(
        exists().where(Membership.login == Person.login, Membership.role == role),
        exists().where(RoleGrant.login == Person.login, RoleGrant.role == role),
    ),
    "region": lambda region: Person.region == region,
    "disabled": lambda is_disabled: Person.disabled_at.is_not(None) if is_disabled else Person.disabled_at.is_(None),
}
SORTED_BY = Order((Person.login,))


def listed(tx: Transaction, wanted: Mapping[str, Any], *, after: Mark | None, limit: int) -> Page:
    """A page of people, by login."""
    tx.ports.may(tx, "people.read", None)
    return fetch(tx, narrowed(select(Person), FILTERS, wanted), SORTED_BY, after=after, limit=limit)


def appointments(tx: Transaction, logins: Iterable[str]) -> Mapping[str, tuple[Appointment, ...]]:
    """What each of these people is appointed to. Two statements for however many."""
    wanted = set(logins)
    held: dict[str, list[Appointment]] = {login: [] for login in wanted}
    memberships = select(Membership.login, Membership.role, Membership.department).where(Membership.login.in_(wanted))
    for login, role, department in tx.session.execute(memberships.order_by(Membership.department, Membership.role)):
        held[login].append(Appointment(role, department))
    grants = select(RoleGrant.login, RoleGrant.role).where(RoleGrant.login.in_(wanted)).order_by(RoleGrant.role)
    for login, role in tx.session.execute(grants):
        held[login].append(Appointment(role))
    return {login: tuple(appointed) for login, appointed in held.items()}
