"""What departments said on a case (办理意见), as far as the item lets a reader see it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from casework import deeming, meaning
from casework.meaning import Does
from casework.sight import Sight
from engine import definitions
from engine.errors import Sentence
from engine.tables import TaskState, UserTask
from engine.transaction import Transaction

OPINIONS = frozenset({Does.ACCEPT, Does.REVIEW, Does.DECIDE, Does.COORDINATE})
TOLD_TO_APPLICANTS = frozenset({Does.ACCEPT, Does.DECIDE, Does.DELIVER})
"""What an applicant reads: what the office says to the applicant, not what departments tell each other."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """One department's signature: what it chose, why, who signed and when."""

    task_id: str
    department: str | None
    step: str | None
    act: str | None
    outcome: str | None
    label: Sentence | None
    comment: str | None
    by: str | None
    at: datetime | None


def of(tx: Transaction, steps: Iterable[UserTask], sight: Sight) -> list[Opinion]:
    """The opinions among the steps of a case, in the order they were given."""
    given = [step for step in steps if step.state == TaskState.COMPLETED and step.act in OPINIONS]
    seen = [step for step in given if is_told(step, sight)]
    return [_opinion(tx, step, sight) for step in sorted(seen, key=lambda step: (step.ended_at, step.id))]


def _opinion(tx: Transaction, step: UserTask, sight: Sight) -> Opinion:
    return Opinion(
        task_id=step.id,
        department=step.department,
        step=step.name,
        act=step.act,
        outcome=step.outcome,
        label=label_of(tx, step),
        comment=reasons(step, sight),
        by=step.ended_by,
        at=step.ended_at,
    )


def label_of(tx: Transaction, step: UserTask) -> Sentence | None:
    """What the chosen outcome is called in the diagram the step began under."""
    properties = definitions.load(tx, step.definition_id).node(step.activity_id).properties
    chosen = meaning.of(properties).outcome(step.outcome)
    return chosen.label if chosen else deeming.LABELS.get(step.outcome or "")


def is_told(step: UserTask, sight: Sight) -> bool:
    """Whether what was chosen on a step, and why, is the reader's to know."""
    told = sight.is_official or step.act in TOLD_TO_APPLICANTS
    return told and sight.opinion_of(step.department)


def reasons(step: UserTask, sight: Sight) -> str | None:
    """The reasons a person gave, where they are the reader's to know."""
    return step.comment if is_told(step, sight) else None
