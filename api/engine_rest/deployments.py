"""Deployments: what Camunda Modeler's Deploy button sends and reads, and the files that were deployed."""

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

import marshmallow as ma
from flask import Response
from sqlalchemy import Select, select

from api.downloads import attachment
from api.engine_rest import decision_requirements, lists, process_definitions
from api.engine_rest.decision_definitions import DecisionShown
from api.engine_rest.decision_requirements import RequirementsShown
from api.engine_rest.lists import List, Rows
from api.engine_rest.process_definitions import DefinitionShown
from api.engine_rest.process_instances import LinkShown, link
from api.engine_rest.query_parameters import Query, after, before, empty, equal, like, of_tenants
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.wire import Camel, Dto, Moment, Wish, definition_id, region_of, tenant_of
from api.languages import say
from api.office.deployments import MOST_BYTES, MOST_FILES, named_files
from casework import deployment_warnings, regions
from engine import deployments
from engine.deployments import Published, Unchanged
from engine.errors import Fault, Invalid, NotFound, Sentence, told
from engine.queries import deployments as listed
from engine.tables import Deployment, ProcessDefinition, Resource
from engine.transaction import Transaction

routes = CamundaRoutes("deployment", "Deployments.")

MEDIA_TYPES = {
    ".bpmn": "application/xml",
    ".dmn": "application/xml",
    ".xml": "application/xml",
    ".form": "application/json",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
NO_FILES = Sentence("部署中没有文件。", "No deployment resources contained in the form upload.")
NO_FILE_NAME = Sentence(
    "该部分没有文件名，无法部署。", "No file name found in the deployment resource described by form parameter."
)

QUERY = Query(
    "Deployment",
    {
        "id": equal(Deployment.id),
        "name": equal(Deployment.name),
        "name_like": like(Deployment.name),
        "source": equal(Deployment.source),
        "without_source": empty(Deployment.source),
        **of_tenants(Deployment.region, including="include_deployments_without_tenant_id"),
        "after": after(Deployment.deployed_at),
        "before": before(Deployment.deployed_at),
    },
    {
        "id": Deployment.id,
        "name": Deployment.name,
        "deploymentTime": Deployment.deployed_at,
        "tenantId": Deployment.region,
    },
    Deployment.id,
)


class DeploymentForm(Dto):
    """The form of a deployment; every part with a file name is a file of it."""

    deployment_name = ma.fields.String(
        data_key="deployment-name", load_default=None, validate=ma.validate.Length(max=200)
    )
    deployment_source = ma.fields.String(
        data_key="deployment-source", load_default=None, validate=ma.validate.Length(max=200)
    )
    duplicate_filtering = Wish(data_key="enable-duplicate-filtering", load_default=None)
    changed_only = Wish(data_key="deploy-changed-only", load_default=None)
    tenant = ma.fields.String(data_key="tenant-id", load_default=None)
    resources = ma.fields.List(ma.fields.Raw(), load_default=list, validate=ma.validate.Length(max=MOST_FILES))
    unnamed = ma.fields.List(ma.fields.String(), load_default=list)


class DeploymentShown(Camel):
    """A deployment as Camunda shows it."""

    links = ma.fields.List(ma.fields.Nested(LinkShown), required=True)
    id = ma.fields.String(required=True)
    name = ma.fields.String(allow_none=True)
    source = ma.fields.String(allow_none=True)
    deployment_time = Moment(required=True)
    tenant_id = ma.fields.String(allow_none=True)


class WarningShown(Camel):
    """What the designer should know although it was deployed, in the shape of a problem of Camunda's parse error."""

    message = ma.fields.String(required=True)
    resource = ma.fields.String(allow_none=True)
    line = ma.fields.Integer(required=True)
    column = ma.fields.Integer(required=True)
    main_element_id = ma.fields.String(allow_none=True)
    element_ids = ma.fields.List(ma.fields.String(), required=True)


class DeploymentMade(DeploymentShown):
    """A deployment with the definitions that it made, or found unchanged, by id; and warnings, which Camunda lacks."""

    deployed_process_definitions = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.Nested(DefinitionShown), allow_none=True
    )
    deployed_case_definitions = ma.fields.Dict(allow_none=True)
    deployed_decision_definitions = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.Nested(DecisionShown), allow_none=True
    )
    deployed_decision_requirements_definitions = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.Nested(RequirementsShown), allow_none=True
    )
    warnings = ma.fields.List(ma.fields.Nested(WarningShown), required=True)


