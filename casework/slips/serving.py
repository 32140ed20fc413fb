"""Serving a slip (送达): by which means, to whom, when. A slip that is not served has no effect."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.events import SlipServed
from casework.reasons import is_said
from casework.tables import ServiceMeans, Slip
from engine import evidence
from engine.errors import Conflict, Fault, Invalid, Sentence
from engine.store import instance_rows
from engine.transaction import Transaction

SERVED = "slip.served"
WAITING: Mapping[ServiceMeans, timedelta] = {ServiceMeans.PUBLIC_NOTICE: timedelta(days=30)}
"""How long after its issue a slip can be served by a means at the earliest (公告送达：民事诉讼法 art. 95)."""

NO_RECEIVER = Sentence("请写明签收人。", "Say who received it.")
IN_FUTURE = Sentence("送达时间不能晚于现在。", "The time of service cannot lie in the future.")
BEFORE_ISSUE = Sentence("送达时间不能早于文书的签发时间。", "A slip cannot be served before it is issued.")
TOO_EARLY = Sentence(
    "公告送达自发出公告之日起满三十日方为送达（民事诉讼法第九十五条）。",
    "By public notice a slip is served 30 days after it was published (Civil Procedure Law, article 95).",
)


@dataclass(frozen=True, slots=True)
class Service:
    """How a slip was served. `at` null: this instant."""

    means: ServiceMeans
    receiver: str
    at: datetime | None = None


def serve(tx: Transaction, slip: Slip, service: Service) -> Slip:
    """Serves a slip of a locked case. Raises Invalid, and Conflict when it is served already. Emits SlipServed."""
    if slip.served_at is not None:
        raise Conflict(Sentence(f"文书{slip.number}已送达。", f"Slip {slip.number} is served already."))
    served_at = service.at or tx.now
    if faults := _faults(tx, slip, service, served_at):
        raise Invalid(faults=faults)
    slip.means, slip.receiver = service.means, service.receiver.strip()
    slip.served_at, slip.served_by = served_at, tx.actor.login
    slip.revision += 1
    root = instance_rows.of(tx, slip.root_id)
    told = {"property": slip.kind.value, "new": service.means.value}
    evidence.record(tx, root, SERVED, subject=slip.id, document=slip.number, **told)
    tx.emit(
        SlipServed(
            region=slip.region,
            root_id=slip.root_id,
            instance_id=slip.root_id,
            slip_id=slip.id,
            kind=slip.kind,
            number=slip.number,
            served_at=served_at,
        )
    )
    return slip


def _faults(tx: Transaction, slip: Slip, service: Service, served_at: datetime) -> list[Fault]:
    faults = [] if is_said(service.receiver) else [Fault(NO_RECEIVER, "receiver")]
    if served_at > tx.now:
        faults.append(Fault(IN_FUTURE, "served_at"))
    elif served_at < slip.issued_at:
        faults.append(Fault(BEFORE_ISSUE, "served_at"))
    elif served_at < slip.issued_at + WAITING.get(service.means, timedelta()):
        faults.append(Fault(TOO_EARLY, "served_at"))
    return faults
