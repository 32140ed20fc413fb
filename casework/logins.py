"""Who a login or a bearer token is. Knows nothing of HTTP; one SQL statement for either question."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, delete, select

from casework.tables import AccessToken, Membership, Person, Role, RoleGrant
from engine.ports import Actor
from engine.transaction import Transaction

TOKEN_BYTES = 32

PERSON = (
    select(
        Person.login, Person.name, Person.password_hash, Person.disabled_at, Membership.department, Membership.role,
        RoleGrant.role.label("granted"),
    )
    .select_from(Person)
    .outerjoin(Membership, Membership.login == Person.login)
    .outerjoin(RoleGrant, RoleGrant.login == Person.login)
    .order_by(Membership.department)
)  # fmt: skip
BY_LOGIN = PERSON.where(Person.login == bindparam("login"))
BY_TOKEN = PERSON.join(AccessToken, AccessToken.login == Person.login).where(
    AccessToken.sha256 == bindparam("sha256"), AccessToken.expires_at > bindparam("now")
)


@dataclass(frozen=True, slots=True)
class Known:
    """A person who may act, and the hash of the password that proves it."""

    actor: Actor
    password_hash: str


def head_of(department: str) -> str:
    """The group code of a department's heads."""
    return f"{department}/{Role.HEAD}"


def by_login(tx: Transaction, login: str) -> Known | None:
    """The person of a login, unless there is none or the person is disabled."""
    return _known(tx.session.execute(BY_LOGIN, {"login": login}))


def who_is(tx: Transaction, login: str) -> Actor | None:
    """The engine's port: the person of a login, as whom the engine carries out what they ordered."""
    known = by_login(tx, login)
    return None if known is None else known.actor


def by_token(tx: Transaction, token: str) -> Known | None:
    """The person of a bearer token, unless it is unknown, has run out, or the person is disabled."""
    return _known(tx.session.execute(BY_TOKEN, {"sha256": digest(token), "now": tx.now}))


def issue_token(tx: Transaction, name: str | None, lifetime: timedelta) -> tuple[str, datetime]:
    """A new bearer token for the actor, and when it runs out. Only its SHA-256 is kept; the actor's stale ones go."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    login, expires_at = tx.actor.login, tx.now + lifetime
    tx.session.execute(delete(AccessToken).where(AccessToken.login == login, AccessToken.expires_at <= tx.now))
    tx.add(AccessToken(sha256=digest(token), login=login, name=name, created_at=tx.now, expires_at=expires_at))
    return token, expires_at


def revoke_token(tx: Transaction, token: str) -> None:
    """The token is worth nothing from now on; revoking twice is safe."""
    tx.session.execute(delete(AccessToken).where(AccessToken.sha256 == digest(token)))


def revoke_all(tx: Transaction, login: str) -> None:
    """Every token of a person is worth nothing from now on."""
    tx.session.execute(delete(AccessToken).where(AccessToken.login == login))


def digest(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


def _known(found: Iterable[Row[Any]]) -> Known | None:
    rows = list(found)
    if not rows or rows[0].disabled_at is not None:
        return None
    first = rows[0]
    actor = Actor(login=first.login, name=first.name, groups=_groups(rows), department=first.department)
    return Known(actor, first.password_hash)


def _groups(rows: Sequence[Row[Any]]) -> frozenset[str]:
    """Department codes, role codes, and `department/head` for those who lead one."""
    groups = {code for row in rows for code in (row.department, row.role, row.granted) if code is not None}
    return frozenset(str(group) for group in groups) | {
        head_of(row.department) for row in rows if row.role is Role.HEAD
    }
