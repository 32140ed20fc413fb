"""Deployments at the door: who published which bytes, when, and what came of them."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

import marshmallow as ma
from werkzeug.datastructures import FileStorage

from api.office.fields import PersonShown, Said
from api.pages import PageQuery, page_of
from api.routes import Routes
from api.wire import Instant
from casework import deployment_warnings, names
from casework.paging import Order, fetch
from engine import deployments
from engine.errors import Fault, Invalid, Sentence, told
from engine.queries import deployments as listed
from engine.queries.definitions import EVERYWHERE
from engine.queries.filters import narrowed
from engine.tables import Deployment, ProcessDefinition
from engine.transaction import Transaction

MOST_BYTES = 16 << 20
MOST_FILES = 100
LONGEST_NAME = 255
BAD_NAME = Sentence("文件名无效或重复：“{name}”。", "The file name is invalid or comes twice: “{name}”.")
NO_FILE = Sentence("请上传文件。", "Send files.")

routes = Routes("deployments", "Deployments of diagrams, forms and items.", prefix="/api/deployments")


class Files(ma.Schema):
    """The files of a deployment: diagrams (.bpmn), forms (.form), decisions (.dmn), items (item.toml), all else as it
    is."""

    files = ma.fields.List(
        ma.fields.Raw(metadata={"type": "string", "format": "binary"}),
        required=True,
        validate=ma.validate.Length(1, MOST_FILES),
    )
    name = ma.fields.String(load_default=None, validate=ma.validate.Length(max=200))
    source = ma.fields.String(load_default=None, validate=ma.validate.Length(max=200))


class DeploymentQuery(PageQuery):
    """Which deployments."""

    name = ma.fields.String(load_default=None)
    source = ma.fields.String(load_default=None)
    deployed_by = ma.fields.String(load_default=None)
    deployed_from = Instant(load_default=None)
    deployed_to = Instant(load_default=None)


class DeploymentHead(ma.Schema):
    """Who published something, and when."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(allow_none=True)
    source = ma.fields.String(allow_none=True)
    deployed_at = Instant(required=True)
    deployed_by = ma.fields.Nested(PersonShown, required=True)


class DeploymentRow(DeploymentHead):
    """A deployment in a list, and how many files it had."""

    files = ma.fields.Integer(required=True)


class DeployedFile(ma.Schema):
    """A file, byte for byte as it was sent."""

    name = ma.fields.String(required=True)
    sha256 = ma.fields.String(required=True)
    size = ma.fields.Integer(required=True)


class DeployedDefinition(ma.Schema):
    """A version of a process. `is_new`: this deployment made it, because the bytes differ from the version before."""

    id = ma.fields.String(required=True)
    key = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    version_tag = ma.fields.String(allow_none=True)
    name = ma.fields.String(allow_none=True)
    is_new = ma.fields.Boolean(required=True)


class DeployedForm(ma.Schema):
    """A version of a form."""

    id = ma.fields.String(required=True)
    key = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)


class DeployedDecision(ma.Schema):
    """A version of a decision."""

    id = ma.fields.String(required=True)
    key = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    version_tag = ma.fields.String(allow_none=True)
    name = ma.fields.String(allow_none=True)


class Warned(ma.Schema):
    """What the designer should know, though it hindered nothing; `file` is where it stands."""

    file = ma.fields.String(allow_none=True, attribute="resource")
    element_id = ma.fields.String(allow_none=True)
    line = ma.fields.Integer(allow_none=True)
    detail = Said(required=True, attribute="sentence")


class DeploymentShown(DeploymentHead):
    """A deployment with its files and what they made."""

    files = ma.fields.List(ma.fields.Nested(DeployedFile), required=True)
    definitions = ma.fields.List(ma.fields.Nested(DeployedDefinition), required=True)
    forms = ma.fields.List(ma.fields.Nested(DeployedForm), required=True)
    decisions = ma.fields.List(ma.fields.Nested(DeployedDecision), required=True)


