"""What the caller may do with a resource (OPTIONS): by this Camunda's web applications show or hide their buttons.

A link is told where the permission matrix lets the caller use its route, unless the route only refuses. A browser that
asks whether another site's page may send a request (CORS preflight) learns nothing here.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import marshmallow as ma
from flask import Response, current_app, request

from api.engine_rest import kept_elsewhere
from api.engine_rest.errors import PREFIX
from api.engine_rest.process_instances import LinkShown
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.wire import Camel
from api.routes import doors
from casework import task_filters
from engine.transaction import Transaction

routes = CamundaRoutes("resource-options", "What the caller may do with a resource.")

PREFLIGHT = "Access-Control-Request-Method"
ASKED_BY = "people.read_own"


class Link(NamedTuple):
    """One thing that may be done: by which method, at which address below the resource's, and what Camunda calls it."""

    method: str
    below: str
    rel: str


COLLECTION = (Link("GET", "", "list"), Link("GET", "/count", "count"), Link("POST", "/create", "create"))
CHANGES = (Link("PUT", "", "update"), Link("DELETE", "", "delete"))
SINGLE = (Link("GET", "", "self"), *CHANGES)
PERSON = (Link("GET", "/profile", "self"), Link("PUT", "/profile", "update"), Link("DELETE", "", "delete"))
MEMBERS = (Link("PUT", "/<login>", "create"), Link("DELETE", "/<login>", "delete"))
ASKING = tuple(Link("GET", f"/{what}", what) for what in ("list", "count", "singleResult"))
RESOURCES: Mapping[str, Sequence[Link]] = {
    "/authorization": COLLECTION,
    "/authorization/<authorization_id>": SINGLE,
    "/deployment": COLLECTION,
    "/deployment/<deployment_id>": SINGLE,
    "/filter": COLLECTION,
    "/group": COLLECTION,
    "/group/<path:group_id>": SINGLE,
    "/group/<path:group_id>/members": MEMBERS,
    "/task": COLLECTION,
    "/task/<task_id>": SINGLE,
    "/tenant": COLLECTION,
    "/tenant/<tenant_id>": SINGLE,
    "/tenant/<tenant_id>/group-members": (),
    "/tenant/<tenant_id>/user-members": MEMBERS,
    "/user": COLLECTION,
    "/user/<login>": PERSON,
}
A_FILTER = "/filter/<filter_id>"


class OptionsShown(Camel):
    """What may be done."""

    links = ma.fields.List(ma.fields.Nested(LinkShown), required=True)


@routes.before_request  # type: ignore[untyped-decorator]
def _preflight() -> Response | None:
    """Which methods there are, and no leave to send them from elsewhere."""
    return current_app.make_default_options_response() if PREFLIGHT in request.headers else None


def _told(tx: Transaction, resource: str, links: Collection[Link]) -> dict[str, Any]:
    refused = {(one.method, one.path) for one in kept_elsewhere.REFUSED}
    may = {
        (door.method, path.removeprefix(PREFIX))
        for path, door in doors(current_app)
        if door.rule is None or tx.actor.groups & door.rule.roles
    }
    offered = [one for one in links if (one.method, resource + one.below) in may - refused]
    return {"links": [one._asdict() | {"href": request.base_url + one.below} for one in offered]}


def _state(resource: str, links: Sequence[Link]) -> None:
    @routes.options(resource, "本人可进行的操作", ASKED_BY, answer=OptionsShown)
    def tell(tx: Transaction, **named: str) -> dict[str, Any]:
        """Show what the caller may do with it"""
        return _told(tx, resource, links)


@routes.options(A_FILTER, "本人可对筛选进行的操作", "filters.keep", answer=OptionsShown)
def tell_of_filter(tx: Transaction, filter_id: str) -> dict[str, Any]:
    """Show what the caller may do with a filter: only its owner changes it"""
    is_own = task_filters.one(tx, filter_id).owner == tx.actor.login
    return _told(
        tx, A_FILTER, [*SINGLE, *ASKING] if is_own else [one for one in (*SINGLE, *ASKING) if one not in CHANGES]
    )


for resource, links in RESOURCES.items():
    _state(resource, links)