class ResourceShown(Camel):
    """A file of a deployment."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    deployment_id = ma.fields.String(required=True)


@routes.post(
    "/deployment/create",
    "部署",
    "deployments.deploy",
    body=DeploymentForm,
    multipart=True,
    most=MOST_BYTES,
    answer=DeploymentMade,
)
def deploy(tx: Transaction, body: dict[str, Any]) -> dict[str, Any]:
    """Deploy files

    Unlike Camunda, a deployment that changes nothing is answered with the definitions that it found.
    """
    if body["unnamed"]:
        raise Invalid(NO_FILE_NAME, faults=[Fault(NO_FILE_NAME, body["unnamed"][0][:200])])
    if not body["resources"]:
        raise Invalid(NO_FILES)
    region = region_of(body["tenant"])
    if faults := regions.unknown(tx, region, "tenant-id"):
        raise Invalid(faults=faults)
    files = named_files(body["resources"])
    made = deployments.deploy(
        tx,
        files,
        region=region,
        name=body["deployment_name"],
        source=body["deployment_source"],
        unchanged=_unchanged(body),
    )
    return made_shown(tx, made, files)


def made_shown(tx: Transaction, made: Published, files: Mapping[str, bytes]) -> dict[str, Any]:
    """What a deployment of these files made, in Camunda's words."""
    tx.flush()
    decided, graphs = decision_requirements.of_deployment(tx, made.decisions)
    return _shown(made.deployment) | {
        "deployed_process_definitions": _definitions(tx, made.definitions),
        "deployed_case_definitions": None,
        "deployed_decision_definitions": decided,
        "deployed_decision_requirements_definitions": graphs,
        "warnings": [_warning(fault) for fault in told(deployment_warnings.of(tx, made, files))],
    }


def _warning(fault: Fault) -> dict[str, Any]:
    return {
        "message": say(fault.sentence),
        "resource": fault.resource,
        "line": fault.line or 0,
        "column": fault.column or 0,
        "main_element_id": fault.element_id,
        "element_ids": [fault.element_id] if fault.element_id else [],
    }


def _unchanged(body: Mapping[str, Any]) -> Unchanged:
    """Camunda's two flags; the one that looks at each file counts before the one that looks at all."""
    if body["changed_only"]:
        return Unchanged.KEPT
    return Unchanged.KEPT_WITH_ALL if body["duplicate_filtering"] else Unchanged.RENEWED


def _definitions(tx: Transaction, made: Sequence[ProcessDefinition]) -> dict[str, Any] | None:
    files = select(Resource.id, Resource.name).where(Resource.id.in_([one.resource_id for one in made]))
    names = {row.id: row.name for row in tx.session.execute(files)}
    shown = {
        definition_id(one.key, one.version, one.id): process_definitions.shown(one, names[one.resource_id])
        for one in made
    }
    return shown or None


def _shown(deployment: Deployment, *, linked: bool = True) -> dict[str, Any]:
    return {
        "links": [link(f"/deployment/{deployment.id}")] if linked else [],
        "id": deployment.id,
        "name": deployment.name,
        "source": deployment.source,
        "deployment_time": deployment.deployed_at,
        "tenant_id": tenant_of(deployment.region),
    }


def _deployed(tx: Transaction) -> Select[*tuple[Any, ...]]:
    return select(Deployment)


def _all_shown(tx: Transaction, rows: Rows) -> list[dict[str, Any]]:
    return [_shown(deployment, linked=False) for (deployment,) in rows]


LIST = List(Sentence("部署记录", "deployments"), "deployments.read", QUERY, _deployed, _all_shown, DeploymentShown)
lists.state(routes, "/deployment", LIST, by_post=False)


@routes.get("/deployment/<deployment_id>", "部署", "deployments.read", answer=DeploymentShown)
def show_deployment(tx: Transaction, deployment_id: str) -> dict[str, Any]:
    """Show a deployment"""
    return _shown(by_id(tx, deployment_id), linked=False)


@routes.get("/deployment/<deployment_id>/resources", "部署的文件", "deployments.read", answer=ResourceShown(many=True))
def list_resources(tx: Transaction, deployment_id: str) -> list[dict[str, Any]]:
    """List the files of a deployment"""
    rows = listed.files(tx, by_id(tx, deployment_id).id)
    return [{"id": row.id, "name": row.name, "deployment_id": deployment_id} for row in rows]


RESOURCE = "/deployment/<deployment_id>/resources/<resource_id>"


@routes.get(RESOURCE, "部署的文件", "deployments.read", answer=ResourceShown)
def show_resource(tx: Transaction, deployment_id: str, resource_id: str) -> dict[str, Any]:
    """Show which file of a deployment it is"""
    found = _resource(tx, deployment_id, resource_id)
    return {"id": found.id, "name": found.name, "deployment_id": found.deployment_id}


@routes.get(f"{RESOURCE}/data", "部署的文件内容", "deployments.read")
def show_content(tx: Transaction, deployment_id: str, resource_id: str) -> Response:
    """Show a file of a deployment, byte for byte"""
    found = _resource(tx, deployment_id, resource_id)
    return attachment(found.content, found.name, MEDIA_TYPES.get(PurePath(found.name).suffix.lower()))


def _resource(tx: Transaction, deployment_id: str, resource_id: str) -> Resource:
    found = tx.session.get(Resource, resource_id)
    if found is None or found.deployment_id != by_id(tx, deployment_id).id:
        raise NotFound(Sentence("该部署中没有这个文件。", f"Deployment resource '{resource_id[:64]}' does not exist."))
    return found


def by_id(tx: Transaction, deployment_id: str) -> Deployment:
    """A deployment. Raises NotFound."""
    found = tx.session.get(Deployment, deployment_id)
    if found is None:
        said = deployment_id[:64]
        raise NotFound(Sentence(f"没有部署“{said}”。", f"Deployment with id '{said}' does not exist"))
    return found
