"""Variables that a case holds by right, or a supervision order: no message, signal or connected system sets them from
outside. What is brought from there has names of its own, or those of the output parameters of its step.

Held are the fields of the application form and of the forms of the steps, what the office's acts set, and what the
diagrams themselves write. What a diagram hands on (camunda:out, outputs, thrown payloads) is its designer's will.
"""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from threading import Lock
from typing import NamedTuple

from sqlalchemy import func, select

from casework import filled_forms, items, office_messages
from casework.meaning import Name
from casework.tables import Case
from casework.visibility import of_the_office
from engine import definitions
from engine.diagram.model import Listener, Node, Process
from engine.errors import Forbidden, Sentence
from engine.expressions import Expression
from engine.ports import ENGINE
from engine.queries.definitions import EVERYWHERE, of_key
from engine.store import instance_rows
from engine.tables import Deployment, ExternalTask, FormDefinition, ProcessInstance, Resource, Subscription
from engine.transaction import Transaction
from forms import Form

HELD = Sentence(
    "变量“{names}”由该办件持有（申请表、各环节的表单和结论、办件操作或流程图所定），不能从外部设定；对接系统请使用自己的变量名，"
    "或由流程图在该环节以输出参数写明。",
    "The case itself holds {names}: its forms, its outcomes, the acts on it or its diagram write that, and nothing "
    "sets it from outside. Give what is brought a name of its own, or draw it as an output parameter of the step.",
)
OF_CASES = frozenset(
    {
        "case_number",
        "item",
        "applicant_name",
        "submitted_by",
        "rounds",
        "on_missed_deferral",
        "matters",
        "participants",
        "outcome",
        "comment",
        "withdrawal_reason",
        "corrections",
        "deferred_materials",
        "deferred_how",
        "term_department",
        "term_handler",
        "term_approver",
    }
)
"""What the office's acts set of every case (docs/diagrams.md)."""
OF_ORDERS = frozenset({"order_number", "demand", "return_reason", "unit_head"})
"""What a supervision order begins with."""
MOST_KEPT = 512

_kept: OrderedDict["Tree", frozenset[str]] = OrderedDict()
_lock = Lock()


class Tree(NamedTuple):
    """What decides which names a case holds: its item's version, its diagrams, and what is deployed by now."""

    region: str
    item_id: str | None
    definition_ids: frozenset[str]
    deployed: tuple[int, str | None]


def check(tx: Transaction, waiting: Sequence[Subscription | ExternalTask], names: Collection[str]) -> None:
    """The engine's port `may_bring`. Raises Forbidden, naming what is held. One statement, unless something was
    deployed since it was last asked; none where no name is brought."""
    if tx.actor is ENGINE or not names:
        return
    asked = [one for one in waiting if not _is_of_an_act(one)]
    trees = _trees(tx, {one.root_id for one in asked if one.root_id is not None})
    for one in asked:
        tree = trees.get(one.root_id or "")
        if tree is not None and (held := set(names) & _held(tx, tree)):
            _refuse(held - _own(tx, one))


def _refuse(names: Collection[str]) -> None:
    if names:
        said = ", ".join(sorted(names))
        raise Forbidden(Sentence(HELD.zh.format(names=said), HELD.en.format(names=said)))


def _is_of_an_act(waiting: Subscription | ExternalTask) -> bool:
    """What an act on the case tells the diagram: nobody else can send it, and it brings what the act has checked."""
    if isinstance(waiting, ExternalTask):
        return False
    return waiting.kind == "message" and waiting.name in office_messages.SENT_BY


def _trees(tx: Transaction, root_ids: Collection[str]) -> Mapping[str, Tree]:
    """Those of these trees that are the office's."""
    if not root_ids:
        return {}
    newest = select(Deployment.id).order_by(Deployment.id.desc()).limit(1).scalar_subquery()
    deployed = select(func.count()).select_from(Deployment).scalar_subquery()
    found = tx.session.execute(
        select(ProcessInstance.root_id, ProcessInstance.region, ProcessInstance.definition_id, Case.item_id)
        .add_columns(deployed.label("deployed"), newest.label("newest"))
        .outerjoin(Case, Case.root_id == ProcessInstance.root_id)
        .where(ProcessInstance.root_id.in_(root_ids), of_the_office(ProcessInstance.root_id))
        .distinct()
    ).all()
    ids: dict[str, set[str]] = {}
    for row in found:
        ids.setdefault(row.root_id, set()).add(row.definition_id)
    return {
        row.root_id: Tree(row.region, row.item_id, frozenset(ids[row.root_id]), (row.deployed, row.newest))
        for row in found
    }


