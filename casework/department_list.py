"""Departments as lists show them. Changes nothing."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select

from casework.paging import Mark, Order, Page, fetch
from casework.tables import Department
from engine.queries.filters import Filters, narrowed
from engine.transaction import Transaction

FILTERS: Filters = {
    "q": lambda text: or_(
        Department.name.icontains(text, autoescape=True), Department.code.icontains(text, autoescape=True)
    ),
    "region": lambda region: Department.region == region,
    "role": lambda role: Department.role == role,
    "removed": lambda is_removed: Department.removed_at.is_not(None) if is_removed else Department.removed_at.is_(None),
}
SORTED_BY = Order((Department.region, Department.code))


def listed(tx: Transaction, wanted: Mapping[str, Any], *, after: Mark | None, limit: int) -> Page:
    """A page of departments, by region and code."""
    return fetch(tx, narrowed(select(Department), FILTERS, wanted), SORTED_BY, after=after, limit=limit)
