"""Authorizations: the one permission matrix of the office in Camunda's words, a row for each role and resource.

Shown only; what people may do follows from their roles. Acts of the office that Camunda has no word for are not here:
the matrix is in the OpenAPI document of /api, route by route.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, uuid5

import marshmallow as ma

from api.engine_rest.paging import ORDERS, TOGETHER, Counted
from api.engine_rest.permitted import PERMITTED, Resource
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.wire import Camel, Dto, Listed, Number
from casework import logins
from casework.matrix import MATRIX
from casework.tables import Role
from engine.errors import NotFound
from engine.transaction import Transaction

routes = CamundaRoutes("authorization", "Authorizations.")

GRANT = 1
ANY = "*"


class Authorization(NamedTuple):
    """What a role may do to all resources of a kind."""

    role: Role
    resource: Resource
    permissions: Sequence[str]

    @property
    def id(self) -> str:
        """The same on every server and in every run."""
        return str(uuid5(NAMESPACE_URL, f"lianban:{self.role}:{self.resource.value}"))


class AuthorizationFilter(Dto):
    """Which authorizations."""

    id = ma.fields.String()
    type = Number()
    user_id_in = Listed(ma.fields.String())
    group_id_in = Listed(ma.fields.String())
    resource_type = Number()
    resource_id = ma.fields.String()


class AuthorizationQuery(AuthorizationFilter):
    """Which authorizations, which part of the list, in which order."""

    first_result = ma.fields.Integer(load_default=0, validate=ma.validate.Range(0, 2**31 - 1))
    max_results = ma.fields.Integer(load_default=None, validate=ma.validate.Range(0, 2**31 - 1))
    sort_by = ma.fields.String(load_default=None, validate=ma.validate.OneOf(("resourceType", "resourceId")))
    sort_order = ma.fields.String(load_default=None, validate=ma.validate.OneOf(ORDERS))

    @ma.validates_schema
    def _sorts_whole(self, said: Mapping[str, Any], **kwargs: Any) -> None:
        if (said.get("sort_by") is None) is not (said.get("sort_order") is None):
            raise ma.ValidationError([TOGETHER], "sortBy")


class AuthorizationShown(Camel):
    """An authorization: everything is granted to a role, nothing to one person."""

    id = ma.fields.String(required=True)
    type = ma.fields.Integer(required=True)
    permissions = ma.fields.List(ma.fields.String(), required=True)
    user_id = ma.fields.String(required=True, allow_none=True)
    group_id = ma.fields.String(required=True, allow_none=True)
    resource_type = ma.fields.Integer(required=True)
    resource_id = ma.fields.String(required=True)
    removal_time = ma.fields.String(required=True, allow_none=True)
    root_process_instance_id = ma.fields.String(required=True, allow_none=True)


class CheckQuery(Dto):
    """A question: may somebody, the caller unless said otherwise, do this?"""

    permission_name = ma.fields.String(required=True)
    resource_name = ma.fields.String(required=True)
    resource_type = ma.fields.Enum(Resource, by_value=ma.fields.Integer(), required=True)
    resource_id = ma.fields.String(load_default=None)
    user_id = ma.fields.String(load_default=None)


class CheckShown(Camel):
    """The answer."""

    permission_name = ma.fields.String(required=True)
    resource_name = ma.fields.String(required=True)
    resource_id = ma.fields.String(required=True, allow_none=True)
    authorized = ma.fields.Boolean(required=True)


def _all() -> Iterator[Authorization]:
    """The matrix, by resource and role."""
    held: defaultdict[tuple[Resource, Role], list[str]] = defaultdict(list)
    for act, resource, permission in PERMITTED:
        for role in MATRIX[act].roles:
            held[resource, role].append(permission)
    for resource, role in sorted(held):
        yield Authorization(role, resource, sorted(held[resource, role]))


def _asked(query: Mapping[str, Any]) -> list[Authorization]:
    kept: Mapping[str, Callable[[Authorization], bool]] = {
        "id": lambda one: one.id == query["id"],
        "type": lambda one: query["type"] == GRANT,
        "user_id_in": lambda one: False,
        "group_id_in": lambda one: one.role in query["group_id_in"],
        "resource_type": lambda one: one.resource == query["resource_type"],
        "resource_id": lambda one: query["resource_id"] == ANY,
    }
    wanted = [keeps for name, keeps in kept.items() if query.get(name) is not None]
    return [one for one in _all() if all(keeps(one) for keeps in wanted)]


def _shown(one: Authorization) -> dict[str, Any]:
    return {
        "id": one.id,
        "type": GRANT,
        "permissions": one.permissions,
        "user_id": None,
        "group_id": one.role.value,
        "resource_type": one.resource.value,
        "resource_id": ANY,
        "removal_time": None,
        "root_process_instance_id": None,
    }


@routes.get("/authorization", "权限", "people.read_own", query=AuthorizationQuery, answer=AuthorizationShown(many=True))
def list_authorizations(tx: Transaction, query: dict[str, Any]) -> list[dict[str, Any]]:
    """List what each role may do"""
    found = [_shown(one) for one in _asked(query)]
    ordered = found[::-1] if query["sort_order"] == "desc" else found
    last = None if query["max_results"] is None else query["first_result"] + query["max_results"]
    return ordered[query["first_result"] : last]


@routes.get("/authorization/count", "权限数", "people.read_own", query=AuthorizationFilter, answer=Counted)
def count_authorizations(tx: Transaction, query: dict[str, Any]) -> dict[str, int]:
    """Count authorizations"""
    return {"count": len(_asked(query))}


@routes.get("/authorization/<authorization_id>", "权限", "people.read_own", answer=AuthorizationShown)
def show_authorization(tx: Transaction, authorization_id: str) -> dict[str, Any]:
    """Show an authorization"""
    found = _asked({"id": authorization_id})
    if not found:
        raise NotFound
    return _shown(found[0])


@routes.get("/authorization/check", "核对权限", "people.read_own", query=CheckQuery, answer=CheckShown)
def check(tx: Transaction, query: dict[str, Any]) -> dict[str, Any]:
    """Say whether somebody may do something; about others, only to who may list people"""
    wanted = {query["permission_name"], "ALL"}
    groups = _groups(tx, query["user_id"])
    permitted = any(
        one.role in groups and one.resource == query["resource_type"] and wanted & {*one.permissions} for one in _all()
    )
    return {name: query[name] for name in ("permission_name", "resource_name", "resource_id")} | {
        "authorized": permitted
    }


def _groups(tx: Transaction, login: str | None) -> frozenset[str]:
    if login in (None, tx.actor.login):
        return tx.actor.groups
    tx.ports.may(tx, "people.read", None)
    known = logins.by_login(tx, login or "")
    return frozenset() if known is None else known.actor.groups
