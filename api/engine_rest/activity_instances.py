"""What is open in a process instance, as the tree in which Camunda shows it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import marshmallow as ma
from sqlalchemy import select

from api.engine_rest import process_instances
from api.engine_rest.activity_types import activity_id, type_of
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.wire import Camel, definition_id
from engine import definitions
from engine.definitions import Runnable
from engine.interpreter.step import WorkKind
from engine.tables import ActivityInstance, Incident, Job, ProcessDefinition, ProcessInstance
from engine.transaction import Transaction

routes = CamundaRoutes("activity-instance", "What is open in process instances.")

PROCESS = "processDefinition"
"""The type of the root of the tree."""
HOLDING = frozenset({"subProcess", "transaction", "multiInstanceBody"})
"""What is shown around the compensation handlers of its parts although it has ended (Camunda 7)."""


class IncidentPlace(Camel):
    """An incident and where it is."""

    id = ma.fields.String(required=True)
    activity_id = ma.fields.String(allow_none=True)


class OpenThing(Camel):
    """What an activity instance and a token that waits for its job have in common."""

    id = ma.fields.String(required=True)
    parent_activity_instance_id = ma.fields.String(allow_none=True)
    activity_id = ma.fields.String(required=True)
    activity_name = ma.fields.String(allow_none=True)
    activity_type = ma.fields.String(required=True)
    process_instance_id = ma.fields.String(required=True)
    process_definition_id = ma.fields.String(required=True)
    incident_ids = ma.fields.List(ma.fields.String(), required=True)
    incidents = ma.fields.List(ma.fields.Nested(IncidentPlace), required=True)


class TransitionShown(OpenThing):
    """A token that waits for its asynchronous job."""

    execution_id = ma.fields.String(required=True)


class ActivityInstanceShown(OpenThing):
    """An open activity instance with all that is open in it."""

    name = ma.fields.String(allow_none=True)
    child_activity_instances = ma.fields.List(
        ma.fields.Nested(lambda: ActivityInstanceShown()),
        required=True,
    )
    child_transition_instances = ma.fields.List(ma.fields.Nested(TransitionShown), required=True)
    execution_ids = ma.fields.List(ma.fields.String(), required=True)


class Tree:
    """What is open in one instance, by the activity instance around it; None is the process."""

    def __init__(self, tx: Transaction, instance: ProcessInstance, definition: ProcessDefinition) -> None:
        self.instance, self.definition = instance, definition
        self.runnable: Runnable = definitions.load(tx, definition.id)
        self.visits = _visits(tx, instance)
        self.jobs = _postponed(tx, instance)
        self.incidents = _incidents(tx, instance)
        self.by_id = {visit.id: visit for visit in self.visits}
        self.children: Mapping[str | None, list[ActivityInstance]] = _grouped(self.visits)

    def shown(self) -> dict[str, Any]:
        """The process at the root, under the instance's id."""
        known = self.by_id.keys() | {job.id for job in self.jobs}
        own = [one for source, found in self.incidents.items() if source not in known for one in found]
        process = self.runnable.process
        wire_id = definition_id(self.definition.key, self.definition.version, self.definition.id)
        return {
            **self._open(self.instance.id, None, wire_id, process.name, PROCESS, own),
            **self._inside(None, self.instance.id),
            "name": process.name,
            "execution_ids": [self.instance.id],
        }

    def _visit(self, visit: ActivityInstance, parent: str) -> dict[str, Any]:
        node = self.runnable.process.nodes.get(visit.activity_id)
        name, wire_id = (node.name if node else None), wire_activity_instance(visit)
        kind, place = type_of(visit.type, node), activity_id(visit.type, visit.activity_id)
        return {
            **self._open(wire_id, parent, place, name, kind, self.incidents.get(visit.id, ())),
            **self._inside(visit.id, wire_id),
            "name": name,
            "execution_ids": [visit.id],
        }

    def _inside(self, visit_id: str | None, wire_id: str) -> dict[str, Any]:
        return {
            "child_activity_instances": [self._visit(one, wire_id) for one in self.children.get(visit_id, ())],
            "child_transition_instances": [
                self._transition(job, wire_id) for job in self.jobs if self._around(job) == visit_id
            ],
        }

    def _transition(self, job: Job, parent: str) -> dict[str, Any]:
        node = self.runnable.node(job.activity_id or "")
        found = self.incidents.get(job.id, ())
        return {
            **self._open(job.id, parent, node.id, node.name, type_of(node.type, node), found),
            "execution_id": job.id,
        }

    def _around(self, job: Job) -> str | None:
        """The innermost open activity instance around a token that waits for its job."""
        return next((scope for scope in job.payload["scopes"] if scope in self.by_id), None)

    def _open(
        self, wire_id: str, parent: str | None, place: str, name: str | None, kind: str, incidents: Iterable[Incident]
    ) -> dict[str, Any]:
        definition = self.definition
        places = [{"id": one.id, "activity_id": one.activity_id} for one in incidents]
        return {
            "id": wire_id,
            "parent_activity_instance_id": parent,
            "activity_id": place,
            "activity_name": name,
            "activity_type": kind,
            "process_instance_id": self.instance.id,
            "process_definition_id": definition_id(definition.key, definition.version, definition.id),
            "incident_ids": [one["id"] for one in places],
            "incidents": places,
        }


