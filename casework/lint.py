"""How the diagrams of a package fit its item and the files beside them: names that nothing answers to.

Pure: knows nothing of folders or storage. What an expression names is known only when a case runs, so only literal
names are held against what there is; of expressions, the limits and rounds that they name outright.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from casework import bindable_clocks, item_law, lint_limits, lint_references, matters
from casework.item_document import ItemDocument
from casework.lint_references import There
from casework.meaning import Name
from engine.diagram.model import Binding, Diagram, Node, Process
from engine.diagram.references import Kind, Reference
from engine.errors import Fault, Sentence
from engine.expressions import Expression
from forms import Form

OFFICE_ROLES = frozenset({"window", "lead", "government-leader"})
"""Who works on cases without being a participant of an item."""

LIMITS = re.compile(r"\blimit\(\s*['\"]([^'\"]+)['\"]")
ROUNDS = re.compile(r"\brounds\.([a-z][a-z0-9_]*)")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a package's diagrams may name: the item, and the forms, processes and decisions of it and of common.

    `shared` are those of common, which ask for limits and rounds of whatever item calls them; `own` those of the
    package itself. `files` are the names of its files, `apart` what common alone has; `absent` is told of already.
    """

    item: ItemDocument
    forms: Mapping[str, Form]
    processes: Collection[str]
    shared: Mapping[str, Process] = field(default_factory=dict)
    own: Mapping[str, Process] = field(default_factory=dict)
    decisions: Collection[str] = ()
    files: Collection[str] = ()
    apart: Mapping[Kind, Collection[str]] = field(default_factory=dict)
    absent: Collection[Reference] = ()

    @property
    def there(self) -> There:
        """What diagrams may refer to."""
        keys = {
            Kind.FORM: self.forms,
            Kind.FILE: self.files,
            Kind.DECISION: self.decisions,
            Kind.PROCESS: self.processes,
        }
        return There(keys, self.apart).beside(self.absent)

    @property
    def roles(self) -> Collection[str]:
        """Who may work on a case of the item."""
        return OFFICE_ROLES | self.item.participants.keys()


def faults(diagram: Diagram, beside: Surroundings) -> list[Fault]:
    """Every name of a diagram that neither the item nor a file of the package answers to."""
    nodes = (node for process in diagram.processes for node in process.nodes.values())
    own = (process for process in diagram.processes if process.key == beside.item.process)
    return [
        *(fault for node in nodes for check in CHECKS for fault in check(node, beside)),
        *(fault for process in own for fault in _of_the_case(process, beside)),
    ]


def warnings(diagram: Diagram, beside: Surroundings) -> list[Fault]:
    """What runs as it is drawn, and is hardly meant; versions that only an earlier deployment can have."""
    nodes = (node for process in diagram.processes for node in process.nodes.values())
    return [
        *(fault for process in diagram.processes for fault in lint_limits.limitless(process, beside.item)),
        *(fault for node in nodes for fault in _tags(node, beside)),
    ]


def _of_the_case(process: Process, beside: Surroundings) -> Iterable[Fault]:
    """What holds for the process by which the item's cases run."""
    yield from other_start_forms(process, [beside.item.form])
    yield from lint_limits.promise(process, beside.item, {**beside.shared, **beside.own})


def item_faults(beside: Surroundings) -> Iterable[Fault]:
    """What the item says of its forms that they do not have: its decision table, and what its participants see."""
    form = beside.forms.get(beside.item.form)
    if form is not None:
        yield from matters.unknown_columns(beside.item.published, form)
        yield from item_law.unknown_field(beside.item.published, form)
        yield from _unseen_fields(beside)
    yield from _unseen_materials(beside.item)


def _unseen_fields(beside: Surroundings) -> Iterable[Fault]:
    """A misspelt name would hide a field without a word."""
    paths = [one.path.replace("[]", "").split(".") for form in beside.forms.values() for one in form.fields]
    fields = {".".join(path[: end + 1]) for path in paths for end in range(len(path))}
    for role, part in beside.item.participants.items():
        for name in sorted((part.fields or frozenset()) - fields):
            yield Fault(
                Sentence(
                    f"参与部门“{role}”的 fields 中“{name}”不是任何表单的字段。",
                    f"“{name}”, among the fields of participant “{role}”, is a field of no form.",
                )
            )


def _unseen_materials(item: ItemDocument) -> Iterable[Fault]:
    codes = {said["code"] for said in item.published["materials"]}
    for role, part in item.participants.items():
        for code in sorted((part.materials or frozenset()) - codes):
            yield Fault(
                Sentence(
                    f"参与部门“{role}”的 materials 中“{code}”不是事项的材料。",
                    f"“{code}”, among the materials of participant “{role}”, is no material of the item.",
                )
            )


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
    for limit in _limits_of(node):
        if limit not in beside.item.limits:
            yield _fault(
                node,
                f"事项的 [limits] 和 [limits.steps] 中没有时限“{limit}”。",
                f"There is no “{limit}” under [limits] or [limits.steps] of the item.",
            )


def _limits_of(node: Node) -> Iterable[str]:
    """The limits that a step names: its own, and those of its timer's `${limit('…')}`."""
    timer = node.event.timer if node.event else None
    named = LIMITS.findall(timer.expression.text) if timer else []
    return dict.fromkeys(filter(None, [node.properties.get(Name.LIMIT), *named]))


def _clocks(node: Node, beside: Surroundings) -> Iterable[Fault]:
    for said in unknown_clocks(node, beside.item):
        yield _fault(node, said.zh, said.en)


