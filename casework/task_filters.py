"""Filters of tasks that people keep under a name: their own, and those that an administrator made for everybody."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from casework.tables import Role, TaskFilter
from engine.errors import Conflict, Forbidden, NotFound, Sentence
from engine.ports import Actor
from engine.transaction import Transaction

ACT = "filters.keep"
MOST = 100
TOO_MANY = Sentence(f"每人最多保存 {MOST} 个筛选。", f"A person keeps at most {MOST} filters.")
NOT_OWN = Sentence("只有筛选的所有人可以修改或删除它。", "Only its owner may change or delete a filter.")


def create(tx: Transaction, name: str, query: Mapping[str, Any], properties: Mapping[str, Any]) -> TaskFilter:
    """Keeps a filter for oneself; an administrator's is for everybody. Raises Conflict beyond the most one may keep."""
    tx.ports.may(tx, ACT, None)
    kept = select(func.count()).where(TaskFilter.owner == tx.actor.login)
    if (tx.session.scalar(kept) or 0) >= MOST:
        raise Conflict(TOO_MANY)
    made = TaskFilter(
        id=tx.new_id(),
        name=name,
        owner=tx.actor.login,
        is_shared=Role.ADMIN in tx.actor.groups,
        query=dict(query),
        properties=dict(properties),
        created_at=tx.now,
        revision=1,
    )
    tx.add(made)
    tx.flush()
    return made


def change(
    tx: Transaction, filter_id: str, name: str, query: Mapping[str, Any], properties: Mapping[str, Any]
) -> TaskFilter:
    """Gives a filter of one's own another name, query and look. Raises NotFound, Forbidden."""
    found = _own(tx, filter_id)
    found.name, found.query, found.properties = name, dict(query), dict(properties)
    found.revision += 1
    return found


def delete(tx: Transaction, filter_id: str) -> None:
    """Deletes a filter of one's own. Raises NotFound, Forbidden."""
    tx.session.delete(_own(tx, filter_id))


def usable(actor: Actor) -> Select[TaskFilter]:
    """The filters that a person may use."""
    return select(TaskFilter).where(_for(actor))


def one(tx: Transaction, filter_id: str) -> TaskFilter:
    """A filter that the caller may use. Raises NotFound."""
    found = tx.session.scalar(usable(tx.actor).where(TaskFilter.id == filter_id))
    if found is None:
        raise NotFound
    return found


def _for(actor: Actor) -> ColumnElement[bool]:
    return or_(TaskFilter.owner == actor.login, TaskFilter.is_shared)


def _own(tx: Transaction, filter_id: str) -> TaskFilter:
    tx.ports.may(tx, ACT, None)
    found = one(tx, filter_id)
    if found.owner != tx.actor.login:
        raise Forbidden(NOT_OWN)
    return found
