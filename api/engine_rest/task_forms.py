"""The form of a user task: which one, its file, and what it is filled with."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import Response, jsonify

from api.engine_rest.rendered_forms import XHTML, rendered
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.task_rows import FormRefShown, form_of, node_of
from api.engine_rest.task_variables import variables_of, visible
from api.engine_rest.variables import shown
from api.engine_rest.wire import Camel, Dto, Listed
from casework import task_view
from engine import user_tasks
from engine.errors import NotFound, Sentence
from engine.tables import UserTask
from engine.transaction import Transaction

routes = CamundaRoutes("task-form", "Forms of user tasks.")

RENDERED = "embedded:engine://engine/:engine/{}/rendered-form"
"""By this key Camunda's tasklists look for a form whose fields stand in the diagram."""
NO_FIELDS = Sentence("流程图中没有为此绘制表单字段。", "No form fields are drawn for this in the diagram.")


class FormShown(Camel):
    """Which form a task has."""

    key = ma.fields.String(required=True, allow_none=True)
    camunda_form_ref = ma.fields.Nested(FormRefShown, required=True, allow_none=True)
    operaton_form_ref = ma.fields.Nested(FormRefShown, required=True, allow_none=True)
    context_path = ma.fields.String(required=True, allow_none=True)


class NamesQuery(Dto):
    """Which variables, all unless said otherwise."""

    variable_names = Listed(ma.fields.String(), load_default=None)


@routes.get("/task/<task_id>/form", "任务表单", "user_tasks.read", answer=FormShown)
def show_form(tx: Transaction, task_id: str) -> dict[str, Any]:
    """Show which form a task has"""
    task = visible(tx, task_id)
    form = form_of(tx, task)
    key = form["form_key"] if _fields(tx, task) is None else RENDERED.format(f"task/{task_id}")
    return form | {"key": key, "context_path": None}


def _fields(tx: Transaction, task: UserTask) -> bytes | None:
    """The form whose fields stand in the diagram."""
    assignment = node_of(tx, task).assignment
    return assignment.form.document if assignment and assignment.form else None


@routes.get("/task/<task_id>/deployed-form", "任务表单文件", "user_tasks.read")
def show_deployed_form(tx: Transaction, task_id: str) -> Response:
    """Show the form that a task was created with"""
    document = user_tasks.form_document(tx, visible(tx, task_id))
    if document is None:
        raise NotFound(Sentence("该任务没有表单。", "The task has no deployed form."))
    return Response(document, mimetype="application/json")


@routes.get("/task/<task_id>/rendered-form", "任务表单网页", "user_tasks.read", also=XHTML)
def show_rendered_form(tx: Transaction, task_id: str) -> Response:
    """Show the fields that the diagram draws with a task as XHTML"""
    task = visible(tx, task_id)
    fields = _fields(tx, task)
    if fields is None:
        raise NotFound(NO_FIELDS)
    return rendered(fields, values_of(tx, task))


@routes.get("/task/<task_id>/form-variables", "表单变量", "user_tasks.read", query=NamesQuery)
def show_form_variables(tx: Transaction, query: dict[str, Any], task_id: str) -> Response:
    """Show what a task's form is filled with"""
    task = visible(tx, task_id)
    found = variables_of(tx, task) | {name: shown(value) for name, value in values_of(tx, task).items()}
    wanted = query["variable_names"]
    return jsonify({name: one for name, one in found.items() if wanted is None or name in wanted})


def values_of(tx: Transaction, task: UserTask) -> Mapping[str, object]:
    """What the form is shown with: the draft over what the task sees."""
    values: Mapping[str, object] = task_view.show(tx, task.id)["values"]
    return values
