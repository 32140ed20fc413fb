"""What a step means to the office: the closed list of camunda:property names, read from a diagram's node.

docs/diagrams.md has the list for designers; a test compares the two. No code names an activity id.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import lru_cache

from engine.diagram.model import Node, Process
from engine.errors import Fault, Sentence


class Name(StrEnum):
    """The property names that carry a meaning."""

    ACT = "act"
    DEPARTMENT = "department"
    LIMIT = "limit"
    AFTER = "after"
    OUTCOMES = "outcomes"
    OUTCOME = "outcome"
    SIGNERS = "signers"
    SAFETY_CRITICAL = "safety_critical"
    KIND = "kind"
    UNTIL = "until"
    DATES = "dates"


class Does(StrEnum):
    """What a step does for the case: the values of `act`."""

    ACCEPT = "accept"
    REVIEW = "review"
    DECIDE = "decide"
    COORDINATE = "coordinate"
    CORRECT = "correct"
    DELIVER = "deliver"
    DEFER = "defer"
    PAY = "pay"
    EXTEND = "extend"
    EXCLUDE = "exclude"
    HEAR = "hear"
    VERIFY = "verify"
    WITHDRAW = "withdraw"
    ANSWER = "answer"
    OVERSEE = "oversee"
    INSTRUCT = "instruct"
    DEEM_ACCEPT = "deem-accept"
    DEEM_APPROVE = "deem-approve"


ACTS: Mapping[Does, Sentence] = {
    Does.ACCEPT: Sentence("受理", "acceptance"),
    Does.REVIEW: Sentence("审查", "review"),
    Does.DECIDE: Sentence("决定", "decision"),
    Does.COORDINATE: Sentence("协调", "coordination"),
    Does.CORRECT: Sentence("补正", "correction"),
    Does.DELIVER: Sentence("送达", "delivery"),
    Does.DEFER: Sentence("容缺补齐", "deferred materials"),
    Does.PAY: Sentence("缴费", "payment"),
    Does.EXTEND: Sentence("延期审批", "approval of an extension"),
    Does.EXCLUDE: Sentence("特别程序", "special procedure"),
    Does.HEAR: Sentence("听证", "hearing"),
    Does.VERIFY: Sentence("核查", "verification"),
    Does.WITHDRAW: Sentence("撤件", "withdrawal"),
    Does.ANSWER: Sentence("督办答复", "answer to a supervision order"),
    Does.OVERSEE: Sentence("督办审核", "review of the answer"),
    Does.INSTRUCT: Sentence("领导批示", "a leader's instruction"),
    Does.DEEM_ACCEPT: Sentence("视为受理", "acceptance by law"),
    Does.DEEM_APPROVE: Sentence("超时默认", "approval by silence"),
}

DENIALS = frozenset({"decline", "refuse", "object", "return", "revoke"})
"""不予受理, 不予许可, 不同意, 退回, 撤销: the law wants reasons (行政许可法 art. 38); the form may stay unfilled."""

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

USER_TASK, BOUNDARY_EVENT = "userTask", "boundaryEvent"
TRUE = "true"
NEARNESS = 0.66
SIGNERS = re.compile(r"[2-9]")

OUTCOME = re.compile(r"\s*([a-z][a-z0-9_-]*)(!?)\s+(\S+)(?:\s+(.+?))?\s*")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One choice that a step offers; `comment_required`: not without reasons."""

    value: str
    label: Sentence
    comment_required: bool


@dataclass(frozen=True, slots=True)
class Meaning:
    """A step in the office's words. `after` names the department whose decision must stand first (默认前置).

    `signers`: how many officers of the department sign it, None where completing it is enough. `is_safety_critical`:
    silence never approves it.
    """

    act: Does | None = None
    department: str | None = None
    limit: str | None = None
    after: str | None = None
    outcomes: tuple[Outcome, ...] = ()
    outcome_variable: str | None = None
    signers: int | None = None
    is_safety_critical: bool = False

    def outcome(self, value: str | None) -> Outcome | None:
        """The offered choice of this value."""
        return next((outcome for outcome in self.outcomes if outcome.value == value), None)


def of(properties: Mapping[str, str]) -> Meaning:
    """The meaning of a node's properties; what is misspelt means nothing and is reported by `faults`."""
    return _read(tuple((name.value, properties.get(name.value, "")) for name in Name))


@lru_cache(maxsize=1024)
def _read(said: tuple[tuple[str, str], ...]) -> Meaning:
    values = dict(said)
    act = values[Name.ACT]
    return Meaning(
        act=Does(act) if act in set(Does) else None,
        department=values[Name.DEPARTMENT] or None,
        limit=values[Name.LIMIT] or None,
        after=values[Name.AFTER] or None,
        outcomes=tuple(_outcomes(values[Name.OUTCOMES])),
        outcome_variable=values[Name.OUTCOME] or None,
        signers=int(values[Name.SIGNERS]) if SIGNERS.fullmatch(values[Name.SIGNERS]) else None,
        is_safety_critical=values[Name.SAFETY_CRITICAL] == TRUE,
    )


def _outcomes(text: str) -> Iterable[Outcome]:
    for part in filter(str.strip, text.split(";")):
        found = OUTCOME.fullmatch(part)
        if found:
            value, marked, zh, en = found.groups()
            yield Outcome(value, Sentence(zh, en or value), bool(marked) or value in DENIALS)


def accepts_by_itself(process: Process) -> bool:
    """Whether a case is accepted on submission (即办件): no user task of the diagram is its acceptance."""
    steps = (node for node in process.nodes.values() if node.type == USER_TASK)
    return not any(step.properties.get(Name.ACT) == Does.ACCEPT for step in steps)


def faults(process: Process) -> list[Fault]:
    """What would not mean what its designer meant, for `lianban lint` and as warnings of a deployment."""
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
    _signers,
    _safety,
    _candidates,
)
