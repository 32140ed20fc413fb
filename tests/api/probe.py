"""Routes as an office route is written, over real commands, for the tests of what every route stands on."""

from dataclasses import dataclass, field
from threading import Event
from typing import Any

import marshmallow as ma
from flask import Response, g
from sqlalchemy import select, text

from api.etags import expected_revision, show_revision
from api.pages import PageQuery, page_of
from api.routes import Routes
from api.wire import Instant
from casework import departments
from casework.departments import NewDepartment
from casework.paging import Order, Page, fetch
from casework.tables import Department, Person
from engine import errors
from engine.errors import Conflict, EngineError, Fault, LostRace, NotFound, Sentence, Stale
from engine.transaction import Transaction

PHONE = "13940000000"
BROKEN = "select password from person"
FAULTS = (Fault(Sentence("缺少汇聚网关。", "A join is missing."), "Gateway_1", 12, 7),)

routes = Routes("probe", "Routes of the tests.", prefix="/api/probe")


@dataclass
class Held:
    """Holds a command just before its commit; then refuses as many as it is told."""

    refused: int = 0
    entered: Event = field(default_factory=Event)
    released: Event = field(default_factory=Event)


held = Held()
races_lost = 0


class Addition(ma.Schema):
    role = ma.fields.String(required=True, validate=ma.validate.Length(1, 20))
    name = ma.fields.String(required=True)
    opened_at = Instant()


class Shown(ma.Schema):
    code = ma.fields.String()
    name = ma.fields.String()
    opened_at = Instant()


class Upload(ma.Schema):
    kind = ma.fields.String(required=True)
    file = ma.fields.Raw(required=True)


class Uploads(ma.Schema):
    files = ma.fields.List(ma.fields.Raw(), required=True)


@routes.get("/me", "我是谁", "inbox.read")
def me(tx: Transaction) -> dict[str, Any]:
    """Who I am."""
    return {"login": tx.actor.login, "groups": sorted(tx.actor.groups), "department": tx.actor.department}


@routes.post("/departments", "添加部门", "departments.add", body=Addition, answer=Shown, status=201)
def add_department(tx: Transaction, body: dict[str, Any]) -> dict[str, Any]:
    """Add a department."""
    added = departments.add(tx, NewDepartment(body["role"], body["name"], body["name"]))
    return {"code": added.code, "name": added.name, "opened_at": body.get("opened_at")}


@routes.post("/located", "添加部门并告知其地址", "departments.add", body=Addition, answer=Shown, status=201)
def add_located(tx: Transaction, body: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Add a department, and say where it is."""
    added = departments.add(tx, NewDepartment(body["role"], body["name"], body["name"]))
    return {"code": added.code, "name": added.name}, 201, {"Location": f"/api/probe/departments/{added.code}"}


@routes.get("/departments", "查阅部门", "items.read", query=PageQuery, answer=page_of(Shown))
def list_departments(tx: Transaction, query: dict[str, Any]) -> Page:
    """List departments."""
    listed = select(Department.code, Department.name)
    return fetch(tx, listed, Order((Department.code,)), after=query["cursor"], limit=query["limit"])


@routes.post("/files", "上传", "items.read", body=Upload, multipart=True, most=2_000_000)
def upload(tx: Transaction, body: dict[str, Any]) -> dict[str, Any]:
    """Upload a file."""
    return {"kind": body["kind"], "size": len(body["file"].read()), "id": tx.new_id()}


@routes.get("/people/<login>", "查阅人员", "people.read")
def show_person(tx: Transaction, login: str) -> dict[str, Any]:
    """Show a person."""
    person = tx.session.get(Person, login)
    if person is None:
        raise NotFound
    show_revision(person.revision)
    return {"post": person.post}


@routes.put("/people/<login>/<post>", "调整职务", "people.move")
def change_post(tx: Transaction, login: str, post: str) -> dict[str, Any]:
    """Change a person's post."""
    person = tx.session.get_one(Person, login)
    if expected_revision() not in (None, person.revision):
        raise Stale
    person.post, person.revision = post, person.revision + 1
    show_revision(person.revision)
    return {"post": post}


@routes.post("/refusals/<name>", "被拒", None)
def refuse(tx: Transaction, name: str) -> None:
    """Refuse, as a command does."""
    kind: type[EngineError] = getattr(errors, name)
    raise kind(faults=FAULTS) if kind is errors.DiagramRefused else kind()


@routes.post("/broken", "出错", None)
def broken(tx: Transaction) -> None:
    """Fail, as no command should."""
    raise RuntimeError(BROKEN)


@routes.post("/broken-statement", "语句出错", None)
def broken_statement(tx: Transaction) -> None:
    """Fail in the database, with a person's data bound."""
    tx.session.execute(text("SELECT :phone FROM no_such_table"), {"phone": PHONE})


@routes.post("/half-done", "做到一半", "departments.add", body=Addition)
def half_done(tx: Transaction, body: dict[str, Any]) -> None:
    """Add a department, then refuse."""
    departments.add(tx, NewDepartment(body["role"], body["name"], body["name"]))
    raise Conflict


@routes.get("/raw", "原样", None)
def raw(tx: Transaction) -> Response:
    """Answer with a response of its own."""
    return Response(g.actor.login, mimetype="text/plain")


@routes.post("/held", "停在提交之前", "departments.add", body=Addition, answer=Shown, status=201)
def hold(tx: Transaction, body: dict[str, Any]) -> dict[str, Any]:
    """Add a department, and stand still."""
    added = departments.add(tx, NewDepartment(body["role"], body["name"], body["name"]))
    held.entered.set()
    held.released.wait()
    held.refused -= 1
    if held.refused >= 0:
        raise Conflict
    return {"code": added.code, "name": added.name}


@routes.post("/race", "输掉竞争", "items.read", body=Upload, multipart=True)
def race(tx: Transaction, body: dict[str, Any]) -> dict[str, Any]:
    """Read a file, and lose a race as often as the test says."""
    global races_lost
    size = len(body["file"].read())
    races_lost -= 1
    if races_lost >= 0:
        raise LostRace
    return {"size": size}


@routes.post("/race-of-many", "多个文件输掉竞争", "items.read", body=Uploads, multipart=True)
def race_of_many(tx: Transaction, body: dict[str, Any]) -> dict[str, Any]:
    """Read several files of one name, and lose a race as often as the test says."""
    global races_lost
    sizes = [len(file.read()) for file in body["files"]]
    races_lost -= 1
    if races_lost >= 0:
        raise LostRace
    return {"sizes": sizes}
