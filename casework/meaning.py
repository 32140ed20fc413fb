"""What a step means to the office: the closed list of camunda:property names, read from a diagram's node.

docs/diagrams.md has the list for designers; a test compares the two. No code names an activity id.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from engine.diagram.model import Process
from engine.errors import Sentence


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
    DOCUMENT = "document"
    AMOUNT = "amount"
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

USER_TASK = "userTask"
TRUE = "true"
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

    `signers`: how many officers of the department sign it, None where completing it is enough. `dates` are the rules
    for the dates of its form (casework.date_rules). `is_safety_critical`: silence never approves it.
    """

    act: Does | None = None
    department: str | None = None
    limit: str | None = None
    after: str | None = None
    outcomes: tuple[Outcome, ...] = ()
    outcome_variable: str | None = None
    signers: int | None = None
    dates: str = ""
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
        dates=values[Name.DATES],
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
