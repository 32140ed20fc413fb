"""Notices (通知) at the door: what the caller and an applicant were told, and what could not be sent."""

from typing import Any

import marshmallow as ma

from api.office.fields import Called, DepartmentShown, OfficialShown, Said
from api.pages import PageQuery, page_of
from api.routes import Routes
from api.wire import Instant
from casework import cases, items, sight
from casework.notices import NOTICE_KINDS, NoticeKind, listing
from casework.notices.listing import NOTICE_STATES, NoticeState
from casework.notices.retrying import retry
from casework.tables import ReceiverKind
from engine.transaction import Transaction

SHORT = ma.validate.Length(1, 100)

routes = Routes("notices", "Notices (通知).")


class NoticeQuery(PageQuery):
    """Which notices."""

    state = ma.fields.Enum(NoticeState, load_default=None)
    kind = ma.fields.Enum(NoticeKind, by_value=True, load_default=None)
    sender = ma.fields.String(load_default=None, validate=SHORT)
    case_number = ma.fields.String(load_default=None, validate=SHORT)


class ReceiverShown(ma.Schema):
    """Whom a notice is for: the applicant by name and masked number, else a person or a department."""

    kind = ma.fields.Enum(ReceiverKind, required=True)
    name = ma.fields.String(allow_none=True)
    phone = ma.fields.String(allow_none=True)
    person = ma.fields.Nested(OfficialShown, allow_none=True)
    department = ma.fields.Nested(DepartmentShown, allow_none=True)


class NoticeShown(ma.Schema):
    """A notice, and what became of it."""

    id = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    kind_name = Called(NOTICE_KINDS, of="kind", required=True)
    case_number = ma.fields.String(allow_none=True)
    to = ma.fields.Nested(ReceiverShown, required=True)
    text = Said(required=True)
    state = ma.fields.Enum(NoticeState, required=True)
    state_name = Called(NOTICE_STATES, of="state", required=True)
    created_at = Instant(required=True)
    sent_at = Instant(allow_none=True)


class NoticeRow(NoticeShown):
    """A notice as those see it who look after the sending. `failure` is what the last try met."""

    sender = ma.fields.String(allow_none=True)
    failures = ma.fields.Integer(required=True)
    failure = ma.fields.String(allow_none=True)
    next_try_at = Instant(allow_none=True)


NoticesPage = page_of(NoticeShown)


class Again(ma.Schema):
    """A notice that is sent once more."""

    id = ma.fields.String(required=True)
    sender = ma.fields.String(required=True)


@routes.get("/notices", "通知", "notices.read", query=NoticeQuery, answer=page_of(NoticeRow))
def list_notices(tx: Transaction, query: dict[str, Any]) -> dict[str, Any]:
    """List the notices, newest first

    `state=FAILED` are those that wait for a person. Telephone numbers are masked: only the sender gets them whole.
    """
    rows, after = listing.listed(tx, query, after=query["cursor"], limit=query["limit"])
    return {"rows": rows, "after": after}


@routes.get("/notices/mine", "本人通知", "notices.read_own", query=PageQuery, answer=NoticesPage)
def list_own(tx: Transaction, query: dict[str, Any]) -> dict[str, Any]:
    """List the notices to the caller and to the caller's departments, newest first"""
    rows, after = listing.mine(tx, after=query["cursor"], limit=query["limit"])
    return {"rows": rows, "after": after}


@routes.get("/cases/<number>/notices", "办件通知", "cases.read", answer=NoticesPage)
def list_of_case(tx: Transaction, number: str) -> dict[str, Any]:
    """List the notices of a case, oldest first; applicants see those to the applicant"""
    case = cases.by_number(tx, number)
    tx.ports.may(tx, "cases.read", case)
    seen = sight.of(tx, case, items.document(tx, case.item_id))
    return {"rows": listing.of_case(tx, case, seen), "after": None}


@routes.post("/notices/<notice_id>/retry", "重发通知", "notices.retry", answer=Again)
def send_again(tx: Transaction, notice_id: str) -> Any:
    """Send a notice again that could not be sent

    It goes to the sender that now carries its kind.
    """
    return retry(tx, notice_id)
