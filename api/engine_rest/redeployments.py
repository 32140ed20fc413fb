"""Deploying again what was deployed before, and taking back what nothing has used."""

from typing import Any

import marshmallow as ma
from flask import Response, jsonify
from sqlalchemy import or_, select

from api.engine_rest import process_definitions
from api.engine_rest.deployments import DeploymentMade, by_id, made_shown
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.wire import Dto, Flag
from engine import deployments, removals
from engine.deployments import Unchanged
from engine.errors import NotFound, Sentence
from engine.tables import Deployment, Resource
from engine.transaction import Transaction

routes = CamundaRoutes("redeployment", "Deploying again, and taking back.")

NO_SUCH_FILE = Sentence("该部署中没有所指的文件。", "The deployment has none of the files that are named.")


class RedeploymentDto(Dto):
    """Which files of a deployment are deployed again; none named, all of them."""

    resource_ids = ma.fields.List(ma.fields.String(), load_default=list, validate=ma.validate.Length(max=200))
    resource_names = ma.fields.List(ma.fields.String(), load_default=list, validate=ma.validate.Length(max=200))
    source = ma.fields.String(load_default=None, validate=ma.validate.Length(max=200))


class RemovalQuery(Dto):
    """How something is deleted. Nothing runs under what may be deleted, so `cascade` takes nothing along."""

    cascade = Flag(load_default=None)


@routes.get("/deployment/registered", "在用的部署", "deployments.read")
def list_registered(tx: Transaction) -> Response:
    """List the ids of the deployments that this server carries out: all"""
    return jsonify(tx.session.scalars(select(Deployment.id).order_by(Deployment.id)).all())


@routes.post(
    "/deployment/<deployment_id>/redeploy",
    "重新部署",
    "deployments.deploy",
    body=RedeploymentDto,
    answer=DeploymentMade,
)
def redeploy(tx: Transaction, body: dict[str, Any], deployment_id: str) -> dict[str, Any]:
    """Deploy files of an earlier deployment again, as new versions"""
    earlier = by_id(tx, deployment_id)
    kept = select(Resource).where(Resource.deployment_id == earlier.id)
    if body["resource_ids"] or body["resource_names"]:
        kept = kept.where(or_(Resource.id.in_(body["resource_ids"]), Resource.name.in_(body["resource_names"])))
    found = tx.session.scalars(kept.order_by(Resource.name)).all()
    asked = {*body["resource_ids"], *body["resource_names"]}
    if not found or asked - {file.id for file in found} - {file.name for file in found}:
        raise NotFound(NO_SUCH_FILE)
    files = {file.name: file.content for file in found}
    made = deployments.deploy(
        tx,
        files,
        region=earlier.region,
        name=earlier.name,
        source=body["source"],
        unchanged=Unchanged.RENEWED,
    )
    return made_shown(tx, made, files)


@routes.delete("/deployment/<deployment_id>", "删除部署", "deployments.delete", query=RemovalQuery, status=204)
def delete_deployment(tx: Transaction, query: dict[str, Any], deployment_id: str) -> Response:
    """Delete a deployment of which nothing was used"""
    removals.delete_deployment(tx, by_id(tx, deployment_id).id)
    return Response(status=204)


@routes.delete("/process-definition/<definition>", "删除流程定义", "deployments.delete", query=RemovalQuery, status=204)
@routes.delete("/process-definition/key/<key>", "删除流程定义", "deployments.delete", query=RemovalQuery, status=204)
@routes.delete(
    "/process-definition/key/<key>/tenant-id/<tenant>",
    "删除流程定义",
    "deployments.delete",
    query=RemovalQuery,
    status=204,
)
def delete_definition(tx: Transaction, query: dict[str, Any], **which: str) -> Response:
    """Delete a version under which nothing has run"""
    found, _ = process_definitions.one(tx, process_definitions.meant(**which))
    removals.delete_definition(tx, found.id)
    return Response(status=204)
