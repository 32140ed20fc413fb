"""Decisions that processes had made: which version, on which values, by which rules, with what result. Of a case's no
value is shown: it is what its applicant filled in; the course of the case tells who may know."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import marshmallow as ma
from sqlalchemy import Row, Select, select, true

from api.engine_rest.history_rows import CaseKeysShown, PlaceShown, place
from api.engine_rest.kept_elsewhere import Refused, state
from api.engine_rest.paging import Counted, SortKeys, counted, paged
from api.engine_rest.query_parameters import (
    Parameters,
    Query,
    empty,
    equal,
    like,
    nothing,
    of_tenants,
    one_of,
    since,
    until,
    when,
    wire_id,
    wire_ids,
)
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.variables import shown as shown_value
from api.engine_rest.wire import Dto, Flag, Moment, Whole, definition_id
from casework.visibility import in_sight, of_the_office
from engine import decisions
from engine.dmn.model import Literal, Rule, Table
from engine.errors import NotFound, Sentence
from engine.tables import (
    DecisionDefinition,
    DecisionInstance,
    ProcessDefinition,
    ProcessInstance,
    RequirementsDefinition,
)
from engine.transaction import Transaction

routes = CamundaRoutes("history-decision", "Decisions that were made.")

NONE_SUCH = Sentence("没有该历史决策。", "Historic decision instance does not exist.")
WITH_ITS_PROCESS = Sentence(
    "决策的历史随其流程保存和删除：由流程定义的 historyTimeToLive 决定，或用 DELETE /history/process-instance/{id}。",
    "A decision's history is kept and deleted with its process: the definition's historyTimeToLive decides, or "
    "DELETE /history/process-instance/{id}.",
)
LISTED = (
    select(
        DecisionInstance,
        ProcessInstance,
        ProcessDefinition,
        DecisionDefinition,
        RequirementsDefinition,
        of_the_office(DecisionInstance.root_id),
    )
    .join(ProcessInstance, ProcessInstance.id == DecisionInstance.instance_id)
    .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
    .join(DecisionDefinition, DecisionDefinition.id == DecisionInstance.definition_id)
    .outerjoin(RequirementsDefinition, RequirementsDefinition.id == DecisionDefinition.requirements_id)
)
PARAMETERS: Parameters = {
    "decision_instance_id": equal(DecisionInstance.id),
    "decision_instance_id_in": one_of(DecisionInstance.id),
    "decision_definition_id": wire_id(DecisionInstance.definition_id),
    "decision_definition_id_in": wire_ids(DecisionInstance.definition_id),
    "decision_definition_key": equal(DecisionDefinition.key),
    "decision_definition_key_in": one_of(DecisionDefinition.key),
    "decision_definition_name": equal(DecisionDefinition.name),
    "decision_definition_name_like": like(DecisionDefinition.name),
    "process_definition_id": wire_id(ProcessInstance.definition_id),
    "process_definition_key": equal(ProcessDefinition.key),
    "process_instance_id": equal(DecisionInstance.instance_id),
    "case_definition_id": nothing(),
    "case_definition_key": nothing(),
    "case_instance_id": nothing(),
    "activity_id_in": one_of(DecisionInstance.activity_id),
    "activity_instance_id_in": wire_ids(DecisionInstance.activity_instance_id),
    "evaluated_before": until(DecisionInstance.evaluated_at),
    "evaluated_after": since(DecisionInstance.evaluated_at),
    "user_id": nothing(),
    "root_decision_instance_id": equal(DecisionInstance.root_decision_id),
    "root_decision_instances_only": empty(DecisionInstance.root_decision_id),
    "decision_requirements_definition_id": wire_id(DecisionDefinition.requirements_id),
    "decision_requirements_definition_key": equal(RequirementsDefinition.key),
    "include_inputs": when(true()),
    "include_outputs": when(true()),
    **of_tenants(DecisionInstance.region),
}
SORT_KEYS: SortKeys = {"evaluationTime": DecisionInstance.evaluated_at, "tenantId": DecisionInstance.region}
QUERY = Query("HistoricDecision", PARAMETERS, SORT_KEYS, DecisionInstance.id)


class IncludedQuery(Dto):
    """Whether a decision comes with what it was asked and what it answered."""

    include_inputs = Flag(load_default=None)
    include_outputs = Flag(load_default=None)


class InputShown(Whole):
    """A value that a decision was asked with, by the column it stood in."""

    id = ma.fields.String()
    decision_instance_id = ma.fields.String()
    clause_id = ma.fields.String()
    clause_name = ma.fields.String()
    type = ma.fields.String()
    value = ma.fields.Raw()
    value_info = ma.fields.Dict()
    error_message = ma.fields.String()
    create_time = Moment()
    removal_time = Moment()
    root_process_instance_id = ma.fields.String()


class OutputShown(InputShown):
    """A value that a decision answered, by its rule and its column."""

    rule_id = ma.fields.String()
    rule_order = ma.fields.Integer()
    variable_name = ma.fields.String()


class HistoricDecisionShown(PlaceShown, CaseKeysShown):
    """A decision that was made, as Camunda shows it."""

    id = ma.fields.String()
    decision_definition_id = ma.fields.String()
    decision_definition_key = ma.fields.String()
    decision_definition_name = ma.fields.String()
    decision_requirements_definition_id = ma.fields.String()
    decision_requirements_definition_key = ma.fields.String()
    root_decision_instance_id = ma.fields.String()
    evaluation_time = Moment()
    activity_id = ma.fields.String()
    activity_instance_id = ma.fields.String()
    user_id = ma.fields.String()
    inputs = ma.fields.List(ma.fields.Nested(InputShown))
    outputs = ma.fields.List(ma.fields.Nested(OutputShown))
    collect_result_value = ma.fields.Raw()

    class Meta:
        """Camunda's has none of it."""

        exclude = ("case_execution_id",)


