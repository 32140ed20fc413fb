"""How a route is stated: its address, who may call it, what it takes and what it answers.

Every route has three beats. What it takes is read whole before a transaction begins; the route runs one command in
the transaction; the answer is shaped, and kept under the Idempotency-Key, before the commit.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypedDict, TypeVar, Unpack

import marshmallow as ma
from flask import Flask, Response, current_app, g, request
from flask_smorest import Blueprint  # type: ignore[import-untyped]

from api import etags, idempotency, wire
from api.auth import NOBODY, Doorkeeper
from api.committing import OneByOne, committed
from api.errors import ForeignPage
from api.reading import PARSER
from api.waiting import WaitingRoom
from casework.matrix import MATRIX, Rule
from casework.permissions import check_role
from engine.errors import Sentence
from engine.ports import Actor
from engine.transaction import Database

MEGABYTE = 1 << 20
READS = frozenset({"GET", "OPTIONS"})
A_FILE = {"type": "string"}
OTHER_SITES = frozenset({"cross-site", "same-site"})
OWN_PROGRAM = " Electron/"

View = TypeVar("View", bound=Callable[..., object])


class Stated(TypedDict, total=False):
    """What a route may state beside its address and who may call it.

    `body`, `query` and `answer` are marshmallow schemas; a `multipart` body has files among its fields. `status` is
    the answer's when all is well. `most` is the largest body in bytes. `keeps_answer` off: the answer is a secret, so
    an Idempotency-Key is not honoured. `one_by_one`: the route gets a OneByOne in place of the transaction, and carries
    out many commands. `waits`: the route gets the hall and the actor instead, and does what takes time outside views of
    its own. `previews`: with `dry_run` in its query it only looks, in a view. `also`: the media type of a file that the
    answer is when the query asks for it. `may_be_empty`: 204 where there is nothing to tell.
    """

    body: type[ma.Schema] | ma.Schema
    multipart: bool
    query: type[ma.Schema] | ma.Schema
    answer: type[ma.Schema] | ma.Schema
    status: int
    most: int
    keeps_answer: bool
    waits: bool
    one_by_one: bool
    previews: bool
    also: str
    may_be_empty: bool


@dataclass(frozen=True, slots=True)
class Door:
    """A route as tests and documents see it; `act` is null where no login is asked for."""

    method: str
    path: str
    title: Sentence
    act: str | None
    most: int = MEGABYTE
    keeps_answer: bool = True
    one_by_one: bool = False
    waits: bool = False
    previews: bool = False

    @property
    def rule(self) -> Rule | None:
        """Who may call it."""
        return None if self.act is None else MATRIX[self.act]


@dataclass(frozen=True, slots=True)
class Hall:
    """What every route of one application stands on. `progress_page` is where the applicant follows a case (办件进度),
    the address in the codes of printed slips."""

    database: Database
    doorkeeper: Doorkeeper
    waiting: WaitingRoom
    progress_page: str


def hall() -> Hall:
    """The present application's."""
    found: Hall = current_app.extensions["lianban"]
    return found


