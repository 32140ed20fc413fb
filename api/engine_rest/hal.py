"""Tasks as application/hal+json: with links, and what they refer to. Only Camunda's older tasklist asks for it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from flask import Response, current_app, request
from sqlalchemy import select

from api.engine_rest.groups import Groups
from api.engine_rest.process_definition_queries import LISTED
from api.engine_rest.process_definitions import DefinitionShown
from api.engine_rest.process_definitions import shown as shown_definition
from api.engine_rest.task_links import IdentityLinkShown, links_of
from api.engine_rest.task_rows import TaskShown
from api.engine_rest.users import UserShown
from api.engine_rest.users import shown as shown_person
from api.engine_rest.wire import uuid_of
from casework.tables import Person
from casework.visibility import visible_task
from engine.tables import ProcessDefinition, UserTask
from engine.transaction import Transaction

JSON, HAL = "application/json", "application/hal+json"
LINKS: Mapping[str, tuple[str, str, str]] = {
    "self": ("/task/", "id", ""),
    "assignee": ("/user/", "assignee", ""),
    "owner": ("/user/", "owner", ""),
    "execution": ("/execution/", "executionId", ""),
    "processInstance": ("/process-instance/", "processInstanceId", ""),
    "processDefinition": ("/process-definition/", "processDefinitionId", ""),
    "identityLink": ("/task/", "id", "/identity-links"),
}
"""Where a task's links lead: an address around one of its values, none where that is null."""

Resource = dict[str, Any]


def is_wanted() -> bool:
    """Whether the client would rather have HAL than JSON."""
    return request.accept_mimetypes.best_match([JSON, HAL]) == HAL


def tasks(tx: Transaction, found: Sequence[Mapping[str, Any]], count: int) -> Response:
    """A page of tasks, how many there are in all, and whom and what they refer to."""
    resources = [_task(one) for one in found]
    embedded = {"task": resources} | _referred(tx, resources, ("assignee", "owner", "processDefinition"))
    return _told(_resource("/task", embedded) | {"count": count})


def task(tx: Transaction, found: Mapping[str, Any]) -> Response:
    """A task with its definition and, for who works on it, the people and groups that have to do with it."""
    resource = _task(found)
    embedded = (resource["_embedded"] or {}) | _referred(tx, [resource], ("processDefinition",))
    readable = tx.session.get(UserTask, resource["id"]) if _works_on(tx, resource["id"]) else None
    links = IdentityLinkShown(many=True).dump(links_of(tx, readable)) if readable is not None else []
    address = resource["_links"]["identityLink"]["href"]
    embedded["identityLink"] = [_resource(address) | one | {"taskId": resource["id"]} for one in links]
    embedded["user"] = _people(tx, [one["userId"] for one in links])
    embedded["group"] = _groups(tx, [one["groupId"] for one in links])
    return _told(resource | {"_embedded": {name: some for name, some in embedded.items() if some} or None})


def _task(found: Mapping[str, Any]) -> Resource:
    said: Resource = TaskShown().dump(found)
    variables = [
        _resource(f"/process-instance/{said['processInstanceId']}/variables/{quote(name, safe='')}")
        | {"name": name}
        | one
        for name, one in said.pop("variables", {}).items()
    ]
    links = {
        name: {"href": before + quote(str(said[key]), safe=":") + after}
        for name, (before, key, after) in LINKS.items()
        if said[key] is not None
    }
    return {"_links": links, "_embedded": {"variable": variables} if variables else None} | said


def _referred(tx: Transaction, resources: Sequence[Resource], names: Iterable[str]) -> dict[str, list[Resource]]:
    """What tasks refer to under these names, each once; a name under which there is nothing is left out."""
    readers = {"assignee": _people, "owner": _people, "processDefinition": _definitions}
    keys = {name: LINKS[name][1] for name in names}
    found = {name: readers[name](tx, [one[key] for one in resources]) for name, key in keys.items()}
    return {name: some for name, some in found.items() if some}


def _people(tx: Transaction, logins: Iterable[str | None]) -> list[Resource]:
    wanted = {login for login in logins if login is not None}
    rows = tx.session.scalars(select(Person).where(Person.login.in_(wanted)).order_by(Person.login)) if wanted else ()
    return [_resource(f"/user/{quote(one.login)}") | UserShown().dump(shown_person(one)) for one in rows]


def _definitions(tx: Transaction, ids: Iterable[str]) -> list[Resource]:
    wanted = {uuid_of(one) for one in ids}
    rows = tx.session.execute(LISTED.where(ProcessDefinition.id.in_(wanted)).order_by(ProcessDefinition.id))
    said = [DefinitionShown().dump(shown_definition(*row)) for row in rows]
    return [_resource(f"/process-definition/{one['id']}") | one for one in said]


def _groups(tx: Transaction, codes: Iterable[str | None]) -> list[Resource]:
    groups = Groups()
    wanted = {code for code in codes if code is not None}
    rows = tx.session.execute(groups.rows.where(groups.id.in_(wanted)).order_by(groups.id)) if wanted else ()
    return [_resource(f"/group/{quote(row.id)}") | {"id": row.id, "name": row.name, "type": row.type} for row in rows]


def _works_on(tx: Transaction, task_id: str) -> bool:
    mine = select(UserTask.id).where(UserTask.id == task_id, visible_task(tx.actor))
    return tx.session.scalar(mine) is not None


def _resource(address: str, embedded: Mapping[str, Any] | None = None) -> Resource:
    return {"_links": {"self": {"href": address}}, "_embedded": embedded}


def _told(document: Resource) -> Response:
    return Response(current_app.json.dumps(document), mimetype=HAL)
