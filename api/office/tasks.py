"""One task of the inbox at the door: read it, claim it, keep a draft, complete it, hand it on, ask for corrections."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from api.etags import expected_revision, show_revision
from api.office.case import ApplicantShown, OpinionShown
from api.office.cases import LONGEST_COMMENT, Asked
from api.office.consultations import ConsultationShown
from api.office.fields import PersonShown, Said
from api.office.inbox import InboxRow, open_row
from api.office.materials import AttachmentShown, MaterialOfCase
from api.routes import Routes
from api.wire import Instant
from casework import assignments, attachments, case_view, corrections, items, sight, signing, task_view
from casework.tables import Case, Signature
from engine import user_tasks
from engine.ports import Submission
from engine.tables import DelegationState, TaskState, UserTask
from engine.transaction import Transaction

MOST_CORRECTIONS = 100
ATTACHMENTS = ma.fields.List(
    ma.fields.String(validate=ma.validate.Length(1, 64)),
    load_default=None,
    allow_none=True,
    validate=ma.validate.Length(max=attachments.MOST),
)
"""Ids of files the caller uploaded."""

routes = Routes("tasks", "The tasks of the inbox.", prefix="/api/inbox")


class OutcomeOffered(ma.Schema):
    """A choice, as drawn; `comment_required`: not without reasons."""

    value = ma.fields.String(required=True)
    label = Said(required=True)
    comment_required = ma.fields.Boolean(required=True)


class SignatureShown(ma.Schema):
    """An officer's signature; `counts` is false once the record changed after it."""

    by = ma.fields.Nested(PersonShown, required=True)
    at = Instant(required=True)
    outcome = ma.fields.String(allow_none=True)
    comment = ma.fields.String(allow_none=True)
    counts = ma.fields.Boolean(required=True)


class PreconditionShown(ma.Schema):
    """默认前置: for whose decision the step waits, since when, until when, and the working days of that so far."""

    department = ma.fields.String(required=True, attribute="code")
    name = Said(required=True)
    since = Instant(required=True)
    until = Instant(allow_none=True)
    working_days = ma.fields.Float(required=True)


class TaskShown(InboxRow):
    """A task with all that is needed to work on it; an outside participant sees what the item names for it."""

    form = ma.fields.Dict(allow_none=True, metadata={"description": "Camunda Forms JSON"})
    precondition = ma.fields.Nested(PreconditionShown, allow_none=True)
    values = ma.fields.Dict(required=True)
    outcomes = ma.fields.List(ma.fields.Nested(OutcomeOffered), required=True)
    signers = ma.fields.Integer(allow_none=True, metadata={"description": "how many officers sign, null: one"})
    signatures = ma.fields.List(ma.fields.Nested(SignatureShown), required=True)
    application = ma.fields.Dict(required=True, metadata={"description": "what the applicant filled in"})
    applicant = ma.fields.Nested(ApplicantShown, allow_none=True)
    materials = ma.fields.List(ma.fields.Nested(MaterialOfCase), required=True)
    opinions = ma.fields.List(ma.fields.Nested(OpinionShown), required=True)
    consultations = ma.fields.List(ma.fields.Nested(ConsultationShown), required=True)
    attachments = ma.fields.List(ma.fields.Nested(AttachmentShown), required=True)
    outcome = ma.fields.String(allow_none=True)
    comment = ma.fields.String(allow_none=True)
    done_at = Instant(allow_none=True)


class TaskStands(ma.Schema):
    """A task after a command; the ETag is its revision."""

    id = ma.fields.String(required=True)
    state = ma.fields.Enum(TaskState, required=True)
    department = ma.fields.String(allow_none=True)
    assignee = ma.fields.String(allow_none=True)
    owner = ma.fields.String(allow_none=True)
    delegation_state = ma.fields.Enum(DelegationState, allow_none=True)
    claimed_at = Instant(allow_none=True)
    outcome = ma.fields.String(allow_none=True)
    comment = ma.fields.String(allow_none=True)
    ended_at = Instant(allow_none=True)


class Draft(ma.Schema):
    """A half-filled form, and the files that go with it; without a list they stay as they are."""

    form = ma.fields.Dict(keys=ma.fields.String(), required=True)
    attachments = ATTACHMENTS


class Assignment(ma.Schema):
    """Who shall do it: a login of the department in charge."""

    assignee = ma.fields.String(required=True, validate=ma.validate.Length(1, 64))


class Signing(ma.Schema):
    """What a second officer signs beside the draft: the outcome it is meant for; a remark of one's own."""

    outcome = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(max=100))
    comment = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(max=LONGEST_COMMENT))


