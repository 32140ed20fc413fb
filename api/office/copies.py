"""Copies for information (抄送) at the door: send, list what one was sent, say that it was read."""

from collections.abc import Iterable, Mapping
from typing import Any

import marshmallow as ma

from api.office.fields import OfficialShown, Said, Words
from api.office.parties import PartyNamed, PartyShown, party
from api.pages import PageQuery, page_of
from api.routes import Routes
from api.wire import Instant
from casework import copies
from casework.tables import Copy
from engine.tables import USER, Party
from engine.transaction import Transaction

MOST_RECEIVERS = 100

routes = Routes("copies", "Copies for information (抄送).")


class NewCopies(ma.Schema):
    """Who shall be shown the case, and what is said to them."""

    to = ma.fields.List(ma.fields.Nested(PartyNamed), required=True, validate=ma.validate.Length(1, MOST_RECEIVERS))
    message = Words(load_default=None, allow_none=True, validate=ma.validate.Length(1, 500))


class CopyStands(ma.Schema):
    """A copy to one receiver."""

    id = ma.fields.String(required=True)
    to = ma.fields.Nested(PartyNamed, required=True)
    message = ma.fields.String(allow_none=True)
    sent_at = Instant(required=True)


class CopiesSent(ma.Schema):
    """The copies, those that a receiver had already too."""

    copies = ma.fields.List(ma.fields.Nested(CopyStands), required=True)


class CopyQuery(PageQuery):
    """Which copies."""

    is_read = ma.fields.Boolean(load_default=None, data_key="read")


class CopyShown(ma.Schema):
    """A copy as its receiver sees it; `read_at` null: not read yet."""

    id = ma.fields.String(required=True)
    case_number = ma.fields.String(allow_none=True)
    title = ma.fields.String(allow_none=True)
    step = Said(allow_none=True)
    message = ma.fields.String(allow_none=True)
    sent_by = ma.fields.Nested(OfficialShown, required=True)
    sent_at = Instant(required=True)
    read_at = Instant(allow_none=True)


class ReceiptShown(ma.Schema):
    """That somebody read a copy (已阅)."""

    by = ma.fields.Nested(OfficialShown, required=True)
    at = Instant(required=True)


class CopyOfCase(ma.Schema):
    """A copy as the case shows it, with who has read it."""

    id = ma.fields.String(required=True)
    to = ma.fields.Nested(PartyShown, required=True)
    message = ma.fields.String(allow_none=True)
    sent_by = ma.fields.Nested(OfficialShown, required=True)
    sent_at = Instant(required=True)
    read = ma.fields.List(ma.fields.Nested(ReceiptShown), required=True)


@routes.post("/inbox/<task_id>/copies", "从任务抄送", "user_tasks.copy", body=NewCopies, answer=CopiesSent, status=201)
def send_from_task(tx: Transaction, body: dict[str, Any], task_id: str) -> dict[str, Any]:
    """Send copies of a case for information, from one of its tasks"""
    return _sent(copies.send_from_task(tx, task_id, _parties(body["to"]), body["message"]))


@routes.post("/cases/<number>/copies", "抄送", "copies.send", body=NewCopies, answer=CopiesSent, status=201)
def send(tx: Transaction, body: dict[str, Any], number: str) -> dict[str, Any]:
    """Send copies of a case for information"""
    return _sent(copies.send(tx, number, _parties(body["to"]), body["message"]))


@routes.get("/cases/<number>/copies", "抄送情况", "copies.read", answer=page_of(CopyOfCase))
def list_of_case(tx: Transaction, number: str) -> dict[str, Any]:
    """List the copies of a case and who has read them"""
    return {"rows": copies.of_case(tx, number), "after": None}


@routes.get("/copies", "抄送我的", "copies.read", query=CopyQuery, answer=page_of(CopyShown))
def list_copies(tx: Transaction, query: dict[str, Any]) -> dict[str, Any]:
    """List the copies sent to the caller or the caller's departments, unread first"""
    rows, after = copies.listed(tx, is_read=query["is_read"], after=query["cursor"], limit=query["limit"])
    return {"rows": rows, "after": after}


@routes.post("/copies/<copy_id>/read", "已阅", "copies.read", answer=CopyStands)
def read(tx: Transaction, copy_id: str) -> dict[str, Any]:
    """Say that a copy was read"""
    return _stands(copies.read(tx, copy_id))


def _parties(named: Iterable[Mapping[str, str | None]]) -> list[Party]:
    return [party(one, f"to[{place}]") for place, one in enumerate(named)]


def _sent(sent: Iterable[Copy]) -> dict[str, Any]:
    return {"copies": [_stands(one) for one in sent]}


def _stands(one: Copy) -> dict[str, Any]:
    is_persons = one.kind == USER
    return {
        "id": one.id,
        "to": {"login": one.name if is_persons else None, "department": None if is_persons else one.name},
        "message": one.message,
        "sent_at": one.sent_at,
    }
