"""The form that a process shows where it starts, and starting a process with what was filled in."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import Response, jsonify

from api.engine_rest import process_definitions, process_instances
from api.engine_rest.process_definitions import StartDto
from api.engine_rest.process_instances import InstanceShown
from api.engine_rest.rendered_forms import XHTML, rendered
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.task_forms import NO_FIELDS, RENDERED, FormShown
from api.engine_rest.variables import shown
from api.engine_rest.wire import Dto, Listed, definition_id
from casework import filled_forms, form_files, items
from casework.filled_forms import Shown
from engine import process_starts, start_forms
from engine.errors import Invalid, NotFound, Sentence
from engine.start_forms import StartForm
from engine.tables import ProcessDefinition
from engine.transaction import Transaction
from forms import Form

routes = CamundaRoutes("start-form", "Forms at the start of processes.")

NO_FORM = Sentence("该流程的开始事件上没有表单。", "No start form data could be found for the process definition.")
NO_FILE = Sentence("该表单不是已部署的文件。", "The start form is no deployed file.")
ADDRESSES = (
    "/process-definition/<definition>",
    "/process-definition/key/<key>",
    "/process-definition/key/<key>/tenant-id/<tenant>",
)


class FormVariablesQuery(Dto):
    """Which variables of a form."""

    variable_names = Listed(ma.fields.String(), load_default=None)


def _form(tx: Transaction, which: Mapping[str, str]) -> tuple[ProcessDefinition, StartForm]:
    definition, _ = process_definitions.seen(tx, **which)
    form = start_forms.of(tx, definition)
    if form is None:
        raise Invalid(NO_FORM)
    return definition, form


def show_form(tx: Transaction, **which: str) -> dict[str, Any]:
    """Show which form a process starts with"""
    definition, form = _form(tx, which)
    if form.binding is not None:
        reference = {"key": form.key, "binding": form.binding, "version": form.version}
        return {"key": None, "camunda_form_ref": reference, "operaton_form_ref": reference, "context_path": None}
    wire_id = definition_id(definition.key, definition.version, definition.id)
    return {
        "key": form.key if form.document is None else RENDERED.format(f"process-definition/{wire_id}"),
        "camunda_form_ref": None,
        "operaton_form_ref": None,
        "context_path": None,
    }


def show_deployed_form(tx: Transaction, **which: str) -> Response:
    """Show the file of the form that a process starts with"""
    definition, form = _form(tx, which)
    if form.binding is None and form.file_name is None and form.document is None:
        raise Invalid(NO_FILE)
    content = start_forms.file_of(tx, definition, form)
    if content is None:
        said = str(form.file_name or form.key)[:200]
        raise NotFound(
            Sentence(f"没有部署表单“{said}”。", f"The form with the resource name '{said}' cannot be found.")
        )
    is_page = (form.file_name or "").endswith((".html", ".htm"))
    return Response(content, mimetype="application/octet-stream" if is_page else "application/json")


def show_rendered_form(tx: Transaction, **which: str) -> Response:
    """Show the fields that the diagram draws at the start of a process as XHTML"""
    definition, _ = process_definitions.seen(tx, **which)
    form = start_forms.of(tx, definition)
    if form is None or form.document is None:
        raise NotFound(NO_FIELDS)
    return rendered(form.document, start_forms.begins_with(form, {}))


def show_form_variables(tx: Transaction, query: dict[str, Any], **which: str) -> Response:
    """Show what the form at the start of a process is filled with"""
    definition, _ = process_definitions.seen(tx, **which)
    form = start_forms.of(tx, definition)
    found = {name: shown(value) for name, value in start_forms.begins_with(form, {}).items()} if form else {}
    wanted = query["variable_names"]
    return jsonify({name: one for name, one in found.items() if wanted is None or name in wanted})


def submit_form(tx: Transaction, body: dict[str, Any], **which: str) -> dict[str, Any]:
    """Start a process with a form that was filled in, once it holds"""
    process_definitions.check_key(body["business_key"])
    definition, _ = process_definitions.one(tx, process_definitions.meant(**which))
    process_starts.check_starter(tx, definition.id)
    form, values = _held(tx, definition, body["variables"])
    begun = process_starts.start_by_person(
        tx,
        definition.id,
        region=definition.region,
        business_key=body["business_key"],
        variables=values,
    )
    if form is not None:
        form_files.start_with(tx, begun, form, values)
    return process_instances.begun(tx, begun, definition, with_variables=bool(body["with_variables_in_return"]))


def _held(
    tx: Transaction, definition: ProcessDefinition, variables: Mapping[str, object]
) -> tuple[Form | None, Mapping[str, object]]:
    """The form, and what is kept of it; where there is none, or it lives elsewhere, what was said. Raises Invalid."""
    form = start_forms.of(tx, definition)
    document = None if form is None else start_forms.file_of(tx, definition, form)
    is_page = form is not None and form.binding is None and form.document is None
    if form is None or document is None or is_page:
        return None, variables
    shown_at = Shown(items.local_day(tx), tx.now)
    compiled = filled_forms.compiled(document)
    kept = filled_forms.checked(compiled, variables, shown_at)
    if faults := form_files.faults(tx, compiled, kept):
        raise Invalid(faults=faults)
    return compiled, kept | start_forms.begins_with(form, kept)


for address in ADDRESSES:
    routes.get(f"{address}/startForm", "启动表单", "definitions.read_startable", answer=FormShown)(show_form)
    routes.get(f"{address}/deployed-start-form", "启动表单文件", "definitions.read_startable")(show_deployed_form)
    routes.get(f"{address}/rendered-form", "启动表单网页", "definitions.read_startable", also=XHTML)(show_rendered_form)
    routes.get(f"{address}/form-variables", "启动表单变量", "definitions.read_startable", query=FormVariablesQuery)(
        show_form_variables
    )
    routes.post(
        f"{address}/submit-form", "提交启动表单", "instances.start_as_named", body=StartDto, answer=InstanceShown
    )(submit_form)