class Signed(ma.Schema):
    """A signature that was given."""

    task_id = ma.fields.String(required=True)
    login = ma.fields.String(required=True)
    at = Instant(required=True)
    outcome = ma.fields.String(allow_none=True)
    comment = ma.fields.String(allow_none=True)


class Completion(ma.Schema):
    """What is signed: one of the task's outcomes, the reasons, the form, the files; without a list, the draft's."""

    outcome = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(max=100))
    comment = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(max=LONGEST_COMMENT))
    form = ma.fields.Dict(keys=ma.fields.String(), load_default=dict)
    attachments = ATTACHMENTS


class CorrectionWanted(ma.Schema):
    """What the applicant has to correct, one line each; of a second notice, why it was not told the first time."""

    items = ma.fields.List(
        ma.fields.String(validate=ma.validate.Length(1, corrections.LONGEST_ITEM)),
        required=True,
        validate=ma.validate.Length(1, MOST_CORRECTIONS),
    )
    reason = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(max=LONGEST_COMMENT))


class Collected(ma.Schema):
    """The case's single list of corrections, as it stands; it goes out with the notice."""

    items = ma.fields.List(ma.fields.Nested(Asked), required=True)


@routes.get("/<task_id>", "任务详情", "user_tasks.read", answer=TaskShown)
def show_task(tx: Transaction, task_id: str) -> dict[str, Any]:
    """Show a task: form, values, materials, the others' opinions, the outcomes offered"""
    shown = task_view.show(tx, task_id)
    row, light = shown.pop("row"), shown.pop("light")
    task = row.UserTask
    show_revision(task.revision)
    said = {"outcome": task.outcome, "comment": task.comment, "done_at": task.ended_at}
    return open_row(tx, row, light) | shown | said


@routes.put("/<task_id>/draft", "保存草稿", "user_tasks.save_draft", body=Draft, answer=TaskStands)
def save_draft(tx: Transaction, body: dict[str, Any], task_id: str) -> UserTask:
    """Keep a half-filled form with the task"""
    kept = user_tasks.save_draft(tx, task_id, body["form"], body["attachments"], revision=expected_revision())
    return _after(kept)


@routes.post("/<task_id>/claim", "签收", "user_tasks.claim", answer=TaskStands)
def claim(tx: Transaction, task_id: str) -> UserTask:
    """Claim a task"""
    return _after(user_tasks.claim(tx, task_id, revision=expected_revision()))


@routes.post("/<task_id>/release", "取消签收", "user_tasks.release", answer=TaskStands)
def release(tx: Transaction, task_id: str) -> UserTask:
    """Give a task back to its department"""
    return _after(user_tasks.release(tx, task_id, revision=expected_revision()))


@routes.post("/<task_id>/assign", "分派", "user_tasks.assign", body=Assignment, answer=TaskStands)
def assign(tx: Transaction, body: dict[str, Any], task_id: str) -> UserTask:
    """Assign a task to a person of its department, also one that a colleague holds"""
    return _after(assignments.assign(tx, task_id, body["assignee"], revision=expected_revision()))


@routes.post("/<task_id>/sign", "会签", "user_tasks.sign", body=Signing, answer=Signed, status=201)
def sign(tx: Transaction, body: dict[str, Any], task_id: str) -> Signature:
    """Sign the draft of a colleague, where several officers have to"""
    return signing.sign(tx, task_id, body["outcome"], body["comment"], revision=expected_revision())


@routes.post("/<task_id>/complete", "办结", "user_tasks.complete", body=Completion, answer=TaskStands)
def complete(tx: Transaction, body: dict[str, Any], task_id: str) -> UserTask:
    """Complete a task; an unclaimed one is claimed on the way"""
    return _after(user_tasks.complete(tx, task_id, submission(body), revision=expected_revision()))


@routes.post(
    "/<task_id>/request-correction",
    "提出补正要求",
    "corrections.request",
    body=CorrectionWanted,
    answer=Collected,
    status=201,
)
def request_correction(tx: Transaction, body: dict[str, Any], task_id: str) -> dict[str, Any]:
    """Add to the case's single notice of corrections"""
    correction = corrections.request(tx, task_id, body["items"], reason=body["reason"], revision=expected_revision())
    case = tx.session.get_one(Case, correction.root_id)
    return {"items": case_view.asked(correction, sight.of(tx, case, items.document(tx, case.item_id)))}


def submission(body: Mapping[str, Any]) -> Submission:
    """What a completion hands in."""
    return Submission(body["form"], body["outcome"], body["comment"], body["attachments"])


def _after(task: UserTask) -> UserTask:
    show_revision(task.revision)
    return task
