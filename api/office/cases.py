"""Cases (办件) at the door: submit, accept, decline, withdraw, supplement, tell what to correct; lists."""

import json
from typing import Any

import marshmallow as ma

from api.office.deadlines import DeadlineInBrief
from api.office.fields import Called, Words, in_language
from api.pages import PageQuery, page_of
from api.routes import Routes
from api.wire import Instant
from casework import case_deadlines, case_list, cases, confidentiality, corrections, items, reasons
from casework.applicants import ID_TYPES, KINDS, Applicant
from casework.applications import Application
from casework.case_list import LEAST_LEFT, MOST_LEFT, NEWEST
from casework.materials import Named
from casework.tables import Case, CaseState, Decision
from casework.words import CASE_STATES, DECISIONS
from casework.yes_or_no import YesOrNo
from engine.queries.definitions import EVERYWHERE
from engine.transaction import Transaction

LONGEST_COMMENT = reasons.LONGEST
MOST_MATERIALS = 200
LONGEST_REGION = 12
SHORT = ma.validate.Length(1, 100)

routes = Routes("cases", "Cases (办件).", prefix="/api/cases")


class AgentGiven(ma.Schema):
    """Who acts for the applicant (代办人)."""

    name = Words(required=True, validate=SHORT)
    id_number = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(max=40))
    phone = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(max=40))


class ApplicantGiven(ma.Schema):
    """Who applies, identified by a number whose check digits are verified."""

    kind = ma.fields.String(required=True, validate=ma.validate.OneOf(KINDS))
    name = Words(required=True, validate=SHORT)
    id_type = ma.fields.String(required=True, validate=ma.validate.OneOf(tuple(ID_TYPES)))
    id_number = ma.fields.String(required=True, validate=ma.validate.Length(1, 40))
    phone = ma.fields.String(required=True, validate=ma.validate.Length(1, 40))
    agent = ma.fields.Nested(AgentGiven, load_default=None, allow_none=True)


class MaterialGiven(ma.Schema):
    """An uploaded material, and as which of the item's materials it is handed in."""

    kind = ma.fields.String(required=True, validate=SHORT)
    id = ma.fields.String(required=True, validate=SHORT)


class NewCase(ma.Schema):
    """An application. A window may say the channel, that it came earlier (补录), or that it is confidential (涉密)."""

    item = ma.fields.String(required=True, validate=SHORT)
    region = ma.fields.String(
        load_default=EVERYWHERE,
        validate=ma.validate.Length(1, LONGEST_REGION),
        metadata={"description": "向其申请的机关所在行政区划；其事项、部门、日历和时限均以该区划为准"},
    )
    applicant = ma.fields.Nested(ApplicantGiven, required=True)
    form = ma.fields.Dict(keys=ma.fields.String(), required=True)
    materials = ma.fields.List(
        ma.fields.Nested(MaterialGiven), load_default=list, validate=ma.validate.Length(max=MOST_MATERIALS)
    )
    channel = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(1, 20))
    received_at = Instant(load_default=None, allow_none=True)
    confidential = YesOrNo(load_default=False)


class CaseStands(ma.Schema):
    """Where a case stands after a command."""

    number = ma.fields.String(required=True)
    state = ma.fields.Enum(CaseState, required=True)
    state_name = Called(CASE_STATES, of="state", required=True)
    decision = ma.fields.Enum(Decision, allow_none=True)
    title = ma.fields.String(required=True)
    submitted_at = Instant(required=True)
    received_at = Instant(required=True)
    is_backdated = ma.fields.Boolean(required=True, metadata={"description": "补录"})
    accepted_at = Instant(allow_none=True)
    accepted_by_law = ma.fields.Boolean(
        required=True, attribute="is_accepted_by_law", metadata={"description": "视为受理（行政许可法第三十二条）"}
    )
    decided_at = Instant(allow_none=True)
    decided_by_law = ma.fields.Boolean(
        required=True, attribute="is_decided_by_law", metadata={"description": "视为准予（行政许可法第五十条）"}
    )
    ended_at = Instant(allow_none=True)


class Receipt(CaseStands):
    """收件凭证: with number and query code the applicant follows the case without a login."""

    query_code = ma.fields.String(required=True)
    channel = ma.fields.String(required=True)
    region = ma.fields.String(required=True, metadata={"description": "受理机关所在行政区划"})


class CaseRow(CaseStands):
    """A case in a list. `deadline`: of acceptance, then of the decision, then of the delivery; null where no clock
    counts."""

    decision_name = Called(DECISIONS, of="decision", allow_none=True)
    item = ma.fields.String(required=True)
    item_version = ma.fields.Integer(required=True)
    item_name = ma.fields.String(required=True)
    applicant_name = ma.fields.String(required=True)
    channel = ma.fields.String(required=True)
    deadline = ma.fields.Nested(DeadlineInBrief, allow_none=True)
    confidential = ma.fields.Boolean(required=True, attribute="is_confidential", metadata={"description": "涉密"})


class CaseQuery(PageQuery):
    """Which cases, and in which order: the newest first, or by the least or the most remaining time.

    `q`: the beginning of a number, or a part of the title or the applicant's name.
    """

    item = ma.fields.String(load_default=None)
    state = ma.fields.Enum(CaseState, load_default=None)
    decision = ma.fields.Enum(Decision, load_default=None)
    department = ma.fields.String(load_default=None)
    submitted_from = Instant(load_default=None)
    submitted_to = Instant(load_default=None)
    received_from = Instant(load_default=None)
    received_to = Instant(load_default=None)
    mine = ma.fields.Boolean(load_default=False)
    sort = ma.fields.String(load_default=NEWEST, validate=ma.validate.OneOf((NEWEST, LEAST_LEFT, MOST_LEFT)))
    q = ma.fields.String(load_default=None, validate=SHORT)


