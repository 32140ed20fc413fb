"""Variables of user tasks: those a task sees, and those of the task alone (`localVariables`).

Of a case they are shown to who works on the task, as far as the item says, and changed by its form alone.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from flask import Response, jsonify

from api.engine_rest import variable_data
from api.engine_rest.lists import titled
from api.engine_rest.process_instance_variables import Modifications, VariableSaid, check_name
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.variable_data import DataForm
from api.engine_rest.variables import DeserializationQuery, DeserializationsQuery, shown, shown_rows
from casework import items, sight
from casework.sight import Sight
from casework.tables import Case
from engine import task_variables
from engine.errors import NotFound, Sentence
from engine.queries import scopes
from engine.store.values import value_of
from engine.tables import TaskState, UserTask, Variable
from engine.transaction import Transaction

routes = CamundaRoutes("task-variables", "Variables of user tasks.")


def visible(tx: Transaction, task_id: str) -> UserTask:
    """An open task whose content the caller may read: what a case holds is told to whoever works on it. Raises
    NotFound, for a task that has ended too (Camunda 7)."""
    task = tx.session.get(UserTask, task_id)
    if task is None or task.state != TaskState.CREATED:
        raise NotFound
    tx.ports.may(tx, "user_tasks.read", task)
    return task


def variables_of(tx: Transaction, task: UserTask, *, deserialized: bool = True) -> dict[str, Any]:
    """What the task sees; an outside participant only what the item names for it."""
    return _shown(tx, task, _seen(tx, task), deserialized=deserialized)


def local_variables_of(tx: Transaction, task: UserTask, *, deserialized: bool = True) -> dict[str, Any]:
    """The variables of the task alone, which a diagram may have taken from the case; as far as `variables_of`."""
    return _shown(tx, task, _own(tx, task), deserialized=deserialized)


def _seen(tx: Transaction, task: UserTask) -> Mapping[str, Variable]:
    return scopes.visible(tx, scopes.around(tx, task.id, task.instance_id))


def _own(tx: Transaction, task: UserTask) -> Mapping[str, Variable]:
    return scopes.visible(tx, [task.id])


def _shown(tx: Transaction, task: UserTask, seen: Mapping[str, Variable], *, deserialized: bool) -> dict[str, Any]:
    narrow = _narrow(tx, task)
    if narrow is None:
        return shown_rows(tx, seen.values(), deserialized=deserialized)
    open_part = narrow.open_part({name: value_of(row) for name, row in seen.items()})
    return {name: shown(value) for name, value in open_part.items()}


def _narrow(tx: Transaction, task: UserTask) -> Sight | None:
    """How an outside participant sees a case; None for who sees it whole, or where there is none."""
    case = tx.session.get(Case, task.root_id)
    seen = None if case is None else sight.of(tx, case, items.document(tx, case.item_id))
    return None if seen is None or seen.fields is None else seen


class Kind(NamedTuple):
    """Where variables are: the part of the address, what they are called, and which they are."""

    place: str
    zh: str
    en: str
    rows: Callable[[Transaction, UserTask], Mapping[str, Variable]]
    local: bool


KINDS = (
    Kind("variables", "任务可见变量", "the variables that a task sees", _seen, local=False),
    Kind("localVariables", "任务局部变量", "the variables of a task alone", _own, local=True),
)


def _read(kind: Kind) -> None:
    address = f"/task/<task_id>/{kind.place}"

    @routes.get(address, kind.zh, "user_tasks.read", query=DeserializationsQuery)
    @titled(f"Show {kind.en}")
    def show_all(tx: Transaction, query: dict[str, Any], task_id: str) -> Response:
        task = visible(tx, task_id)
        return jsonify(_shown(tx, task, kind.rows(tx, task), deserialized=query["deserialize_values"]))

    @routes.get(f"{address}/<name>", kind.zh, "user_tasks.read", query=DeserializationQuery)
    @titled(f"Show one of {kind.en}")
    def show_one(tx: Transaction, query: dict[str, Any], task_id: str, name: str) -> Response:
        task, row = _one(tx, kind, task_id, name)
        found = _shown(tx, task, {name: row}, deserialized=query["deserialize_value"])
        if name not in found:
            raise _none_such(name)
        return jsonify(found[name])

    @routes.get(f"{address}/<name>/data", f"{kind.zh}的文件", "user_tasks.read")
    @titled(f"Download one of {kind.en}")
    def show_data(tx: Transaction, task_id: str, name: str) -> Response:
        task, row = _one(tx, kind, task_id, name)
        narrow = _narrow(tx, task)
        if narrow is not None and not narrow.whole(name):
            raise _none_such(name)
        return variable_data.downloaded(tx, row)


def _changed(kind: Kind) -> None:
    address, act = f"/task/<task_id>/{kind.place}", "user_tasks.set_variables"

    @routes.post(address, f"修改{kind.zh}", act, body=Modifications, status=204)
    @titled(f"Set and remove {kind.en}")
    def modify(tx: Transaction, body: dict[str, Any], task_id: str) -> Response:
        task_variables.change(tx, task_id, body["modifications"], body["deletions"], local=kind.local)
        return Response(status=204)

    @routes.put(f"{address}/<name>", f"修改{kind.zh}", act, body=VariableSaid, status=204)
    @titled(f"Set one of {kind.en}")
    def put(tx: Transaction, body: dict[str, Any], task_id: str, name: str) -> Response:
        task_variables.change(tx, task_id, {check_name(name): body["value"]}, [], local=kind.local)
        return Response(status=204)

    @routes.post(
        f"{address}/<name>/data",
        f"上传{kind.zh}的文件",
        act,
        body=DataForm,
        multipart=True,
        most=variable_data.MOST,
        status=204,
    )
    @titled(f"Set one of {kind.en} to a file")
    def put_data(tx: Transaction, body: dict[str, Any], task_id: str, name: str) -> Response:
        values = {check_name(name): variable_data.uploaded(body)}
        task_variables.change(tx, task_id, values, [], local=kind.local)
        return Response(status=204)

    @routes.delete(f"{address}/<name>", f"删除{kind.zh}", act, status=204)
    @titled(f"Remove one of {kind.en}")
    def remove(tx: Transaction, task_id: str, name: str) -> Response:
        task_variables.change(tx, task_id, {}, [name], local=kind.local)
        return Response(status=204)


def _one(tx: Transaction, kind: Kind, task_id: str, name: str) -> tuple[UserTask, Variable]:
    task = visible(tx, task_id)
    found = kind.rows(tx, task).get(name)
    if found is None:
        raise _none_such(name)
    return task, found


def _none_such(name: str) -> NotFound:
    said = name[:200]
    return NotFound(Sentence(f"没有任务变量“{said}”。", f"Task variable {said} does not exist."))


for one in KINDS:
    _read(one)
    _changed(one)
