"""What in a diagram would not mean what its designer meant: for `lianban lint`, and as warnings of a deployment."""

from collections.abc import Callable, Collection, Iterable, Mapping
from difflib import get_close_matches

from casework import date_rules
from casework.clock_reasons import EXTENSIONS, PROCEDURES
from casework.meaning import OUTCOME, SIGNERS, TRUE, USER_TASK, Does, Name, of
from engine.diagram.model import Node, Process
from engine.errors import Fault, Sentence

PERSONS_ACTS = frozenset(
    {
        Does.ACCEPT,
        Does.REVIEW,
        Does.DECIDE,
        Does.COORDINATE,
        Does.DELIVER,
        Does.VERIFY,
        Does.EXTEND,
        Does.HEAR,
        Does.ANSWER,
        Does.OVERSEE,
        Does.INSTRUCT,
    }
)
"""What only a person does; on any other node than a user task it would never happen."""

MUST_OFFER: Mapping[Does, tuple[str, ...]] = {
    Does.ACCEPT: ("accept", "decline"),
    Does.DECIDE: ("approve", "refuse"),
    Does.EXTEND: ("approve", "refuse"),
}
"""The words by which the office knows an acceptance and a decision: both ways are open (行政许可法 arts. 32, 38)."""

ONLY_REFUSED = frozenset({"refuse"})
"""A decision to which an earlier step left no other way, such as a rectification that came to nothing."""

BOUNDARY_EVENT = "boundaryEvent"
LASTING = frozenset({"callActivity", "subProcess", "receiveTask", "intermediateCatchEvent"})
NEARNESS = 0.66


def faults(process: Process) -> list[Fault]:
    """Every slip of a process, each with its element."""
    nodes = process.nodes.values()
    of_nodes = [fault for node in nodes for check in CHECKS for fault in check(node)]
    return of_nodes + [fault for node in nodes for fault in _silence(node, process)]


def _misspelt_names(node: Node) -> Iterable[Fault]:
    """A designer may have properties of their own; only a name that is nearly one of ours is a slip."""
    for name in node.properties:
        meant = _nearly(name)
        if meant:
            yield _fault(
                node,
                f"属性名“{name}”不在清单内，不起作用；是否应为“{meant}”？",
                f"Property name “{name}” means nothing; is “{meant}” meant?",
            )


def _nearly(name: str) -> str | None:
    """The name that this one is a misspelling of: the same initial, about as long, nearly the same letters."""
    if name in set(Name):
        return None
    typed = name.strip().lower()
    known = [one.value for one in Name if typed[:1] == one[0] and abs(len(typed) - len(one)) <= 1]
    return next(iter(get_close_matches(typed, known, n=1, cutoff=NEARNESS)), None)


def _acts(node: Node) -> Iterable[Fault]:
    act = node.properties.get(Name.ACT)
    if act is None:
        return
    if act not in set(Does):
        known = ", ".join(Does)
        yield _fault(node, f"属性 act 的值“{act}”不在清单内：{known}。", f"Property act “{act}” is none of: {known}.")
    elif act in PERSONS_ACTS and node.type != USER_TASK:
        yield _fault(node, f"属性 act 的值“{act}”只用于用户任务。", f"Property act “{act}” is for user tasks only.")


def _outcomes_written(node: Node) -> Iterable[Fault]:
    for part in filter(str.strip, node.properties.get(Name.OUTCOMES, "").split(";")):
        if not OUTCOME.fullmatch(part):
            yield _fault(
                node,
                f"属性 outcomes 中“{part.strip()}”写法有误，应为“值 中文 English”，值后加 ! 表示须说明理由。",
                f"In property outcomes, “{part.strip()}” must read “value 中文 English”, with ! after the value when "
                "reasons are required.",
            )


def _outcomes_offered(node: Node) -> Iterable[Fault]:
    step = of(node.properties)
    if step.act is None or node.type != USER_TASK:
        return
    if step.act == Does.DECIDE and {one.value for one in step.outcomes} == ONLY_REFUSED:
        return
    missing = ", ".join(value for value in MUST_OFFER.get(step.act, ()) if not step.outcome(value))
    if missing:
        yield _fault(
            node,
            f"act 为“{step.act}”的环节，属性 outcomes 中须有：{missing}。",
            f"A step whose act is “{step.act}” must offer in its outcomes: {missing}.",
        )


def _after(node: Node) -> Iterable[Fault]:
    if Name.AFTER in node.properties and node.type != USER_TASK:
        yield _fault(node, "属性 after 只用于用户任务。", "Property after is for user tasks only.")


def _limit(node: Node) -> Iterable[Fault]:
    if Name.LIMIT in node.properties and node.type != USER_TASK and node.properties.get(Name.ACT) != Does.CORRECT:
        yield _fault(
            node,
            "属性 limit 只用于用户任务，或 act 为“correct”的环节；在此不起作用。",
            "Property limit is for user tasks, and for a step whose act is “correct”; here it does nothing.",
        )


