"""Where a case waits for its applicant: steps whose act is `correct`, of which several may be open at once.

Two buildings of a project may be rectified side by side; the office's time stands still until the last is handed in.
"""

from collections.abc import Sequence

from sqlalchemy import select

from casework import meaning
from casework.meaning import Does, Meaning
from engine import definitions
from engine.tables import ActivityInstance, ProcessInstance
from engine.transaction import Transaction

MAY_CORRECT = ("callActivity", "receiveTask", "subProcess")


def is_awaited(tx: Transaction, root_id: str) -> bool:
    """Whether the applicant still has something to hand in."""
    return bool(awaited(tx, root_id))


def awaited(tx: Transaction, root_id: str) -> Sequence[Meaning]:
    """The steps at which the case waits for the applicant."""
    tx.flush()
    visits = tx.session.execute(
        select(ProcessInstance.definition_id, ActivityInstance.activity_id)
        .join(ProcessInstance, ProcessInstance.id == ActivityInstance.instance_id)
        .where(
            ActivityInstance.root_id == root_id,
            ActivityInstance.ended_at.is_(None),
            ActivityInstance.type.in_(MAY_CORRECT),
        )
    )
    nodes = (definitions.load(tx, visit.definition_id).node(visit.activity_id) for visit in visits)
    return [said for node in nodes if (said := meaning.of(node.properties)).act == Does.CORRECT]
