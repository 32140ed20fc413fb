"""Consultations (征求意见) at the door: ask in the course of a task, see what one is asked, answer, withdraw."""

from typing import Any

import marshmallow as ma

from api.office.cases import LONGEST_COMMENT
from api.office.fields import Called, OfficialShown, Said
from api.office.parties import PartyNamed, PartyShown, party
from api.pages import PageQuery, page_of
from api.routes import Routes
from api.wire import Instant
from casework import consultations
from casework.tables import Consultation, ConsultationState
from casework.words import CONSULTATION_STATES
from engine.transaction import Transaction

WORDS = ma.validate.Length(1, LONGEST_COMMENT)

routes = Routes("consultations", "Consultations (征求意见).")


class NewConsultation(ma.Schema):
    """Who is asked, and what."""

    to = ma.fields.Nested(PartyNamed, required=True)
    question = ma.fields.String(required=True, validate=WORDS)


class ConsultationAnswer(ma.Schema):
    """What is answered."""

    answer = ma.fields.String(required=True, validate=WORDS)


class ConsultationQuery(PageQuery):
    """Which questions: those put to the caller, or by the caller."""

    state = ma.fields.String(load_default=None, validate=ma.validate.OneOf(tuple(consultations.IS)))
    asked_by_me = ma.fields.Boolean(load_default=False)


class ConsultationStands(ma.Schema):
    """A question after a command."""

    id = ma.fields.String(required=True)
    task_id = ma.fields.String(required=True)
    question = ma.fields.String(required=True)
    asked_at = Instant(required=True)
    answer = ma.fields.String(allow_none=True)
    answered_at = Instant(allow_none=True)
    withdrawn_at = Instant(allow_none=True)


class ConsultationShown(ma.Schema):
    """A question with what became of it."""

    id = ma.fields.String(required=True)
    task_id = ma.fields.String(required=True)
    case_number = ma.fields.String(allow_none=True)
    title = ma.fields.String(allow_none=True)
    step = Said(allow_none=True)
    state = ma.fields.Enum(ConsultationState, required=True)
    state_name = Called(CONSULTATION_STATES, of="state", required=True)
    to = ma.fields.Nested(PartyShown, required=True)
    question = ma.fields.String(required=True)
    asked_by = ma.fields.Nested(OfficialShown, required=True)
    asked_at = Instant(required=True)
    answer = ma.fields.String(allow_none=True)
    answered_by = ma.fields.Nested(OfficialShown, allow_none=True)
    answered_at = Instant(allow_none=True)


@routes.post(
    "/inbox/<task_id>/consultations",
    "征求意见",
    "user_tasks.consult",
    body=NewConsultation,
    answer=ConsultationStands,
    status=201,
)
def ask(tx: Transaction, body: dict[str, Any], task_id: str) -> Consultation:
    """Consult a person or a department without moving the task"""
    return consultations.ask(tx, task_id, party(body["to"]), body["question"])


@routes.get(
    "/consultations", "征求意见列表", "consultations.read", query=ConsultationQuery, answer=page_of(ConsultationShown)
)
def list_consultations(tx: Transaction, query: dict[str, Any]) -> dict[str, Any]:
    """List the consultations put to the caller or the caller's departments, newest first"""
    rows, after = consultations.listed(
        tx, state=query["state"], asked_by_me=query["asked_by_me"], after=query["cursor"], limit=query["limit"]
    )
    return {"rows": rows, "after": after}


@routes.post(
    "/consultations/<consultation_id>/answer",
    "反馈意见",
    "consultations.answer",
    body=ConsultationAnswer,
    answer=ConsultationStands,
)
def answer(tx: Transaction, body: dict[str, Any], consultation_id: str) -> Consultation:
    """Answer a consultation"""
    return consultations.answer(tx, consultation_id, body["answer"])


@routes.post(
    "/consultations/<consultation_id>/withdraw", "收回征求意见", "consultations.withdraw", answer=ConsultationStands
)
def withdraw(tx: Transaction, consultation_id: str) -> Consultation:
    """Withdraw a consultation that is not answered yet"""
    return consultations.withdraw(tx, consultation_id)
