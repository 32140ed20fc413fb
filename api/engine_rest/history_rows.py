"""What rows of Camunda's history say alike: where they belong, how long something lasted, what was visited."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import marshmallow as ma

from api.engine_rest.wire import Moment, Whole, definition_id, tenant_of
from engine import definitions
from engine.columns import MILLISECOND
from engine.diagram.model import Node
from engine.errors import Sentence
from engine.tables import ProcessDefinition, ProcessInstance
from engine.transaction import Transaction

BY_NAME = Sentence(
    "活动名称写在流程图中，不能据以筛选或排序；请用活动标识（activityId）。",
    "Names of activities are in the diagrams: a list cannot be narrowed by them; use the activity's id.",
)
NOT_KEPT = Sentence("本系统不保存该项历史。", "This history is not kept.")


class PlaceShown(Whole):
    """Where a row of the history belongs."""

    process_definition_id = ma.fields.String()
    process_definition_key = ma.fields.String()
    process_instance_id = ma.fields.String()
    root_process_instance_id = ma.fields.String()
    tenant_id = ma.fields.String()
    removal_time = Moment()


class CaseKeysShown(Whole):
    """Keys of CMMN, always null."""

    case_definition_key = ma.fields.String()
    case_definition_id = ma.fields.String()
    case_instance_id = ma.fields.String()
    case_execution_id = ma.fields.String()


def place(instance: ProcessInstance | None, definition: ProcessDefinition | None) -> dict[str, Any]:
    """Where a row belongs; nowhere, where it is of no instance."""
    said: dict[str, Any] = {}
    if definition is not None:
        said["process_definition_id"] = definition_id(definition.key, definition.version, definition.id)
        said["process_definition_key"] = definition.key
    if instance is not None:
        said["process_instance_id"] = instance.id
        said["root_process_instance_id"] = instance.root_id
        said["tenant_id"] = tenant_of(instance.region)
        said["removal_time"] = instance.removal_at
    return said


def lasted(begin: datetime, end: datetime | None) -> int | None:
    """Milliseconds; null while it goes on."""
    return None if end is None else (end - begin) // MILLISECOND


def nodes(tx: Transaction, definition_ids: Iterable[str]) -> Mapping[str, Mapping[str, Node]]:
    """The diagrams' nodes of some definitions, by id."""
    return {one: definitions.load(tx, one).process.nodes for one in set(definition_ids)}
