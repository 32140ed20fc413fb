"""How the diagrams of a package fit its item and the files beside them: names that nothing answers to.

Pure: knows nothing of folders or storage. What an expression names is known only when a case runs, so only literal
names are held against what there is.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from casework import matters
from casework.item_document import ItemDocument
from casework.meaning import Name
from engine.diagram.model import Diagram, Node
from engine.errors import Fault, Sentence
from engine.expressions import Expression
from forms import Form

OFFICE_ROLES = frozenset({"window", "lead", "government-leader"})
"""Who works on cases without being a participant of an item."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a package's diagrams may name: the item, the forms by key and the processes of it and of common."""

    item: ItemDocument
    forms: Mapping[str, Form]
    processes: Collection[str]

    @property
    def roles(self) -> Collection[str]:
        """Who may work on a case of the item."""
        return OFFICE_ROLES | self.item.participants.keys()


def faults(diagram: Diagram, beside: Surroundings) -> list[Fault]:
    """Every name of a diagram that neither the item nor a file of the package answers to."""
    nodes = (node for process in diagram.processes for node in process.nodes.values())
    return [fault for node in nodes for check in CHECKS for fault in check(node, beside)]


def table_faults(beside: Surroundings) -> Iterable[Fault]:
    """What the item's decision table asks of the application form that the form does not have."""
    form = beside.forms.get(beside.item.form)
    return matters.unknown_columns(beside.item.published, form) if form else ()


def _roles(node: Node, beside: Surroundings) -> Iterable[Fault]:
    groups = [one.text for one in node.assignment.candidate_groups if one.is_literal] if node.assignment else []
    said = [node.properties.get(name, "") for name in (Name.DEPARTMENT, Name.AFTER)]
    for role in dict.fromkeys(filter(None, [*groups, *said])):
        # `fire/head` is the heads of a department.
        if role.partition("/")[0] not in beside.roles:
            yield _fault(
                node,
                f"“{role}”不是事项的参与部门，也不是窗口、牵头或政府领导角色。",
                f"“{role}” is no participant of the item, nor one of: {', '.join(sorted(OFFICE_ROLES))}.",
            )


def _limit(node: Node, beside: Surroundings) -> Iterable[Fault]:
    limit = node.properties.get(Name.LIMIT)
    if limit and limit not in beside.item.limits:
        yield _fault(
            node,
            f"事项的 [limits] 和 [limits.steps] 中没有时限“{limit}”。",
            f"There is no “{limit}” under [limits] or [limits.steps] of the item.",
        )


def _form(node: Node, beside: Surroundings) -> Iterable[Fault]:
    form = node.assignment.form if node.assignment else None
    key = _literal(form.reference) if form else None
    if key and key not in beside.forms:
        yield _fault(
            node, f"本流程包及 common 中没有表单“{key}”。", f"There is no form “{key}” in the package or in common."
        )


def _start_form(node: Node, beside: Surroundings) -> Iterable[Fault]:
    """The application form is the item's; one drawn on the start event would otherwise be shown to nobody."""
    form = node.assignment.form if node.assignment and node.type == "startEvent" else None
    if form is not None and node.scope == beside.item.process and _literal(form.reference) != beside.item.form:
        yield _fault(
            node,
            f"申请表由事项指定（“{beside.item.form}”），开始事件上的另一张表单不会使用。",
            f"The item names the application form (“{beside.item.form}”); another one on the start event is not used.",
        )


def _called(node: Node, beside: Surroundings) -> Iterable[Fault]:
    key = _literal(node.call.called_element) if node.call else None
    if key and key not in beside.processes:
        yield _fault(
            node, f"本流程包及 common 中没有流程“{key}”。", f"There is no process “{key}” in the package or in common."
        )


def _literal(expression: Expression | None) -> str | None:
    return expression.text if expression and expression.is_literal else None


def _fault(node: Node, zh: str, en: str) -> Fault:
    return Fault(Sentence(zh, en), node.id, node.line)


CHECKS: tuple[Callable[[Node, Surroundings], Iterable[Fault]], ...] = (_roles, _limit, _form, _start_form, _called)
