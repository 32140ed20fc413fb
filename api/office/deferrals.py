"""Deferred materials (容缺受理) at the door: let them follow, hand them in, see what is outstanding."""

from typing import Any

import marshmallow as ma

from api.office.cases import MOST_MATERIALS, MaterialGiven, named
from api.office.fields import Called, Words, in_language
from api.routes import Routes
from api.wire import Instant
from casework import cases, deferrals, items
from casework.item_fields import is_limit
from casework.tables import Case, Deferral, DeferralState
from casework.words import DEFERRAL_STATES
from engine.transaction import Transaction

SHORT = ma.validate.Length(1, 100)

routes = Routes("deferrals", "Deferred materials (容缺受理).", prefix="/api/cases")


class NewDeferral(ma.Schema):
    """Which materials follow, how they are handed in and within which time; without it, within what the item says."""

    materials = ma.fields.List(ma.fields.String(validate=SHORT), required=True, validate=ma.validate.Length(1, 100))
    how = Words(required=True, validate=ma.validate.Length(1, 500))
    within = ma.fields.String(load_default=None, allow_none=True, validate=is_limit)


class HandedIn(ma.Schema):
    """What was promised."""

    materials = ma.fields.List(
        ma.fields.Nested(MaterialGiven), required=True, validate=ma.validate.Length(1, MOST_MATERIALS)
    )


class DeferredMaterial(ma.Schema):
    """A material that follows later."""

    kind = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    is_outstanding = ma.fields.Boolean(required=True)


class DeferralShown(ma.Schema):
    """What the applicant may hand in later, how, and within which time of the promise."""

    state = ma.fields.Enum(DeferralState, required=True)
    state_name = Called(DEFERRAL_STATES, of="state", required=True)
    materials = ma.fields.List(ma.fields.Nested(DeferredMaterial), required=True)
    how = ma.fields.String(required=True)
    within = ma.fields.String(required=True)
    offered_at = Instant(required=True)
    promised_at = Instant(allow_none=True)
    ended_at = Instant(allow_none=True)


@routes.get("/<number>/deferral", "容缺材料", "cases.read", answer=DeferralShown)
def show(tx: Transaction, number: str) -> dict[str, Any]:
    """Show what of a case may follow later"""
    return _shown(tx, cases.by_number(tx, number), deferrals.seen(tx, number))


@routes.post("/<number>/deferral", "容缺受理", "cases.defer", body=NewDeferral, answer=DeferralShown, status=201)
def offer(tx: Transaction, body: dict[str, Any], number: str) -> dict[str, Any]:
    """Let secondary materials follow after acceptance

    The applicant is asked to sign the promise; from then on the applicant's time runs, and nothing is approved until
    the materials are there.
    """
    deferral = deferrals.offer(tx, number, body["materials"], body["how"], body["within"])
    return _shown(tx, cases.by_number(tx, number), deferral)


@routes.post(
    "/<number>/deferral/hand-in", "补齐容缺材料", "cases.hand_in_deferred", body=HandedIn, answer=DeferralShown
)
def hand_in(tx: Transaction, body: dict[str, Any], number: str) -> dict[str, Any]:
    """Hand in deferred materials"""
    deferral = deferrals.hand_in(tx, number, named(body["materials"]))
    return _shown(tx, cases.by_number(tx, number), deferral)


def _shown(tx: Transaction, case: Case, deferral: Deferral) -> dict[str, Any]:
    missing = deferrals.outstanding(tx, case, deferral)
    rows = [
        {
            "kind": said["code"],
            "name": in_language(said["name"], said["name_en"]),
            "is_outstanding": said["code"] in missing,
        }
        for said in deferrals.listed(items.document(tx, case.item_id), deferral)
    ]
    row = {column.key: getattr(deferral, column.key) for column in deferral.__table__.columns}
    return row | {"materials": rows}
