"""Variables of user tasks: those a task sees, and those of the task alone (`localVariables`).

Of a case they are shown to who works on the task, as far as the item says, and changed by its form alone.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from flask import Response, jsonify

from api.engine_rest.lists import titled
from api.engine_rest.process_instance_variables import Modifications, VariableSaid, check_name
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.variables import shown, shown_rows
from casework import case_view
from casework.tables import Case
from engine import task_variables
from engine.errors import Invalid, NotFound, Sentence
from engine.queries import scopes
from engine.store.values import value_of
from engine.tables import TaskState, UserTask, Variable
from engine.transaction import Transaction

routes = CamundaRoutes("task-variables", "Variables of user tasks.")

NO_FILE = Sentence(
    "该变量不是文件或二进制数据；文件请作为任务附件或表单的文件字段提交。",
    "This variable is no file and no bytes; files are attached to the task, or handed in with a field of its form.",
)


def visible(tx: Transaction, task_id: str) -> UserTask:
    """An open task whose content the caller may read: what a case holds is told to whoever works on it. Raises
    NotFound, for a task that has ended too (Camunda 7)."""
    task = tx.session.get(UserTask, task_id)
    if task is None or task.state != TaskState.CREATED:
        raise NotFound
    tx.ports.may(tx, "user_tasks.read", task)
    return task


def variables_of(tx: Transaction, task: UserTask) -> dict[str, Any]:
    """What the task sees; an outside participant only what the item names for it."""
    return _open_part(tx, task, scopes.visible(tx, scopes.around(tx, task.id, task.instance_id)))


def local_variables_of(tx: Transaction, task: UserTask) -> dict[str, Any]:
    """The variables of the task alone, which a diagram may have taken from the case; as far as `variables_of`."""
    return _open_part(tx, task, scopes.visible(tx, [task.id]))


def _open_part(tx: Transaction, task: UserTask, seen: Mapping[str, Variable]) -> dict[str, Any]:
    case = tx.session.get(Case, task.root_id)
    sight = None if case is None else case_view.read(tx, case).sight
    if sight is None or sight.fields is None:
        return shown_rows(tx, seen.values())
    open_part = sight.open_part({name: value_of(row) for name, row in seen.items()})
    return {name: shown(value) for name, value in open_part.items()}


class Kind(NamedTuple):
    """Where variables are: the part of the address, what they are called, and how they are read."""

    place: str
    zh: str
    en: str
    read: Callable[[Transaction, UserTask], dict[str, Any]]
    local: bool


KINDS = (
    Kind("variables", "任务可见变量", "the variables that a task sees", variables_of, local=False),
    Kind("localVariables", "任务局部变量", "the variables of a task alone", local_variables_of, local=True),
)


def _read(kind: Kind) -> None:
    address = f"/task/<task_id>/{kind.place}"

    @routes.get(address, kind.zh, "user_tasks.read")
    @titled(f"Show {kind.en}")
    def show_all(tx: Transaction, task_id: str) -> Response:
        return jsonify(kind.read(tx, visible(tx, task_id)))

    @routes.get(f"{address}/<name>", kind.zh, "user_tasks.read")
    @titled(f"Show one of {kind.en}")
    def show_one(tx: Transaction, task_id: str, name: str) -> Response:
        return jsonify(_one(tx, kind, task_id, name))

    @routes.get(f"{address}/<name>/data", f"{kind.zh}的文件", "user_tasks.read")
    @titled(f"Download one of {kind.en}")
    def show_data(tx: Transaction, task_id: str, name: str) -> Response:
        _one(tx, kind, task_id, name)
        raise Invalid(NO_FILE)


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
        task_variables.change(tx, task_id, {check_name(name): body["said"]}, [], local=kind.local)
        return Response(status=204)

    @routes.post(f"{address}/<name>/data", f"上传{kind.zh}", act, status=204)
    @titled(f"Set one of {kind.en} to a file")
    def put_data(tx: Transaction, task_id: str, name: str) -> Response:
        visible(tx, task_id)
        raise Invalid(NO_FILE)

    @routes.delete(f"{address}/<name>", f"删除{kind.zh}", act, status=204)
    @titled(f"Remove one of {kind.en}")
    def remove(tx: Transaction, task_id: str, name: str) -> Response:
        task_variables.change(tx, task_id, {}, [name], local=kind.local)
        return Response(status=204)


def _one(tx: Transaction, kind: Kind, task_id: str, name: str) -> dict[str, Any]:
    found = kind.read(tx, visible(tx, task_id))
    if name not in found:
        said = name[:200]
        raise NotFound(Sentence(f"没有任务变量“{said}”。", f"Task variable {said} does not exist."))
    variable: dict[str, Any] = found[name]
    return variable


for one in KINDS:
    _read(one)
    _changed(one)
