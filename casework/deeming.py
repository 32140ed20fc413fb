"""Steps that end by operation of law (视为): nobody completed them, and the law says what that means."""

from casework import meaning
from engine import definitions, user_tasks
from engine.errors import Sentence
from engine.ports import Submission
from engine.store import instance_rows
from engine.tables import UserTask
from engine.transaction import Transaction

APPROVED, GRANTED = "deemed_approved", "granted_by_law"
LABELS = {
    APPROVED: Sentence("超时默认", "Approved by silence"),
    GRANTED: Sentence("视为准予延续", "Renewed by operation of law"),
}
"""What an outcome that no diagram offers is called."""

FAVOURABLE = (APPROVED, "approve", "agree")
"""The words by which a diagram's conditions know that nothing stands against it, in the order of preference."""


def end(tx: Transaction, step: UserTask, outcome: str, reason: str) -> None:
    """Ends an open step of a locked case, as if somebody had chosen the outcome for this reason.

    The conditions behind the step read a word that it offers itself, so that no diagram has to know of the silence.
    """
    said = meaning.of(definitions.load(tx, step.definition_id).node(step.activity_id).properties)
    values = {said.outcome_variable: _word(said, outcome)} if said.outcome_variable else {}
    user_tasks.deem_completed(tx, instance_rows.of(tx, step.root_id), step, Submission(values, outcome, reason))


def _word(said: meaning.Meaning, outcome: str) -> str:
    words = FAVOURABLE if outcome in LABELS else (outcome,)
    return next((word for word in words if said.outcome(word)), outcome)