def wire_activity_instance(visit: ActivityInstance) -> str:
    """An activity instance's id on the wire."""
    return f"{activity_id(visit.type, visit.activity_id)}:{visit.id}"


def _visits(tx: Transaction, instance: ProcessInstance) -> Sequence[ActivityInstance]:
    """What is open, and what has ended but is being compensated from inside."""
    of_instance = select(ActivityInstance).where(ActivityInstance.instance_id == instance.id)
    found = list(tx.session.scalars(of_instance.where(ActivityInstance.ended_at.is_(None))))
    while around := {visit.parent_id for visit in found} - {None, *(visit.id for visit in found)}:
        found += tx.session.scalars(of_instance.where(ActivityInstance.id.in_(around)))
    return sorted(found, key=lambda visit: visit.seq)


def _postponed(tx: Transaction, instance: ProcessInstance) -> Sequence[Job]:
    return tx.session.scalars(
        select(Job)
        .where(Job.root_id == instance.root_id, Job.instance_id == instance.id, Job.kind == WorkKind.CONTINUATION)
        .order_by(Job.id)
    ).all()


def _incidents(tx: Transaction, instance: ProcessInstance) -> Mapping[str, list[Incident]]:
    """The open incidents by the job or task that failed."""
    found: defaultdict[str, list[Incident]] = defaultdict(list)
    opened = select(Incident).where(Incident.root_id == instance.root_id, Incident.instance_id == instance.id)
    for one in tx.session.scalars(opened.where(Incident.closed_at.is_(None)).order_by(Incident.id)):
        found[one.source_id].append(one)
    return found


def _grouped(visits: Iterable[ActivityInstance]) -> Mapping[str | None, list[ActivityInstance]]:
    """The visits by what they are shown in: a task that has ended is not shown around its compensation handler."""
    by_id = {visit.id: visit for visit in visits}
    found: defaultdict[str | None, list[ActivityInstance]] = defaultdict(list)
    for visit in by_id.values():
        if _is_shown(visit):
            around = by_id.get(visit.parent_id or "")
            while around is not None and not _is_shown(around):
                around = by_id.get(around.parent_id or "")
            found[around.id if around else None].append(visit)
    return found


def _is_shown(visit: ActivityInstance) -> bool:
    return visit.ended_at is None or visit.type in HOLDING


@routes.get(
    "/process-instance/<instance_id>/activity-instances",
    "流程实例中未结束的环节",
    "instances.read",
    answer=ActivityInstanceShown,
)
def show_activity_instances(tx: Transaction, instance_id: str) -> dict[str, Any]:
    """Show what is open in a process instance, as a tree"""
    return Tree(tx, *process_instances.one(tx, instance_id)).shown()
