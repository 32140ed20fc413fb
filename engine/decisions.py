"""Decisions: published with their file, kept ready in memory, made for a business rule task or for whoever asks."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from engine import evidence
from engine.definitions import Runnable
from engine.diagram.model import Binding
from engine.diagram.references import Kind, Reference
from engine.dmn import Decided, Instance, Requirements, decide, read_decisions
from engine.dmn.model import Table
from engine.dmn.results import plain
from engine.errors import NotDeployed, NotFound
from engine.interpreter.step import meaning
from engine.queries import decision_definitions
from engine.store.values import as_json
from engine.tables import (
    DecisionDefinition,
    DecisionInstance,
    Deployment,
    ProcessInstance,
    RequirementsDefinition,
    Resource,
)
from engine.transaction import Transaction

MOST_KEPT = 128
MOST_NOTED = 4_000
_kept: dict[str, Requirements] = {}
_lock = Lock()


def publish(
    tx: Transaction, deployment: Deployment, resource: Resource, requirements: Requirements
) -> list[DecisionDefinition]:
    """New versions of every decision of a file, and of its graph where they are several (Camunda 7)."""
    graph = _publish_graph(tx, deployment, resource, requirements) if len(requirements.decisions) > 1 else None
    made = [
        DecisionDefinition(
            id=tx.new_id(),
            region=deployment.region,
            key=decision.key,
            version=_next_version(tx, DecisionDefinition, deployment.region, decision.key),
            version_tag=decision.version_tag,
            name=decision.name,
            category=requirements.category,
            history_days=decision.history_days,
            requirements_id=graph.id if graph else None,
            deployment_id=deployment.id,
            resource_id=resource.id,
        )
        for decision in requirements.decisions.values()
    ]
    tx.add(*made)
    return made


def _publish_graph(
    tx: Transaction, deployment: Deployment, resource: Resource, requirements: Requirements
) -> RequirementsDefinition:
    graph = RequirementsDefinition(
        id=tx.new_id(),
        region=deployment.region,
        key=requirements.key,
        version=_next_version(tx, RequirementsDefinition, deployment.region, requirements.key),
        name=requirements.name,
        category=requirements.category,
        deployment_id=deployment.id,
        resource_id=resource.id,
    )
    tx.add(graph)
    tx.flush()
    return graph


def _next_version(
    tx: Transaction, table: type[DecisionDefinition] | type[RequirementsDefinition], region: str, key: str
) -> int:
    newest = tx.session.scalar(select(func.max(table.version)).where(table.key == key, table.region == region))
    return (newest or 0) + 1


def latest_of(tx: Transaction, region: str, requirements: Requirements) -> Sequence[DecisionDefinition]:
    """The newest version that a region has of each decision of a file, as far as there is one."""
    newest = (
        select(DecisionDefinition.key, func.max(DecisionDefinition.version).label("version"))
        .where(DecisionDefinition.region == region, DecisionDefinition.key.in_(requirements.decisions))
        .group_by(DecisionDefinition.key)
        .subquery()
    )
    return tx.session.scalars(
        select(DecisionDefinition)
        .join(newest, (DecisionDefinition.key == newest.c.key) & (DecisionDefinition.version == newest.c.version))
        .where(DecisionDefinition.region == region)
        .order_by(DecisionDefinition.key)
    ).all()


def file_of(tx: Transaction, latest: Sequence[DecisionDefinition], requirements: Requirements) -> str | None:
    """The hash of the file in which the newest versions of all decisions stand, None where that is not one file."""
    files = {one.resource_id for one in latest}
    if len(latest) != len(requirements.decisions) or len(files) != 1:
        return None
    return tx.session.get_one(Resource, files.pop()).sha256


def requirements_of(tx: Transaction, definition: DecisionDefinition) -> Requirements:
    """The graph that a decision stands in, from memory or read again from its stored file; a file never changes."""
    found = _kept.get(definition.resource_id)
    if found is None:
        found = read_decisions(tx.session.get_one(Resource, definition.resource_id).content)
        with _lock:
            while len(_kept) >= MOST_KEPT:
                del _kept[next(iter(_kept))]
            _kept[definition.resource_id] = found
    return found


@dataclass(frozen=True, slots=True)
class Ready:
    """A decision that can be made without the database: at which present, and whose local time it is."""

    requirements: Requirements
    key: str
    now: datetime
    zone: ZoneInfo

    def decide(self, variables: Mapping[str, object]) -> Decided:
        """What it answers for these variables; nothing of it is kept. Raises DecisionFailed."""
        seen = {name: meaning(value) for name, value in variables.items()}
        return decide(self.requirements, self.key, seen, now=self.now, zone=self.zone)


def ready(tx: Transaction, definition: DecisionDefinition) -> Ready:
    """A decision as it stands now."""
    return Ready(requirements_of(tx, definition), definition.key, tx.now, tx.ports.zone)


class Asker(NamedTuple):
    """Who has a decision made: a process instance, by one of its activities where the diagram draws that."""

    instance: ProcessInstance
    activity_id: str | None = None
    activity_instance_id: str | None = None


def lent(
    tx: Transaction, root: ProcessInstance, instance: ProcessInstance, runnable: Runnable
) -> Callable[[tuple[str, str | None], str, Binding, object, Mapping[str, object]], Sequence[Mapping[str, object]]]:
    """How a business rule task of an instance has a decision made; which version decided what is evidence of the case.

    Raises NotDeployed, or DecisionFailed when it cannot be made.
    """

    def made(
        place: tuple[str, str | None], key: str, binding: Binding, version: object, variables: Mapping[str, object]
    ) -> Sequence[Mapping[str, object]]:
        activity_id, activity_instance_id = place
        try:
            definition = decision_definitions.bound(tx, key, instance.region, binding, version, runnable.deployment_id)
        except NotFound as missing:
            meant = Reference(Kind.DECISION, key, binding, str(version))
            raise NotDeployed(meant.missing(runnable.node(activity_id)), element_id=activity_id) from missing
        decided = ready(tx, definition).decide(variables)
        note(tx, root, Asker(instance, activity_id, activity_instance_id), definition, decided)
        return [{name: plain(value) for name, value in row.items()} for row in decided.rows]

    return made


def note(
    tx: Transaction, root: ProcessInstance, asker: Asker, definition: DecisionDefinition, decided: Decided
) -> None:
    """Keeps every decision that was made in the history, and in the evidence of the case which version decided, on
    which values, by which rules, and what."""
    last = decided.instances[-1]
    _keep(tx, asker, definition, decided)
    evidence.record(
        tx,
        root,
        "decision.made",
        subject=asker.activity_id,
        property=f"{definition.key}:{definition.version}:{definition.id}",
        old=_noted({"inputs": dict(last.asked), "rules": list(last.rules)}),
        new=_noted({"result": [dict(row) for row in decided.rows]}),
    )


def _keep(tx: Transaction, asker: Asker, definition: DecisionDefinition, decided: Decided) -> None:
    """A row for the decision and for each that it required (Camunda's historic decision instances)."""
    ids, root_decision_id = {definition.key: definition.id}, tx.new_id()
    if len(decided.instances) > 1:
        of_file = select(DecisionDefinition).where(DecisionDefinition.resource_id == definition.resource_id)
        ids = {one.key: one.id for one in tx.session.scalars(of_file)}
    for made in decided.instances:
        is_root = made.decision.key == definition.key
        tx.add(
            DecisionInstance(
                id=root_decision_id if is_root else tx.new_id(),
                root_decision_id=None if is_root else root_decision_id,
                definition_id=ids[made.decision.key],
                region=asker.instance.region,
                root_id=asker.instance.root_id,
                instance_id=asker.instance.id,
                activity_id=asker.activity_id,
                activity_instance_id=asker.activity_instance_id,
                evaluated_at=tx.now,
                elements=made.decision.logic.elements,
                **_said_and_answered(made),
            )
        )


def _said_and_answered(made: Instance) -> dict[str, str | None]:
    logic = made.decision.logic
    is_aggregated = isinstance(logic, Table) and logic.aggregation is not None
    outputs = [[hit.rule.number, hit.row] for hit in made.hits] or [[None, row] for row in made.answered]
    return {
        "inputs": _json(list(made.inputs)),
        "outputs": _json([] if is_aggregated and not made.hits else outputs),
        "collected": _json(next(iter(made.answered[0].values()))) if is_aggregated and made.answered else None,
    }


def _noted(said: dict[str, Any]) -> str:
    text = _json(said)
    return text if len(text) <= MOST_NOTED else text[:MOST_NOTED] + "…"


def _json(value: object) -> str:
    return json.dumps(as_json({"value": plain(value)})["value"], ensure_ascii=False)
