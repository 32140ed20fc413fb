"""Slips (文书) at the door: what a case was given in writing, as a page to print, and how it was served."""

from collections.abc import Sequence
from typing import Any

import marshmallow as ma
from flask import Response

from api.office.fields import Called, OfficialShown, Words, in_language
from api.office.progress import guessed
from api.pages import page_of
from api.routes import Hall, Routes
from api.wire import Instant
from casework import cases, items, names
from casework.slips import FORMS, Service
from casework.slips.kinds import SERVICE_MEANS
from casework.slips.printing import pdf, short
from casework.slips.reading import checked, of_case, wanted
from casework.slips.recording import record_service
from casework.tables import ServiceMeans, Slip, SlipKind
from engine.ports import Actor
from engine.transaction import Transaction

SLIP_KINDS = {kind: form.title for kind, form in FORMS.items()}

routes = Routes("slips", "Slips (文书).", prefix="/api")


class SlipShown(ma.Schema):
    """A slip. Until `served_at` it has no effect; `check_code` stands at the foot of the page."""

    number = ma.fields.String(required=True)
    kind = ma.fields.Enum(SlipKind, by_value=True, required=True)
    kind_name = Called(SLIP_KINDS, of="kind", required=True)
    issued_at = Instant(required=True)
    issued_by = ma.fields.Nested(OfficialShown, allow_none=True)
    means = ma.fields.Enum(ServiceMeans, by_value=True, allow_none=True)
    means_name = Called(SERVICE_MEANS, of="means", allow_none=True)
    receiver = ma.fields.String(allow_none=True)
    served_at = Instant(allow_none=True)
    check_code = ma.fields.String(required=True)


class ServiceSaid(ma.Schema):
    """How a slip was served. Without `served_at`: now."""

    means = ma.fields.Enum(ServiceMeans, by_value=True, required=True)
    receiver = Words(required=True, validate=ma.validate.Length(1, 100))
    served_at = Instant(load_default=None, allow_none=True)


class SlipQuery(ma.Schema):
    """What stands on a slip."""

    number = ma.fields.String(required=True, validate=ma.validate.Length(1, 64))
    query_code = ma.fields.String(required=True, validate=ma.validate.Length(1, 32))


class SlipChecked(ma.Schema):
    """What the office knows of a slip that somebody holds in hand."""

    number = ma.fields.String(required=True)
    kind = ma.fields.Enum(SlipKind, by_value=True, required=True)
    kind_name = Called(SLIP_KINDS, of="kind", required=True)
    case_number = ma.fields.String(required=True)
    item_name = ma.fields.String(required=True)
    issued_at = Instant(required=True)
    served_at = Instant(allow_none=True)
    check_code = ma.fields.String(required=True)


@routes.get("/cases/<number>/slips", "办件文书", "slips.read", answer=page_of(SlipShown))
def list_of_case(tx: Transaction, number: str) -> dict[str, Any]:
    """List the slips of a case, oldest first"""
    case = cases.by_number(tx, number)
    tx.ports.may(tx, "slips.read", case)
    slips, seen = of_case(tx, case)
    return {"rows": _rows(tx, slips, with_people=seen.is_official), "after": None}


def _rows(tx: Transaction, slips: Sequence[Slip], *, with_people: bool) -> list[dict[str, Any]]:
    known = names.directory(tx, {slip.issued_by for slip in slips}) if with_people else None
    return [_row(slip) | {"issued_by": known and known.person(slip.issued_by)} for slip in slips]


def _row(slip: Slip) -> dict[str, Any]:
    row = {column.key: getattr(slip, column.key) for column in slip.__table__.columns}
    return row | {"check_code": short(slip.digest)}


@routes.get("/cases/<number>/slips/<slip>.pdf", "打印文书", "slips.read", waits=True)
def print_slip(hall: Hall, actor: Actor, number: str, slip: str) -> Response:
    """Print a slip of a case

    The applicant and the window get the applicant's own, with the code that opens the case; anybody else a copy.
    """
    with hall.database.view(actor) as tx:
        case = cases.by_number(tx, number)
        tx.ports.may(tx, "slips.read", case)
        found = wanted(tx, case, slip)
    page = pdf(found.slip, progress_page=hall.progress_page if found.is_own else None)
    response = Response(page, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{found.slip.number}.pdf"'
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@routes.post("/cases/<number>/slips/<slip>/serve", "登记文书送达", "slips.serve", body=ServiceSaid, answer=SlipShown)
def serve_slip(tx: Transaction, body: dict[str, Any], number: str, slip: str) -> dict[str, Any]:
    """Record how a slip was served, from when on it has effect

    Not before it was issued and not in the future; by public notice 30 days after its issue at the earliest.
    """
    served = record_service(tx, number, slip, Service(body["means"], body["receiver"], body["served_at"]))
    return _rows(tx, [served], with_people=True)[0]


@routes.get("/public/slips", "文书核验", None, query=SlipQuery, answer=SlipChecked)
def check_slip(tx: Transaction, query: dict[str, Any]) -> dict[str, Any]:
    """Check a slip by its number and the query code on it

    No login. Too many wrong guesses, of one slip or from one address, are answered 429.
    """
    slip, case = guessed(query["number"], lambda: checked(tx, query["number"], query["query_code"]))
    item = items.document(tx, case.item_id).published
    told = {"case_number": case.number, "item_name": in_language(item["name"], item["name_en"])}
    return _row(slip) | told