def unknown_clocks(node: Node, item: ItemDocument) -> Iterable[Sentence]:
    """The clocks that a step's timer follows and the item's cases never have: they would be refused there."""
    for whose, which in _clocks_of(node):
        if (whose, which) not in bindable_clocks.of(item):
            yield Sentence(
                f"定时器等待的时限“{whose}”（{which}）在事项中没有：请核对 due() 的参数，或在事项中为其规定时限。",
                f"The timer waits for “{whose}” ({which}), and the item gives no such limit: check the arguments of "
                "due(), or give it one.",
            )


def _clocks_of(node: Node) -> Iterable[tuple[str, str]]:
    timer = node.event.timer if node.event else None
    return dict.fromkeys(bindable_clocks.named(timer.expression.text)) if timer else ()


def _constants(node: Node, beside: Surroundings) -> Iterable[Fault]:
    return lint_limits.constants(node, beside.item)


def _references(node: Node, beside: Surroundings) -> Iterable[Fault]:
    return lint_references.unanswered(node, beside.there)


def other_start_forms(process: Process, forms: Collection[str]) -> Iterable[Fault]:
    """The application form is the item's, in its latest version; another one drawn at the start would never be seen."""
    for start in with_start_forms(process):
        form = start.assignment.form if start.assignment else None
        if form is None or _literal(form.reference) not in forms:
            wanted = ", ".join(forms)
            yield _fault(
                start,
                f"申请表由事项指定（“{wanted}”），开始事件上的另一张表单不会使用；请改成该表单，或删除。",
                f"The item names the application form (“{wanted}”); another one on the start event is not used. Name "
                "that form, or remove it.",
            )
        elif form.binding is Binding.VERSION:
            yield _fault(
                start,
                "申请总是使用表单的最新版本，开始事件上写明的版本不起作用；请改成 latest 或 deployment。",
                "An application shows its form's latest version; the one on the start event is not used. Bind it to "
                "latest or deployment.",
            )


def with_start_forms(process: Process) -> Iterable[Node]:
    """The start events of a process that show a form."""
    starts = (node for node in process.nodes_in(process.key) if node.type == "startEvent")
    return [start for start in starts if start.assignment is not None and start.assignment.form is not None]


def _called(node: Node, beside: Surroundings) -> Iterable[Fault]:
    key = _literal(node.call.called_element) if node.call else None
    return _lacking(node, key, beside) if key else ()


def _tags(node: Node, beside: Surroundings) -> Iterable[Fault]:
    called = {**beside.shared, **beside.own}.get(_literal(node.call.called_element) or "") if node.call else None
    tag = _literal(node.call.version) if node.call and node.call.binding is Binding.VERSION_TAG else None
    if called is not None and tag is not None and called.version_tag != tag:
        there = called.version_tag or "-"
        yield _fault(
            node,
            f"调用流程“{called.key}”标签为“{tag}”的版本，而文件中的标签是“{there}”：只有以前部署过该版本才能找到。",
            f"The process “{called.key}” is called in the version tagged “{tag}”, and the file's is tagged “{there}”: "
            "it is found only where that version was deployed before.",
        )


def _lacking(node: Node, key: str, beside: Surroundings) -> Iterable[Fault]:
    """What a shared process, with those that it calls, asks of the item that calls it."""
    called = list(_with_called(key, beside.shared))
    limits = dict.fromkeys(name for one in called for inner in one.nodes.values() for name in _limits_of(inner))
    for name in limits:
        if name not in beside.item.limits:
            yield _fault(
                node,
                f"流程“{key}”需要时限“{name}”，事项的 [limits] 和 [limits.steps] 中没有。",
                f"The process “{key}” needs the limit “{name}”; there is none under [limits] or [limits.steps] of the "
                "item.",
            )
    clocks = dict.fromkeys(clock for one in called for inner in one.nodes.values() for clock in _clocks_of(inner))
    there = bindable_clocks.of(beside.item)
    for whose, which in clocks:
        if (whose, which) not in there:
            yield _fault(
                node,
                f"流程“{key}”等待的时限“{whose}”（{which}）在事项中没有规定。",
                f"The process “{key}” waits for “{whose}” ({which}), and the item gives no such limit.",
            )
    conditions = [flow.condition.text for one in called for flow in one.flows.values() if flow.condition]
    for name in dict.fromkeys(name for text in conditions for name in ROUNDS.findall(text)):
        if name not in beside.item.rounds:
            yield _fault(
                node,
                f"流程“{key}”需要轮次上限“{name}”，事项的 [limits.rounds] 中没有。",
                f"The process “{key}” needs the number of rounds “{name}”; there is none under [limits.rounds] of the "
                "item.",
            )


def _with_called(key: str, shared: Mapping[str, Process], seen: frozenset[str] = frozenset()) -> Iterable[Process]:
    if key not in shared or key in seen:
        return
    yield shared[key]
    for node in shared[key].nodes.values():
        inner = _literal(node.call.called_element) if node.call else None
        if inner:
            yield from _with_called(inner, shared, seen | {key})


def _literal(expression: Expression | None) -> str | None:
    return expression.text if expression and expression.is_literal else None


def _fault(node: Node, zh: str, en: str) -> Fault:
    return Fault(Sentence(zh, en), node.id, node.line)


CHECKS: tuple[Callable[[Node, Surroundings], Iterable[Fault]], ...] = (
    _roles,
    _limit,
    _clocks,
    _constants,
    _references,
    _called,
)