class Routes(Blueprint):  # type: ignore[misc]
    """A set of routes under one prefix, documented in OpenAPI.

    A route is a function of the transaction, then the query, then the body where it states them, then what the
    address names: `def complete(tx, body, task_id)`. GET runs in a view, everything else in `begin`.
    """

    ARGUMENTS_PARSER = PARSER
    DOCUMENT = "office"
    DEFAULT_LOCATION_CONTENT_TYPE_MAPPING: Mapping[str, str] = {
        "json": "application/json",
        "multipart": "multipart/form-data",
    }

    def __init__(self, name: str, description: str, *, prefix: str = "/api") -> None:
        super().__init__(name, __name__, url_prefix=prefix, description=description)

    def get(self, path: str, zh: str, act: str | None, **stated: Unpack[Stated]) -> Callable[[View], View]:
        """A read. `zh` is its title in Chinese, the docstring's first line in English; `act` a row of the matrix."""
        return self._open("GET", path, zh, act, stated)

    def post(self, path: str, zh: str, act: str | None, **stated: Unpack[Stated]) -> Callable[[View], View]:
        """A command."""
        return self._open("POST", path, zh, act, stated)

    def put(self, path: str, zh: str, act: str | None, **stated: Unpack[Stated]) -> Callable[[View], View]:
        """A command that replaces what is at the address."""
        return self._open("PUT", path, zh, act, stated)

    def delete(self, path: str, zh: str, act: str | None, **stated: Unpack[Stated]) -> Callable[[View], View]:
        """A command that removes what is at the address."""
        return self._open("DELETE", path, zh, act, stated)

    def _open(self, method: str, path: str, zh: str, act: str | None, stated: Stated) -> Callable[[View], View]:
        def register(view: View) -> View:
            door = Door(
                method,
                path,
                Sentence(zh, (view.__doc__ or "").strip().split("\n")[0]),
                act,
                stated.get("most", MEGABYTE),
                stated.get("keeps_answer", True),
                stated.get("one_by_one", False),
                waits=stated.get("waits", False),
                previews=stated.get("previews", False),
            )
            run = _transacted(door, self._answering(view, stated))
            run = _guarded(door, self._taking(run, stated))
            run.door = door
            endpoint = f"{view.__name__} {method} {path}".replace(".", "-")
            self.route(path, endpoint=endpoint, methods=[method])(self.doc(**_documented(door))(run))
            return view

        return register

    def _answering(self, view: Any, stated: Stated) -> Any:
        run = self.response(stated.get("status", 200), stated.get("answer"))(view)
        if "also" in stated:
            run = self.alt_response(200, schema=A_FILE, content_type=stated["also"], success=True)(run)
        return self.alt_response(204, success=True)(run) if stated.get("may_be_empty") else run

    def _taking(self, run: Any, stated: Stated) -> Any:
        """The outermost reader is called first, and its argument comes first."""
        if "body" in stated:
            location = "multipart" if stated.get("multipart") else "json"
            run = self.arguments(stated["body"], location=location)(run)
        if "query" in stated:
            run = self.arguments(stated["query"], location="query")(run)
        return run


def doors(app: Flask) -> Iterator[tuple[str, Door]]:
    """Every route of an application that was stated here, with its full address."""
    for rule in app.url_map.iter_rules():
        door = getattr(app.view_functions[rule.endpoint], "door", None)
        if door is not None:
            yield rule.rule, door


def _documented(door: Door) -> dict[str, Any]:
    """What OpenAPI says of who may call."""
    described: dict[str, Any] = {"x-title-zh": door.title.zh, "security": []}
    if door.rule is not None:
        described["security"] = [{"basic": []}, {"bearer": []}]
        described["x-act"] = door.act
        described["x-roles"] = sorted(door.rule.roles)
        described["responses"] = {"401": "UNAUTHORIZED", "403": "FORBIDDEN"}
    return described


def _guarded(door: Door, run: Any) -> Any:
    """Who calls, and whether the matrix lets them, before anything of the request is read."""

    @wraps(run)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        request.max_content_length = door.most
        wire.check_address(request)
        if door.method not in READS and _is_of_another_site():
            raise ForeignPage
        g.actor = NOBODY
        if door.act is not None:
            g.actor = hall().doorkeeper.actor(request)
            if not door.act.startswith("user_tasks."):
                check_role(g.actor, door.act)
        return run(*args, **kwargs)

    return guarded


def _is_of_another_site() -> bool:
    """A page in a browser cannot pretend to be a program of its own such as Camunda Modeler, whose windows are pages
    that belong to no site: a request to another site with a user agent of its own making has to be allowed beforehand
    (Fetch, CORS preflight), which this server never does. Where the address is not https, browsers say only the page's
    origin, and those passwords that they remember they send all the same."""
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    is_foreign = site in OTHER_SITES if site or not origin else origin.partition("//")[2] != request.host
    return is_foreign and OWN_PROGRAM not in request.user_agent.string


def _transacted(door: Door, view: Callable[..., Response]) -> Any:
    @wraps(view)
    def transacted(*read: Any, **path: Any) -> Response:
        actor: Actor = g.actor
        if door.waits:
            return view(hall(), actor, *read, **path)
        if door.method in READS or (door.previews and read[0]["dry_run"]):
            with hall().database.view(actor) as tx:
                return etags.tag(view(tx, *read, **path))
        database = hall().database
        keyed = idempotency.keyed(request) if door.keeps_answer and door.act is not None else None
        if door.one_by_one:
            return OneByOne(database, actor, keyed).answered(lambda each: view(each, *read, **path))
        return committed(database, actor, keyed, lambda tx: etags.tag(view(tx, *read, **path)))

    return transacted
