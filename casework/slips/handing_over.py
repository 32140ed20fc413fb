"""送达: the result is handed over, which is proven by a slip and serves the decision.

How it was done is what the step's form says in the fields that docs/slips.md names; a form without them leaves it to
a clerk to record the service.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from casework import items
from casework.reasons import is_said
from casework.slips.issuing import issue
from casework.slips.kinds import FORMS, SERVICE_MEANS
from casework.slips.serving import Service, serve
from casework.tables import Case, Decision, ServiceMeans, Slip, SlipKind
from engine.events import UserTaskCompleted
from engine.store.values import value_of
from engine.tables import VariableChange
from engine.transaction import Transaction

METHOD, RECEIVER = "delivery_method", "receiver_name"
METHODS: Mapping[str, ServiceMeans] = {"window": ServiceMeans.COUNTER, "electronic": ServiceMeans.ELECTRONIC}
"""What reaches its receiver with the step itself; by post it does on the day that the return receipt says."""


def handed_over(tx: Transaction, case: Case, step: UserTaskCompleted) -> Slip:
    """送达回证 for the result and the decision; the decision is served with it."""
    tx.flush()
    decisions = _decisions(tx, case)
    service = _service(case, _said(tx, step))
    facts = {"things": _things(tx, case, decisions), **_manner(tx, service)}
    proof = issue(tx, case, SlipKind.DELIVERY, facts, service=service)
    if service is not None:
        for decision in decisions:
            if decision.served_at is None:
                serve(tx, decision, service)
    return proof


def _manner(tx: Transaction, service: Service | None) -> dict[str, object]:
    """How, to whom and when; what is not known yet is left to be filled in by hand."""
    if service is None:
        return {}
    return {"means": SERVICE_MEANS[service.means], "receiver": service.receiver, "delivered_at": tx.now}


def _decisions(tx: Transaction, case: Case) -> Sequence[Slip]:
    decided = select(Slip).where(Slip.root_id == case.root_id, Slip.kind == SlipKind.DECISION)
    return tx.session.scalars(decided.order_by(Slip.id)).all()


def _said(tx: Transaction, step: UserTaskCompleted) -> Mapping[str, object]:
    """What the clerk filled in; the variables themselves are gone when the case ended with this step."""
    filled = select(VariableChange).where(
        VariableChange.instance_id == step.instance_id,
        VariableChange.activity_instance_id == step.task_id,
        VariableChange.name.in_((METHOD, RECEIVER)),
    )
    return {change.name: value_of(change) for change in tx.session.scalars(filled)}


def _service(case: Case, said: Mapping[str, object]) -> Service | None:
    """How it was handed over; null while that is not known."""
    method, receiver = said.get(METHOD), said.get(RECEIVER)
    if not isinstance(method, str) or method not in METHODS:
        return None
    return Service(
        METHODS[method], receiver if isinstance(receiver, str) and is_said(receiver) else case.applicant_name
    )


def _things(tx: Transaction, case: Case, decisions: Sequence[Slip]) -> list[str]:
    papers = [f"{FORMS[slip.kind].title.zh}（{slip.number}）" for slip in decisions]
    if case.decision != Decision.APPROVED:
        return papers
    return papers + [result["name"] for result in items.document(tx, case.item_id).published["results"]]