class DeploymentMade(DeploymentShown):
    """What a deployment did. `unchanged` are the files whose latest version is kept."""

    unchanged = ma.fields.List(ma.fields.String(), required=True)
    warnings = ma.fields.List(ma.fields.Nested(Warned), required=True)


@routes.post(
    "",
    "部署流程、表单、决策与事项",
    "deployments.deploy",
    body=Files,
    multipart=True,
    most=MOST_BYTES,
    answer=DeploymentMade,
    status=201,
)
def deploy(tx: Transaction, body: dict[str, Any]) -> dict[str, Any]:
    """Deploy diagrams, forms, decisions and items

    All or nothing: every fault of every file is told with element id and line, and nothing is stored. The same files
    under the same name as last time are answered with that deployment.
    """
    files = named_files(body["files"])
    made = deployments.deploy(tx, files, region=EVERYWHERE, name=body["name"], source=body["source"])
    tx.flush()
    warnings = deployment_warnings.of(tx, made, files)
    shown = _shown(tx, made.deployment, made.definitions)
    if len(made.unchanged) == len(files):
        shown["definitions"] = [one | {"is_new": False} for one in shown["definitions"]]
    return shown | {"unchanged": made.unchanged, "warnings": told(warnings)}


def named_files(files: Iterable[Any]) -> Mapping[str, bytes]:
    """The files by their path within the package. Raises Invalid for a path that leaves it."""
    read: dict[str, bytes] = {}
    for place, file in enumerate(files):
        if not isinstance(file, FileStorage):
            raise Invalid(faults=[Fault(NO_FILE, f"files[{place}]")])
        name = (file.filename or "").replace("\\", "/")
        path = PurePosixPath(name)
        outside = path.is_absolute() or ".." in path.parts
        if outside or not path.name or len(name) > LONGEST_NAME or not name.isprintable() or str(path) in read:
            said = Sentence(BAD_NAME.zh.format(name=name[:200]), BAD_NAME.en.format(name=name[:200]))
            raise Invalid(faults=[Fault(said, f"files[{place}]")])
        read[str(path)] = file.stream.read()
    return read


@routes.get("", "部署记录", "deployments.read", query=DeploymentQuery, answer=page_of(DeploymentRow))
def list_deployments(tx: Transaction, query: dict[str, Any]) -> dict[str, Any]:
    """List the deployments, newest first"""
    statement = narrowed(listed.LISTED, listed.FILTERS, query)
    order = Order(listed.SORTED_BY, newest_first=True)
    page = fetch(tx, statement, order, after=query["cursor"], limit=query["limit"])
    known = names.people(tx, [row.deployed_by for row in page.rows])
    rows = [row._asdict() | {"deployed_by": _who(known, row.deployed_by)} for row in page.rows]
    return {"rows": rows, "after": page.after}


@routes.get("/<deployment_id>", "部署详情", "deployments.read", answer=DeploymentShown)
def show_deployment(tx: Transaction, deployment_id: str) -> dict[str, Any]:
    """Show a deployment with its files"""
    deployment = listed.one(tx, deployment_id)
    return _shown(tx, deployment, listed.process_definitions(tx, deployment.id))


def _shown(tx: Transaction, deployment: Deployment, versions: Sequence[ProcessDefinition]) -> dict[str, Any]:
    known = names.people(tx, [deployment.deployed_by])
    return {
        "id": deployment.id,
        "name": deployment.name,
        "source": deployment.source,
        "deployed_at": deployment.deployed_at,
        "deployed_by": _who(known, deployment.deployed_by),
        "files": listed.files(tx, deployment.id),
        "definitions": [_definition(version, deployment) for version in versions],
        "forms": listed.form_definitions(tx, deployment.id),
        "decisions": listed.decision_definitions(tx, deployment.id),
    }


def _definition(version: ProcessDefinition, deployment: Deployment) -> dict[str, Any]:
    return {
        "id": version.id,
        "key": version.key,
        "version": version.version,
        "version_tag": version.version_tag,
        "name": version.name,
        "is_new": version.deployment_id == deployment.id,
    }


def _who(known: Mapping[str, names.Named], login: str) -> names.Named:
    return known.get(login) or names.Named(login, login)