def _known(tx: Transaction) -> Select[*tuple[Any, ...]]:
    return LISTED.where(in_sight(tx.actor, DecisionInstance.root_id))


def _said(tx: Transaction, row: Row[*tuple[Any, ...]], wanted: Mapping[str, Any]) -> dict[str, Any]:
    made, instance, process, definition, graph, is_of_the_office = row
    visit = made.activity_instance_id and f"{made.activity_id}:{made.activity_instance_id}"
    return place(instance, process) | {
        "id": made.id,
        "decision_definition_id": definition_id(definition.key, definition.version, definition.id),
        "decision_definition_key": definition.key,
        "decision_definition_name": definition.name,
        "decision_requirements_definition_id": graph and definition_id(graph.key, graph.version, graph.id),
        "decision_requirements_definition_key": graph and graph.key,
        "root_decision_instance_id": made.root_decision_id,
        "evaluation_time": made.evaluated_at,
        "activity_id": made.activity_id,
        "activity_instance_id": visit,
        "inputs": [],
        "outputs": [],
        **({} if is_of_the_office else _values(tx, made, definition, instance, wanted)),
    }


def _values(
    tx: Transaction,
    made: DecisionInstance,
    definition: DecisionDefinition,
    instance: ProcessInstance,
    wanted: Mapping[str, Any],
) -> dict[str, Any]:
    """What it was asked and what it answered, as far as that is wanted."""
    logic = decisions.requirements_of(tx, definition).decisions[definition.key].logic
    either = {
        "decision_instance_id": made.id,
        "create_time": made.evaluated_at,
        "removal_time": instance.removal_at,
        "root_process_instance_id": made.root_id,
    }
    inputs = _inputs(logic, json.loads(made.inputs)) if wanted.get("include_inputs") else ()
    outputs = _outputs(logic, json.loads(made.outputs)) if wanted.get("include_outputs") else ()
    return {
        "inputs": [either | {"id": f"{made.id}:i{number}"} | one for number, one in enumerate(inputs)],
        "outputs": [either | {"id": f"{made.id}:o{number}"} | one for number, one in enumerate(outputs)],
        "collect_result_value": None if made.collected is None else json.loads(made.collected),
    }


def _inputs(logic: Table | Literal, values: Sequence[Any]) -> Iterator[dict[str, Any]]:
    columns = logic.inputs if isinstance(logic, Table) else ()
    for column, value in zip(columns, values, strict=True):
        yield {"clause_id": column.id, "clause_name": column.label, **_typed(value, column.type)}


def _outputs(logic: Table | Literal, hits: Sequence[Any]) -> Iterator[dict[str, Any]]:
    for number, row in hits:
        rule = logic.rules[number - 1] if isinstance(logic, Table) and number is not None else None
        yield from _answers(logic, rule, row)


def _answers(logic: Table | Literal, rule: Rule | None, row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    columns = {one.name: one for one in logic.outputs} if isinstance(logic, Table) else {}
    for name, value in row.items():
        column = columns.get(name)
        yield {
            "clause_id": column and column.id,
            "clause_name": column and column.name,
            "rule_id": rule and rule.id,
            "rule_order": rule and rule.number,
            "variable_name": name,
            **_typed(value, column.type if column else logic.type if isinstance(logic, Literal) else None),
        }


def _typed(value: Any, kind: str | None) -> dict[str, Any]:
    """A kept value; an instant is one again where its column says so."""
    is_instant = kind in ("date", "dateTime") and isinstance(value, str) and "T" in value
    said = shown_value(datetime.fromisoformat(value) if is_instant else value)
    return {"type": said["type"], "value": said["value"], "value_info": said["valueInfo"]}


@routes.get(
    "/history/decision-instance",
    "历史决策",
    "instances.read",
    query=QUERY.address,
    answer=HistoricDecisionShown(many=True),
)
def list_decisions(tx: Transaction, query: dict[str, Any]) -> list[dict[str, Any]]:
    """List historic decision instances"""
    rows = paged(tx, QUERY.narrowed(tx, _known(tx), query), SORT_KEYS, query, QUERY.last)
    return [_said(tx, row, query) for row in rows]


@routes.get("/history/decision-instance/count", "历史决策数", "instances.read", query=QUERY.filter, answer=Counted)
def count_decisions(tx: Transaction, query: dict[str, Any]) -> dict[str, int]:
    """Count historic decision instances"""
    return counted(tx, QUERY.narrowed(tx, _known(tx), query))


@routes.get(
    "/history/decision-instance/<decision_instance_id>",
    "历史决策",
    "instances.read",
    query=IncludedQuery,
    answer=HistoricDecisionShown,
)
def show_decision(tx: Transaction, query: dict[str, Any], decision_instance_id: str) -> dict[str, Any]:
    """Show a decision that was made"""
    found = tx.session.execute(_known(tx).where(DecisionInstance.id == decision_instance_id)).first()
    if found is None:
        raise NotFound(NONE_SUCH)
    return _said(tx, found, query)


PATH = "/history/decision-instance"
state(
    routes,
    (
        Refused("POST", f"{PATH}/delete", "instances.read", "删除历史决策", "Delete decisions", WITH_ITS_PROCESS),
        Refused("POST", f"{PATH}/set-removal-time", "instances.read", "设定期限", "Set a time", WITH_ITS_PROCESS),
    ),
)
