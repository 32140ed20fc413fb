"""Tenants: the administrative divisions (行政区划). What serves everywhere has none: the whole office is not listed."""

from typing import Any

import marshmallow as ma
from sqlalchemy import ColumnElement, Select, select, true

from api.engine_rest import lists
from api.engine_rest.lists import List, Rows
from api.engine_rest.query_parameters import Query, equal, like, one_of, text, when
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.wire import Camel
from api.languages import ENGLISH, language
from casework.tables import Department, Person, Region
from engine.errors import NotFound, Sentence
from engine.queries.definitions import EVERYWHERE
from engine.transaction import Transaction

routes = CamundaRoutes("tenant", "Tenants.")


def _of_user(login: str) -> ColumnElement[bool]:
    return Region.code.in_(select(Person.region).where(Person.login == login))


def _of_group(code: str) -> ColumnElement[bool]:
    return Region.code.in_(select(Department.region).where(Department.code == code))


QUERY = Query(
    "Tenant",
    {
        "id": equal(Region.code),
        "id_in": one_of(Region.code),
        "name": equal(Region.name),
        "name_like": like(Region.name),
        "user_member": text(_of_user),
        "group_member": text(_of_group),
        "including_groups_of_user": when(true()),
    },
    {"id": Region.code, "name": Region.name},
    Region.code,
)
"""A person has one division, so that `includingGroupsOfUser` adds none."""


class TenantShown(Camel):
    """A division."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


DIVISIONS: Select[Region] = select(Region).where(Region.code != EVERYWHERE)


def _shown(region: Region) -> dict[str, Any]:
    in_english = language() == ENGLISH and region.name_en is not None
    return {"id": region.code, "name": region.name_en if in_english else region.name}


def _divisions(tx: Transaction) -> Select[*tuple[Any, ...]]:
    return DIVISIONS


def _all_shown(tx: Transaction, rows: Rows) -> list[dict[str, Any]]:
    return [_shown(row[0]) for row in rows]


LIST = List(Sentence("租户", "tenants"), "regions.read", QUERY, _divisions, _all_shown, TenantShown)
lists.state(routes, "/tenant", LIST, by_post=False)


@routes.get("/tenant/<tenant_id>", "租户", "regions.read", answer=TenantShown)
def show_tenant(tx: Transaction, tenant_id: str) -> dict[str, Any]:
    """Show a tenant"""
    region = tx.session.scalar(DIVISIONS.where(Region.code == tenant_id))
    if region is None:
        raise NotFound
    return _shown(region)
