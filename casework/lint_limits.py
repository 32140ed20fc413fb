"""How the times that a package's diagrams say fit the limits of its item: constants, promises, steps without a limit.

Pure. Amounts are only added up in one unit, the promise's: what stands in another is left out, so that no path is
called too long that is not.
"""

import re
from collections.abc import Callable, Iterable, Mapping

from casework.item_document import ItemDocument
from casework.longest_path import Steps, longest, with_scopes
from casework.meaning import USER_TASK, Does, Name
from casework.workdays import Limit
from engine.diagram.model import Node, Process, TimerKind
from engine.errors import Fault, Sentence

CONSTANTS: Mapping[re.Pattern[str], Callable[[int], str]] = {
    re.compile(r"P(?:0+[YM])*(\d{1,4})D(?:T(?:0+[HMS])*)?"): lambda days: f"{days}ND",
    re.compile(r"P(\d{1,3})W"): lambda weeks: f"{7 * weeks}ND",
    re.compile(r"P(?:0+[YMD])*T(\d{1,4})H(?:0+[MS])*"): lambda hours: f"{hours}H",
    re.compile(r"workingDays\(\s*(\d{1,4})\s*\)"): lambda days: f"{days}WD",
}
"""A time that is written out, and the limit that an item would say it by."""
EXPRESSION = re.compile(r"[#$]\{\s*(['\"]?)(.*?)\1\s*\}")

LIMIT = re.compile(r"[#$]\{\s*limit\(\s*['\"]([^'\"]+)['\"]\s*\)\s*\}")
HELD_BY_THE_CASE = frozenset({Does.ACCEPT, Does.DELIVER})
"""Steps whose time is a limit of every item: receipt and delivery."""
APPLICANT = "${submitted_by}"


def constants(node: Node, item: ItemDocument) -> Iterable[Fault]:
    """A time in the diagram that the item holds: when the item changes, the diagram would go on with the old one."""
    for text in _times(node):
        limit = _constant(text)
        names = [name for name, held in item.limits.items() if held == limit] if limit else []
        if names:
            asked = [f"${{limit('{name}')}}" for name in names]
            yield _fault(
                node,
                f"“{text}”是事项已有的时限。时限不写死在图中，请改成 {' 或 '.join(asked)}。",
                f"“{text}” is a limit that the item holds. Limits are no constants of a diagram: write "
                f"{' or '.join(asked)}.",
            )


def _times(node: Node) -> Iterable[str]:
    """When its timers fall due, its timeout listeners' too, and the task itself; a reminder that recurs is no limit."""
    own = node.event.timer if node.event else None
    for timer in (own, *(listener.timer for listener in node.listeners)):
        if timer is not None and timer.kind != TimerKind.CYCLE:
            yield timer.expression.text
    if node.assignment is not None and node.assignment.due_date is not None:
        yield node.assignment.due_date.text


def _constant(text: str) -> Limit | None:
    said = EXPRESSION.fullmatch(text.strip())
    for pattern, written in CONSTANTS.items():
        found = pattern.fullmatch(said[2] if said else text.strip())
        if found and int(found[1]):
            return Limit.parse(written(int(found[1])))
    return None


def promise(process: Process, item: ItemDocument, called: Mapping[str, Process]) -> Iterable[Fault]:
    """The steps that follow one another must fit into what the item promises, or no case can keep the promise."""
    promised = item.limits.get("promised")
    if promised is None:
        return
    found = longest(process, lambda node: _amount(node, item, promised), called)
    if found.amount > promised.amount:
        total = Limit(found.amount, promised.unit).text
        last = found.steps[-1]
        place = last if last.id in process.nodes else None
        yield Fault(
            Sentence(
                f"最长路径上各环节时限合计{total.zh}，超过事项承诺的{promised.text.zh}：{_listed(found.steps)}。",
                f"Along the longest path the steps' limits come to {total.en}, more than the {promised.text.en} that "
                f"the item promises: {_listed(found.steps)}.",
            ),
            place.id if place else process.key,
            place.line if place else process.line,
        )


def _amount(node: Node, item: ItemDocument, promised: Limit) -> int:
    limit = item.limits.get(_limit_of(node))
    return limit.amount if limit is not None and limit.unit is promised.unit else 0


def _limit_of(node: Node) -> str:
    """The limit that a step has, or that an event waits for."""
    timer = node.event.timer if node.event else None
    waits = LIMIT.fullmatch(timer.expression.text.strip()) if timer else None
    return waits[1] if waits else node.properties.get(Name.LIMIT, "")


def _listed(steps: Steps) -> str:
    return " + ".join(f"{step.id} ({_limit_of(step)})" for step in steps)


def limitless(process: Process, item: ItemDocument) -> Iterable[Fault]:
    """Steps that nothing would ever show as late: no limit of their own, no department's, no timer on them or around
    them."""
    timed = set(_timed(process))
    for node in process.nodes.values():
        around = {*with_scopes(process, node), process.key}
        if node.type == USER_TASK and timed.isdisjoint(around) and not _has_limit(node, item):
            yield _fault(
                node,
                "该环节没有时限：没有 limit 属性、承办部门的时限、到期日或边界定时事件，永远不会显示为超期。",
                "This step has no limit: neither the property limit, nor its department's, a due date or a boundary "
                "timer. It would never be shown as late.",
            )


def _timed(process: Process) -> Iterable[str]:
    """The steps and scopes that a limit, a boundary timer, a timeout listener or a timed event sub-process watches."""
    for node in process.nodes.values():
        if node.event and node.event.timer:
            yield node.attached_to or _around_event_sub_process(process, node)
        if any(listener.timer for listener in node.listeners):
            yield node.id
        if node.properties.get(Name.LIMIT) and (
            node.type == USER_TASK or node.properties.get(Name.ACT) == Does.CORRECT
        ):
            yield node.id


def _around_event_sub_process(process: Process, start: Node) -> str:
    """The scope that an event sub-process with this start watches; a timer elsewhere watches nothing but itself."""
    scope = process.nodes.get(start.scope)
    return scope.scope if scope is not None and scope.triggered_by_event and start.type == "startEvent" else start.id


def _has_limit(node: Node, item: ItemDocument) -> bool:
    to = node.assignment
    if to is None or to.due_date is not None or node.properties.get(Name.ACT) in HELD_BY_THE_CASE:
        return True
    if to.assignee is not None and not to.candidate_groups:
        return to.assignee.text != APPLICANT
    groups = [one.text.partition("/")[0] for one in to.candidate_groups if one.is_literal]
    department = node.properties.get(Name.DEPARTMENT) or next(iter(groups), None)
    return department is None or _is_held(department, item)


def _is_held(department: str, item: ItemDocument) -> bool:
    """A department's share of the item is its limit; the lead's is that of the participant who leads."""
    part = item.lead if department == "lead" else item.participants.get(department)
    return part is not None and part.limit is not None


def _fault(node: Node, zh: str, en: str) -> Fault:
    return Fault(Sentence(zh, en), node.id, node.line)