def _held(tx: Transaction, tree: Tree) -> frozenset[str]:
    with _lock:
        names = _kept.get(tree)
    if names is None:
        names = _names(tx, tree)
        with _lock:
            _kept[tree] = names
            if len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
    return names


def _names(tx: Transaction, tree: Tree) -> frozenset[str]:
    processes = _processes(tx, tree)
    shown = [form for process in processes for form in _references(process)]
    keys = {form.text for form in shown} | ({items.document(tx, tree.item_id).form} if tree.item_id else set())
    is_known = all(form.is_literal for form in shown)
    written = {name for process in processes for name in _written(process)}
    fields = {name for form in _forms(tx, tree.region, keys if is_known else None) for name in _fields(form)}
    return frozenset(written | fields) | (OF_ORDERS if tree.item_id is None else OF_CASES)


def _processes(tx: Transaction, tree: Tree) -> list[Process]:
    """The diagrams that run in the tree, and those that they are drawn to call, each in its newest version."""
    found = [definitions.load(tx, definition_id).process for definition_id in sorted(tree.definition_ids)]
    seen = {process.key for process in found}
    for process in found:
        for key in _called(process) - seen:
            seen.add(key)
            newest = tx.session.scalars(of_key(key, tree.region).limit(1)).first()
            found += [] if newest is None else [definitions.load(tx, newest.id).process]
    return found


def _called(process: Process) -> set[str]:
    calls = [node.call.called_element for node in process.nodes.values() if node.call]
    return {called.text for called in calls if called.is_literal}


def _references(process: Process) -> Iterator[Expression]:
    for node in process.nodes.values():
        form = node.assignment.form if node.assignment else None
        if form is not None and form.reference is not None:
            yield form.reference


def _forms(tx: Transaction, region: str, keys: Collection[str] | None) -> Iterator[Form]:
    """Every version of these forms, of all where a diagram computes which: a task shows the one it was created with."""
    files = select(Resource.content).join(FormDefinition, FormDefinition.resource_id == Resource.id)
    meant = files.where(FormDefinition.region.in_({region, EVERYWHERE}))
    named = meant if keys is None else meant.where(FormDefinition.key.in_(keys))
    yield from (filled_forms.compiled(content) for content in tx.session.scalars(named))


def _fields(form: Form) -> Iterator[str]:
    """The variables that a form writes; what it only shows it does not hold."""
    return (field.path.partition(".")[0].removesuffix("[]") for field in form.fields if not field.is_readonly)


def _written(process: Process) -> Iterator[str]:
    """The variables that a diagram writes by itself."""
    yield from _assigned(process.listeners)
    for flow in process.flows.values():
        yield from _assigned(flow.listeners)
    for node in process.nodes.values():
        yield from _assigned(node.listeners)
        yield from filter(None, _by_node(process, node))


def _assigned(listeners: Iterable[Listener]) -> Iterator[str]:
    return (listener.assigned.name for listener in listeners if listener.assigned)


def _by_node(process: Process, node: Node) -> Iterator[str | None]:
    yield node.initiator
    yield node.properties.get(Name.OUTCOME)
    yield node.loop.element_variable if node.loop else None
    yield from (line.name for line in node.script)
    yield from (parameter.name for parameter in node.outputs)
    if process.nodes_in(node.id):
        yield from (parameter.name for parameter in node.inputs)
    if node.call:
        yield from (mapped.target for mapped in (*node.call.ins, *node.call.outs))
    if node.event:
        yield from (node.event.code_variable, node.event.message_variable)
    yield from _by_work(node)
    if node.assignment and node.assignment.form and node.assignment.form.document:
        yield from _fields(filled_forms.compiled(node.assignment.form.document))


def _by_work(node: Node) -> Iterator[str | None]:
    work = node.work
    if work is not None:
        yield work.result_variable
        yield work.assigned.name if work.assigned else None
        yield work.decided.result_variable if work.decided else None


def _own(tx: Transaction, waiting: Subscription | ExternalTask) -> frozenset[str]:
    """The names that are drawn as the output parameters of what waits."""
    instance = instance_rows.of(tx, waiting.instance_id or "")
    node = definitions.load(tx, instance.definition_id).node(waiting.activity_id)
    return frozenset(parameter.name for parameter in node.outputs)
