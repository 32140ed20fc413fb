"""Issuing a slip: its number, and what it says, frozen as it is at that instant."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from casework import items
from casework.slips.kinds import FORMS
from casework.slips.numbers import next_number
from casework.slips.serving import Service, serve
from casework.tables import Case, ServiceMeans, Slip, SlipKind
from engine import evidence
from engine.errors import Sentence
from engine.store import instance_rows
from engine.transaction import Transaction

ISSUED = "slip.issued"
TEMPLATE = 1


def issue(
    tx: Transaction, case: Case, kind: SlipKind, facts: Mapping[str, object], *, service: Service | None = None
) -> Slip:
    """Issues a slip to the applicant of a locked case. `facts` are what the kind says beside what every slip does.

    A case that the applicant handed in online is served electronically at once, which the law holds equal to paper
    (国务院关于在线政务服务的若干规定); any other slip has no effect until its service is recorded, here as `service` or
    later. Raises ValueError when a fact of the kind is missing. Emits SlipServed once it is served.
    """
    form = FORMS[kind]
    if missing := form.facts - facts.keys():
        raise ValueError(f"{kind} does not say {sorted(missing)}")
    slip = Slip(
        id=tx.new_id(),
        region=case.region,
        root_id=case.root_id,
        kind=kind,
        number=next_number(tx, case.region, form.word, items.local_day(tx)),
        template=TEMPLATE,
        issued_at=tx.now,
        issued_by=tx.actor.login,
        revision=1,
    )
    slip.content = _frozen(tx, _content(tx, case, slip, facts))
    slip.digest = hashlib.sha256(slip.content.encode()).digest()
    tx.add(slip)
    root = instance_rows.of(tx, case.root_id)
    evidence.record(tx, root, ISSUED, subject=slip.id, property=kind.value, basis=form.basis, document=slip.number)
    if service is None and case.is_online and not form.is_signed_for:
        service = Service(ServiceMeans.ELECTRONIC, case.agent_name or case.applicant_name)
    return slip if service is None else serve(tx, slip, service)


def _content(tx: Transaction, case: Case, slip: Slip, facts: Mapping[str, object]) -> dict[str, object]:
    """Everything that stands on the slip."""
    item = items.document(tx, case.item_id).published
    return {
        "number": slip.number,
        "case_number": case.number,
        "query_code": case.query_code,
        "item": item["name"],
        "authority": item["body"],
        "applicant": case.applicant_name,
        "agent": case.agent_name,
        "received_at": case.received_at,
        "issued_at": slip.issued_at,
        "basis": FORMS[slip.kind].basis,
        "facts": facts,
    }


def _frozen(tx: Transaction, content: Mapping[str, object]) -> str:
    """As JSON: instants in the office's zone, amounts to the cent as they were given."""

    def plain(value: object) -> str:
        match value:
            case datetime():
                return value.astimezone(tx.ports.zone).isoformat(timespec="seconds")
            case date():
                return value.isoformat()
            case Decimal():
                return str(value)
        raise TypeError(f"a slip cannot say {value!r}")

    return json.dumps(_in_chinese(content), ensure_ascii=False, separators=(",", ":"), default=plain)


def _in_chinese(value: object) -> object:
    """A slip is written in Chinese, the language of its law."""
    match value:
        case Sentence():
            return value.zh
        case Mapping():
            return {key: _in_chinese(one) for key, one in value.items()}
        case list() | tuple():
            return [_in_chinese(one) for one in value]
    return value
