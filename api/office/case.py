"""One case at the door, as far as the caller may see it; and its materials."""

from typing import Any

import marshmallow as ma
from flask import Response

from api.office.cases import Asked, CaseStands
from api.office.deadlines import DeadlineInBrief, DeadlineOfCase
from api.office.fields import Called, DepartmentShown, OfficialShown, Said, in_language
from api.office.materials import AttachmentShown, MaterialOfCase, download
from api.routes import Hall, Routes
from api.wire import Instant
from casework import attachments, case_view, cases, items, materials, sight
from casework.tables import CorrectionState
from casework.words import CORRECTION_STATES, DECISIONS
from engine.errors import NotFound
from engine.ports import Actor
from engine.transaction import Transaction

routes = Routes("case", "One case and what belongs to it.", prefix="/api/cases")


class AgentShown(ma.Schema):
    """Who acts for the applicant."""

    name = ma.fields.String(required=True)
    id_number = ma.fields.String(allow_none=True)
    phone = ma.fields.String(allow_none=True)


class ApplicantShown(ma.Schema):
    """Who applies; numbers are masked for a reader who does not need them."""

    kind = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    id_type = ma.fields.String(required=True)
    id_number = ma.fields.String(required=True)
    phone = ma.fields.String(required=True)
    agent = ma.fields.Nested(AgentShown, allow_none=True)


class OpinionShown(ma.Schema):
    """What a department said (办理意见). Of others only as far as the item lets the reader see it."""

    task_id = ma.fields.String(required=True)
    department = ma.fields.Nested(DepartmentShown, allow_none=True)
    step = Said(allow_none=True)
    act = ma.fields.String(allow_none=True)
    outcome = ma.fields.String(allow_none=True)
    label = Said(allow_none=True)
    comment = ma.fields.String(allow_none=True)
    by = ma.fields.Nested(OfficialShown, allow_none=True)
    at = Instant(allow_none=True)
    attachments = ma.fields.List(ma.fields.Nested(AttachmentShown), required=True)


class TimelineEntry(ma.Schema):
    """One line of the course of a case: when, who, for whom, to whom, what, why, on what ground."""

    at = Instant(required=True)
    kind = ma.fields.String(required=True)
    text = Said(required=True)
    who = ma.fields.Nested(OfficialShown, allow_none=True)
    on_behalf_of = ma.fields.Nested(OfficialShown, allow_none=True)
    to_person = ma.fields.Nested(OfficialShown, allow_none=True)
    to_department = ma.fields.Nested(DepartmentShown, allow_none=True)
    department = ma.fields.Nested(DepartmentShown, allow_none=True)
    step = Said(allow_none=True)
    outcome = Said(allow_none=True)
    reason = ma.fields.String(allow_none=True)
    basis = ma.fields.String(allow_none=True)
    document = ma.fields.String(allow_none=True)


class CorrectionShown(ma.Schema):
    """A notice of corrections (补正通知)."""

    number = ma.fields.String(allow_none=True)
    state = ma.fields.Enum(CorrectionState, required=True)
    state_name = Called(CORRECTION_STATES, of="state", required=True)
    items = ma.fields.List(ma.fields.Nested(Asked), required=True)
    created_at = Instant(required=True)
    sent_at = Instant(allow_none=True)
    served_at = Instant(allow_none=True, metadata={"description": "送达后方生效"})
    answered_at = Instant(allow_none=True)
    irregular = ma.fields.Boolean(required=True, metadata={"description": "再次告知（行政许可法第七十二条）"})


class MissingMaterial(ma.Schema):
    """A material the item requires that nobody has handed in."""

    kind = ma.fields.String(required=True)
    name = Said(required=True)


class OpenStep(ma.Schema):
    """A step where the case stands. `deadline`: the clock that measures it, where it is the reader's to know."""

    task_id = ma.fields.String(required=True)
    name = Said(allow_none=True)
    act = ma.fields.String(allow_none=True)
    department = ma.fields.Nested(DepartmentShown, allow_none=True)
    created_at = Instant(required=True)
    deadline = ma.fields.Nested(DeadlineInBrief, allow_none=True)


class CaseShown(CaseStands):
    """A case, as far as the reader may see it. `deadline` is that of the case as a whole."""

    decision_name = Called(DECISIONS, of="decision", allow_none=True)
    item = ma.fields.String(required=True)
    item_version = ma.fields.Integer(required=True)
    item_name = ma.fields.String(required=True)
    process = ma.fields.String(required=True)
    process_version = ma.fields.Integer(required=True)
    channel = ma.fields.String(required=True)
    competent_authority = ma.fields.String(allow_none=True, metadata={"description": "不予受理时告知的有权机关"})
    expires_on = ma.fields.Date(allow_none=True, metadata={"description": "延续：原许可有效期的最后一日"})
    confidential = ma.fields.Boolean(required=True, attribute="is_confidential", metadata={"description": "涉密"})
    submitted_by = ma.fields.Nested(OfficialShown, allow_none=True)
    applicant = ma.fields.Nested(ApplicantShown, required=True)
    deadline = ma.fields.Nested(DeadlineInBrief, allow_none=True)
    deadlines = ma.fields.List(ma.fields.Nested(DeadlineOfCase), required=True)
    opinions = ma.fields.List(ma.fields.Nested(OpinionShown), required=True)
    timeline = ma.fields.List(ma.fields.Nested(TimelineEntry), required=True)
    corrections = ma.fields.List(ma.fields.Nested(CorrectionShown), required=True)
    materials = ma.fields.List(ma.fields.Nested(MaterialOfCase), required=True)
    missing_materials = ma.fields.List(ma.fields.Nested(MissingMaterial), required=True)
    open_steps = ma.fields.List(ma.fields.Nested(OpenStep), required=True)


@routes.get("/<number>", "办件详情", "cases.read", answer=CaseShown)
def show_case(tx: Transaction, number: str) -> dict[str, Any]:
    """Show a case: state, deadlines, opinions, timeline"""
    case = cases.by_number(tx, number)
    tx.ports.may(tx, "cases.read", case)
    shown = case_view.show(tx, case)
    item, document = shown.pop("item"), shown.pop("document")
    row = {column.key: getattr(case, column.key) for column in case.__table__.columns}
    row |= {"item": item.code, "item_version": item.version}
    return row | shown | {"item_name": in_language(item.name, document.published["name_en"])}


@routes.get("/<number>/materials/<material_id>", "下载材料", "materials.read", waits=True)
def show_material(hall: Hall, actor: Actor, number: str, material_id: str) -> Response:
    """Download a material of a case

    Always as an attachment, never shown by the browser within the office's pages.
    """
    with hall.database.view(actor) as tx:
        case = cases.by_number(tx, number)
        tx.ports.may(tx, "cases.read", case)
        material, content = materials.one(tx, case, material_id)
        if not attachments.is_open(tx, material, sight.of(tx, case, items.document(tx, case.item_id))):
            raise NotFound
    return download(material, content)