def _signers(node: Node) -> Iterable[Fault]:
    said = node.properties.get(Name.SIGNERS)
    if said is None:
        return
    if node.type != USER_TASK:
        yield _fault(node, "属性 signers 只用于用户任务。", "Property signers is for user tasks only.")
    elif not SIGNERS.fullmatch(said):
        yield _fault(
            node,
            f"属性 signers 的值“{said}”应为 2 至 9：一人签名即办结，不必填写。",
            f"Property signers must be 2 to 9, not “{said}”: one signature is the completion itself.",
        )


def _silence(node: Node, process: Process) -> Iterable[Fault]:
    """超时默认: a timer on the step it is about, which stays open until it is ended by operation of law."""
    if node.properties.get(Name.ACT) != Does.DEEM_APPROVE:
        return
    watched = process.nodes.get(node.attached_to or "")
    if node.type != BOUNDARY_EVENT or node.interrupting or watched is None or watched.type != USER_TASK:
        yield _fault(
            node,
            "act 为“deem-approve”的须是用户任务上不中断的边界定时事件。",
            "act “deem-approve” is for a timer on the border of a user task that does not interrupt it.",
        )
    elif of(watched.properties).is_safety_critical:
        yield _fault(
            node,
            "涉及安全的环节（safety_critical）不得超时默认。",
            "Silence never approves a step that is safety-critical.",
        )


def _procedures(node: Node) -> Iterable[Fault]:
    """特别程序: which one, and until when, so that the applicant can be told in writing (行政许可法 art. 45)."""
    if node.properties.get(Name.ACT) == Does.EXCLUDE:
        if node.type not in LASTING:
            yield _fault(
                node,
                "act 为“exclude”的须是调用活动、子流程、接收任务或中间捕获事件。",
                "act “exclude” is for a call activity, a sub-process, a receive task or an intermediate catch event.",
            )
        yield from _lacking(node, Name.KIND, Name.UNTIL)
        yield from _unknown_kind(node, PROCEDURES)
    elif node.properties.get(Name.ACT) == Does.EXTEND:
        yield from _lacking(node, Name.KIND)
        yield from _unknown_kind(node, EXTENSIONS)


def _lacking(node: Node, *names: Name) -> Iterable[Fault]:
    for name in names:
        if not node.properties.get(name, "").strip():
            act = node.properties[Name.ACT]
            yield _fault(
                node, f"act 为“{act}”的环节须有属性 {name}。", f"A step whose act is “{act}” needs property {name}."
            )


def _unknown_kind(node: Node, known: Collection[str]) -> Iterable[Fault]:
    said = node.properties.get(Name.KIND, "").strip()
    if said and "{" not in said and said not in known:
        listed = ", ".join(known)
        yield _fault(
            node, f"属性 kind 的值“{said}”不在清单内：{listed}。", f"Property kind “{said}” is none of: {listed}."
        )


def _dates(node: Node) -> Iterable[Fault]:
    said = node.properties.get(Name.DATES)
    if said is None:
        return
    if node.type != USER_TASK:
        yield _fault(node, "属性 dates 只用于用户任务。", "Property dates is for user tasks only.")
    elif None in date_rules.read(said):
        yield _fault(
            node,
            "属性 dates 的写法为“字段 >= today + 时限”或“字段 <= 字段 + 时限”，以分号分隔。",
            "Property dates reads “field >= today + limit” or “field <= field + limit”, apart by semicolons.",
        )


def _safety(node: Node) -> Iterable[Fault]:
    said = node.properties.get(Name.SAFETY_CRITICAL)
    if said is not None and (said != TRUE or node.type != USER_TASK):
        yield _fault(
            node,
            "属性 safety_critical 只用于用户任务，值为 true；不需要时请删除。",
            "Property safety_critical is for user tasks and says true; leave it out otherwise.",
        )


def _candidates(node: Node) -> Iterable[Fault]:
    to = node.assignment
    if node.type == USER_TASK and not (to and (to.candidate_groups or to.candidate_users or to.assignee)):
        yield _fault(
            node,
            "用户任务没有候选组、候选人或办理人，不会出现在任何人的待办箱中；请填写候选组。",
            "The user task has no candidate group, candidate user or assignee, so nobody would ever see it: name a "
            "candidate group.",
        )


def _fault(node: Node, zh: str, en: str) -> Fault:
    return Fault(Sentence(zh, en), node.id, node.line)


CHECKS: tuple[Callable[[Node], Iterable[Fault]], ...] = (
    _misspelt_names,
    _acts,
    _outcomes_written,
    _outcomes_offered,
    _after,
    _limit,
    _signers,
    _safety,
    _procedures,
    _dates,
    _candidates,
)
