"""User tasks as Camunda shows them, with what a client wants to be told beside."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import marshmallow as ma
from sqlalchemy import Row, select

from api.engine_rest.task_variables import local_variables_of, variables_of
from api.engine_rest.wire import Camel, Moment, definition_id, tenant_of
from casework.tables import Material, TaskComment
from casework.visibility import visible_task
from engine import definitions
from engine.diagram.model import Node
from engine.tables import InstanceState, UserTask
from engine.transaction import Transaction


class FormRefShown(Camel):
    """A Camunda form that a task is bound to."""

    key = ma.fields.String(required=True)
    binding = ma.fields.String(required=True)
    version = ma.fields.Integer(allow_none=True)


class TaskShown(Camel):
    """A user task as Camunda shows it; the last three where they were asked for."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True, allow_none=True)
    assignee = ma.fields.String(required=True, allow_none=True)
    created = Moment(required=True)
    due = Moment(required=True, allow_none=True)
    follow_up = Moment(required=True, allow_none=True)
    last_updated = Moment(required=True, allow_none=True)
    delegation_state = ma.fields.String(required=True, allow_none=True)
    description = ma.fields.String(required=True, allow_none=True)
    execution_id = ma.fields.String(required=True)
    owner = ma.fields.String(required=True, allow_none=True)
    parent_task_id = ma.fields.String(required=True, allow_none=True)
    priority = ma.fields.Integer(required=True)
    process_definition_id = ma.fields.String(required=True)
    process_instance_id = ma.fields.String(required=True)
    task_definition_key = ma.fields.String(required=True)
    case_execution_id = ma.fields.String(required=True, allow_none=True)
    case_instance_id = ma.fields.String(required=True, allow_none=True)
    case_definition_id = ma.fields.String(required=True, allow_none=True)
    suspended = ma.fields.Boolean(required=True)
    form_key = ma.fields.String(required=True, allow_none=True)
    camunda_form_ref = ma.fields.Nested(FormRefShown, required=True, allow_none=True)
    operaton_form_ref = ma.fields.Nested(FormRefShown, required=True, allow_none=True)
    tenant_id = ma.fields.String(required=True, allow_none=True)
    task_state = ma.fields.String(required=True)
    attachment = ma.fields.Boolean()
    comment = ma.fields.Boolean()
    variables = ma.fields.Dict()


def shown(tx: Transaction, row: Row[*tuple[Any, ...]]) -> dict[str, Any]:
    """A task in Camunda's words."""
    task, instance, definition = row
    return {
        "id": task.id,
        "name": task.name,
        "assignee": task.assignee,
        "created": task.created_at,
        "due": task.due_at,
        "follow_up": task.follow_up_at,
        "last_updated": task.claimed_at,
        "delegation_state": task.delegation_state,
        "description": task.description,
        "execution_id": task.id,
        "owner": task.owner,
        "parent_task_id": None,
        "priority": task.priority,
        "process_definition_id": definition_id(definition.key, definition.version, definition.id),
        "process_instance_id": task.instance_id,
        "task_definition_key": task.activity_id,
        "case_execution_id": None,
        "case_instance_id": None,
        "case_definition_id": None,
        "suspended": instance.state == InstanceState.SUSPENDED,
        **form_of(tx, task),
        "tenant_id": tenant_of(task.region),
        "task_state": "Created",
    }


def all_shown(
    tx: Transaction, rows: Sequence[Row[*tuple[Any, ...]]], extras: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Tasks in Camunda's words, with what was asked for beside them."""
    found = [shown(tx, row) for row in rows]
    ids = [one["id"] for one in found]
    if extras.get("with_comment_attachment_info"):
        noted = {name: _having(tx, column, ids) for name, column in NOTES.items()}
        found = [one | {name: one["id"] in having for name, having in noted.items()} for one in found]
    if extras.get("with_task_variables_in_return") or extras.get("with_task_local_variables_in_return"):
        told = {row[0].id: _variables(tx, row[0], extras) for row in _readable(tx, rows)}
        found = [one | {"variables": told.get(one["id"], {})} for one in found]
    return found


NOTES = {"comment": TaskComment.task_id, "attachment": Material.task_id}
"""What may stand beside a task, and where its row names the task."""


def _having(tx: Transaction, column: Any, ids: Sequence[str]) -> set[str]:
    return set(tx.session.scalars(select(column).where(column.in_(ids)).distinct()))


def _readable(tx: Transaction, rows: Sequence[Row[*tuple[Any, ...]]]) -> Iterable[Row[*tuple[Any, ...]]]:
    """The tasks whose content the caller may read: who oversees processes knows of more."""
    ids = [row[0].id for row in rows]
    mine = set(tx.session.scalars(select(UserTask.id).where(UserTask.id.in_(ids), visible_task(tx.actor))))
    return [row for row in rows if row[0].id in mine]


def _variables(tx: Transaction, task: UserTask, extras: Mapping[str, Any]) -> dict[str, Any]:
    seen = variables_of(tx, task) if extras.get("with_task_variables_in_return") else {}
    return seen | local_variables_of(tx, task)


def node_of(tx: Transaction, task: UserTask) -> Node:
    """The task's element in the diagram it was created by."""
    return definitions.load(tx, task.definition_id).node(task.activity_id)


def form_of(tx: Transaction, task: UserTask) -> dict[str, Any]:
    """A form by reference under both distributions' names for it, or the key of one of another kind."""
    assignment = node_of(tx, task).assignment
    form = assignment.form if assignment else None
    if form is None or form.reference is None:
        return {"form_key": task.form_key, "camunda_form_ref": None, "operaton_form_ref": None}
    version = None if form.version is None else form.version.evaluate({}, {})
    reference = {"key": task.form_key, "binding": form.binding, "version": version}
    return {"form_key": None, "camunda_form_ref": reference, "operaton_form_ref": reference}