class Comment(ma.Schema):
    """What the office says to it."""

    comment = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(max=LONGEST_COMMENT))


class Declined(Comment):
    """Why the application is declined, and which authority is competent where this one is not (行政许可法 art. 32)."""

    competent_authority = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(max=200))


class Reason(ma.Schema):
    """Why the application is taken back; nobody has to say."""

    reason = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(max=LONGEST_COMMENT))


class Confidentiality(ma.Schema):
    """Whether the case exists for its participants only (涉密), and why."""

    confidential = YesOrNo(required=True)
    reason = ma.fields.String(required=True, validate=ma.validate.Length(1, LONGEST_COMMENT))


class Supplement(ma.Schema):
    """What the notice asked for: the fields that changed, and materials."""

    form = ma.fields.Dict(keys=ma.fields.String(), load_default=dict)
    materials = ma.fields.List(
        ma.fields.Nested(MaterialGiven), load_default=list, validate=ma.validate.Length(max=MOST_MATERIALS)
    )


class Asked(ma.Schema):
    """One thing to correct, and which department asks for it."""

    text = ma.fields.String(required=True)
    department = ma.fields.String(allow_none=True)


class NoticeSent(ma.Schema):
    """The notice that went out, with its number."""

    number = ma.fields.String(required=True)
    sent_at = Instant(required=True)
    items = ma.fields.List(ma.fields.Nested(Asked), required=True)


@routes.post("", "提交办件", "cases.submit", body=NewCase, answer=Receipt, status=201)
def submit(tx: Transaction, body: dict[str, Any]) -> tuple[Case, int, dict[str, str]]:
    """Submit a case

    Every fault of applicant, form and materials is told at once, and nothing is kept then.
    """
    case = cases.submit(
        tx,
        Application(
            item=body["item"],
            applicant=_applicant(body["applicant"]),
            form=body["form"],
            materials=named(body["materials"]),
            channel=body["channel"],
            received_at=body["received_at"],
            is_confidential=body["confidential"],
        ),
        body["region"],
    )
    return case, 201, {"Location": f"/api/cases/{case.number}"}


def _applicant(said: dict[str, Any]) -> Applicant:
    agent = said["agent"] or {}
    return Applicant(
        kind=said["kind"],
        name=said["name"],
        id_type=said["id_type"],
        id_number=said["id_number"],
        phone=said["phone"],
        agent_name=agent.get("name"),
        agent_id_number=agent.get("id_number"),
        agent_phone=agent.get("phone"),
    )


def named(said: list[dict[str, str]]) -> list[Named]:
    """The materials named in a request."""
    return [Named(one["kind"], one["id"]) for one in said]


@routes.get("", "办件列表", "cases.read", query=CaseQuery, answer=page_of(CaseRow))
def list_cases(tx: Transaction, query: dict[str, Any]) -> dict[str, Any]:
    """List the cases that the caller may see, newest first"""
    page = case_list.listed(tx, query, after=query["cursor"], limit=query["limit"])
    due = case_deadlines.of(tx, [row.root_id for row in page.rows])
    rows = [row._asdict() | {"item_name": item_name(tx, row), "deadline": due.get(row.root_id)} for row in page.rows]
    return {"rows": rows, "after": page.after}


def item_name(tx: Transaction, row: Any) -> str | None:
    """What the item of a row is called, in the reader's language; its document is read once a version."""
    if row.item_id is None:
        return None
    return in_language(row.item_name, items.document(tx, row.item_id).published["name_en"])


@routes.post("/<number>/accept", "受理", "cases.accept", body=Comment, answer=CaseStands)
def accept(tx: Transaction, body: dict[str, Any], number: str) -> Case:
    """Accept a case"""
    return cases.accept(tx, number, comment=body["comment"])


@routes.post("/<number>/decline", "不予受理", "cases.decline", body=Declined, answer=CaseStands)
def decline(tx: Transaction, body: dict[str, Any], number: str) -> Case:
    """Decline a case, with reasons"""
    return cases.decline(tx, number, comment=body["comment"], competent_authority=body["competent_authority"])


@routes.post("/<number>/withdraw", "撤件", "cases.withdraw", body=Reason, answer=CaseStands)
def withdraw(tx: Transaction, body: dict[str, Any], number: str) -> Case:
    """Take an application back"""
    return cases.withdraw(tx, number, reason=body["reason"])


@routes.put("/<number>/confidentiality", "定密与解密", "cases.classify", body=Confidentiality, answer=CaseStands)
def classify(tx: Transaction, body: dict[str, Any], number: str) -> Case:
    """Make a case confidential, or lift it, with a reason

    A confidential case exists for its participants only: the caller may not see it any more afterwards.
    """
    return confidentiality.change(tx, number, is_confidential=body["confidential"], reason=body["reason"])


@routes.post("/<number>/supplement", "补正", "cases.supplement", body=Supplement, answer=CaseStands)
def supplement(tx: Transaction, body: dict[str, Any], number: str) -> Case:
    """Hand in what the notice of corrections asked for"""
    return cases.supplement(tx, number, body["form"], named(body["materials"]))


@routes.post("/<number>/correction-notice", "发出补正通知", "corrections.send", answer=NoticeSent, status=201)
def send_notice(tx: Transaction, number: str) -> dict[str, Any]:
    """Tell the applicant everything that has to be corrected, at once

    The window before acceptance, the joint-approval coordinator after it. The clocks pause.
    """
    sent = corrections.send(tx, number)
    return {"number": sent.number, "sent_at": sent.sent_at, "items": json.loads(sent.items)}
