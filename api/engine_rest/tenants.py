"""Tenants: the administrative divisions (行政区划). What serves everywhere has none: the whole office is not listed."""

from typing import Any

import marshmallow as ma
from sqlalchemy import ColumnElement, Select, select

from api.engine_rest.paging import Counted, PageQuery, SortKeys, counted, paged, sortable
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.wire import Camel, Dto, Flag, Listed, Pattern
from api.languages import ENGLISH, language
from casework.tables import Department, Person, Region
from engine.errors import NotFound
from engine.queries.definitions import EVERYWHERE
from engine.queries.filters import ESCAPE, Filters, narrowed
from engine.transaction import Transaction

routes = CamundaRoutes("tenant", "Tenants.")


def _of_user(login: str) -> ColumnElement[bool]:
    return Region.code.in_(select(Person.region).where(Person.login == login))


def _of_group(code: str) -> ColumnElement[bool]:
    return Region.code.in_(select(Department.region).where(Department.code == code))


FILTERS: Filters = {
    "id": lambda code: Region.code == code,
    "id_in": lambda codes: Region.code.in_(codes),
    "name": lambda name: Region.name == name,
    "name_like": lambda pattern: Region.name.like(pattern, escape=ESCAPE),
    "user_member": _of_user,
    "group_member": _of_group,
}
SORT_KEYS: SortKeys = {"id": Region.code, "name": Region.name}


class TenantFilter(Dto):
    """Which tenants. A person has one division, so that `includingGroupsOfUser` adds none."""

    id = ma.fields.String()
    id_in = Listed(ma.fields.String())
    name = ma.fields.String()
    name_like = Pattern()
    user_member = ma.fields.String()
    group_member = ma.fields.String()
    including_groups_of_user = Flag()


class TenantQuery(TenantFilter, PageQuery):
    """Which tenants, which part of the list, in which order."""

    sort_by = sortable(SORT_KEYS)


class TenantShown(Camel):
    """A division."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


DIVISIONS: Select[Region] = select(Region).where(Region.code != EVERYWHERE)


def _shown(region: Region) -> dict[str, Any]:
    in_english = language() == ENGLISH and region.name_en is not None
    return {"id": region.code, "name": region.name_en if in_english else region.name}


@routes.get("/tenant", "租户", "regions.read", query=TenantQuery, answer=TenantShown(many=True))
def list_tenants(tx: Transaction, query: dict[str, Any]) -> list[dict[str, Any]]:
    """List tenants"""
    return [_shown(row[0]) for row in paged(tx, narrowed(DIVISIONS, FILTERS, query), SORT_KEYS, query, Region.code)]


@routes.get("/tenant/count", "租户数", "regions.read", query=TenantFilter, answer=Counted)
def count_tenants(tx: Transaction, query: dict[str, Any]) -> dict[str, int]:
    """Count tenants"""
    return counted(tx, narrowed(DIVISIONS, FILTERS, query))


@routes.get("/tenant/<tenant_id>", "租户", "regions.read", answer=TenantShown)
def show_tenant(tx: Transaction, tenant_id: str) -> dict[str, Any]:
    """Show a tenant"""
    region = tx.session.scalar(DIVISIONS.where(Region.code == tenant_id))
    if region is None:
        raise NotFound
    return _shown(region)
