"""Which processes a process calls, as far as its diagram says so by itself."""

from collections import defaultdict
from typing import Any

import marshmallow as ma

from api.engine_rest import process_definitions
from api.engine_rest.process_definitions import DefinitionShown
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.wire import definition_id
from engine import definitions
from engine.diagram.model import Binding, Call
from engine.queries.definitions import bound
from engine.tables import ProcessDefinition, Resource
from engine.transaction import Transaction

routes = CamundaRoutes("static-call", "Processes that processes call.")


class CalledShown(DefinitionShown):
    """A called process and the call activities that call it."""

    called_from_activity_ids = ma.fields.List(ma.fields.String(), required=True)
    calling_process_definition_id = ma.fields.String(required=True)


def list_called(tx: Transaction, **which: str) -> list[dict[str, Any]]:
    """List the processes that a process calls by a constant name"""
    definition, _ = process_definitions.one(tx, process_definitions.meant(**which))
    found: dict[str, ProcessDefinition] = {}
    callers: defaultdict[str, list[str]] = defaultdict(list)
    for node in definitions.load(tx, definition.id).process.nodes.values():
        called = None if node.call is None else _called(tx, definition, node.call)
        if called is not None:
            found[called.id] = called
            callers[called.id].append(node.id)
    wire_id = definition_id(definition.key, definition.version, definition.id)
    return [
        {
            **process_definitions.shown(called, tx.session.get_one(Resource, called.resource_id).name),
            "called_from_activity_ids": callers[called.id],
            "calling_process_definition_id": wire_id,
        }
        for called in found.values()
    ]


def _called(tx: Transaction, caller: ProcessDefinition, call: Call) -> ProcessDefinition | None:
    """What a call means now, None where only an expression says it, or where nothing so called is deployed."""
    version = call.version
    if not call.called_element.is_literal or (version is not None and not version.is_literal):
        return None
    said: int | str | None = None if version is None else version.text
    if call.binding == Binding.VERSION:
        said = int(str(said)) if str(said).isdecimal() else None
    meant = bound(
        call.called_element.text, caller.region, call.binding, deployment_id=caller.deployment_id, version=said
    )
    return tx.session.scalars(meant.limit(1)).first()


for address in (
    "/process-definition/<definition>",
    "/process-definition/key/<key>",
    "/process-definition/key/<key>/tenant-id/<tenant>",
):
    routes.get(
        f"{address}/static-called-process-definitions",
        "流程图中写明的被调用流程",
        "definitions.read",
        answer=CalledShown(many=True),
    )(list_called)
