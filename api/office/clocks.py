"""Clocks (时限) of a case at the door: read them with every act on them, pause, resume, exclude, extend, reverse."""

from typing import Any

import marshmallow as ma

from api.etags import expected_revision, show_revision
from api.office.deadlines import DeadlineOfCase, PauseShown
from api.office.fields import Called, DepartmentShown, OfficialShown, Said
from api.office.slips import ServiceSaid
from api.pages import page_of
from api.routes import Routes
from api.wire import Instant
from casework import case_clocks_view, cases, clock_acts, term_applications
from casework.clock_acts import Said as SaidOfAct
from casework.clock_reasons import OF_ACT, Act
from casework.slips import Service
from casework.words import CLOCK_ACTS
from engine.transaction import Transaction

LONGEST = 500
SHORT = ma.validate.Length(1, 100)

routes = Routes("clocks", "Clocks (时限) of a case.")


class ActOnClock(ma.Schema):
    """Why, on what ground, by which paper, until when as foreseen. Which of them an act needs is told at once.

    `amount`: by how many units of the term it is extended, all that the item or the law allows unless it says fewer.
    """

    reason_code = ma.fields.String(required=True, validate=SHORT)
    legal_basis = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(max=200))
    document_number = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(max=100))
    expected_end = Instant(load_default=None, allow_none=True)
    reason = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(max=LONGEST))
    service = ma.fields.Nested(ServiceSaid, load_default=None, allow_none=True)
    amount = ma.fields.Integer(load_default=None, allow_none=True, strict=True)


class PauseOfClock(PauseShown):
    """One stretch in which a clock stood still, and who asked for it; officials alone are told who."""

    asked_by = ma.fields.Nested(OfficialShown, allow_none=True)
    department = ma.fields.Nested(DepartmentShown, allow_none=True)


class ExtensionShown(ma.Schema):
    """An extension of a clock: by how much, why, on what ground, by which notice (`document`) of which decision
    (`paper`), since when it holds."""

    amount = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)
    reason_name = Said(required=True)
    basis = ma.fields.String(required=True)
    document = ma.fields.String(required=True)
    paper = ma.fields.String(allow_none=True)
    granted_at = Instant(required=True)
    granted_by = ma.fields.Nested(OfficialShown, allow_none=True)
    held_from = Instant(allow_none=True)
    reversed_at = Instant(allow_none=True)


class ClockShown(DeadlineOfCase):
    """One clock with everything that was done to it."""

    id = ma.fields.String(required=True)
    revision = ma.fields.Integer(required=True)
    extension = ma.fields.String(allow_none=True)
    statutory_extension = ma.fields.String(allow_none=True)
    pauses = ma.fields.List(ma.fields.Nested(PauseOfClock), required=True)
    extensions = ma.fields.List(ma.fields.Nested(ExtensionShown), required=True)


class ReasonShown(ma.Schema):
    """One reason of a closed list, and the law that gives it."""

    act = ma.fields.String(required=True)
    act_name = Called(CLOCK_ACTS, of="act", required=True)
    code = ma.fields.String(required=True)
    name = Said(required=True)
    basis = ma.fields.String(allow_none=True)


class Opened(ma.Schema):
    """The application that waits to be filled in, in the caller's inbox."""

    task_id = ma.fields.String(required=True)
    name = ma.fields.String(allow_none=True)


class ApplicationOpened(ma.Schema):
    """What the application opened."""

    tasks = ma.fields.List(ma.fields.Nested(Opened), required=True)


@routes.get("/cases/<number>/clocks", "办件的时限", "cases.read", answer=page_of(ClockShown))
def list_clocks(tx: Transaction, number: str) -> dict[str, Any]:
    """List the clocks of a case that concern the caller, with every pause, exclusion and extension"""
    case = cases.by_number(tx, number)
    tx.ports.may(tx, "cases.read", case)
    return {"rows": case_clocks_view.of(tx, case), "after": None}


@routes.get("/clock-reasons", "时限操作事由", "regions.read", answer=page_of(ReasonShown))
def list_reasons(tx: Transaction) -> dict[str, Any]:
    """List the reasons for which clocks are paused, resumed, excluded, extended and reversed"""
    listed = [
        {"act": act.value, "code": code, "name": reason.name, "basis": reason.basis}
        for act, reasons in OF_ACT.items()
        for code, reason in reasons.items()
    ]
    return {"rows": listed, "after": None}


@routes.post("/cases/<number>/clocks/<clock_id>/pause", "中止时限", "clocks.pause", body=ActOnClock, answer=ClockShown)
def pause(tx: Transaction, body: dict[str, Any], number: str, clock_id: str) -> dict[str, Any]:
    """Pause a clock, a department's share with its steps, or the whole case"""
    return _done(tx, Act.PAUSE, number, clock_id, body)


@routes.post(
    "/cases/<number>/clocks/<clock_id>/resume", "恢复时限", "clocks.resume", body=ActOnClock, answer=ClockShown
)
def resume(tx: Transaction, body: dict[str, Any], number: str, clock_id: str) -> dict[str, Any]:
    """Let a clock run on that a person paused or excluded"""
    return _done(tx, Act.RESUME, number, clock_id, body)


@routes.post(
    "/cases/<number>/clocks/<clock_id>/exclude",
    "扣除特别程序时间",
    "clocks.exclude",
    body=ActOnClock,
    answer=ClockShown,
)
def exclude(tx: Transaction, body: dict[str, Any], number: str, clock_id: str) -> dict[str, Any]:
    """Exclude the time of a special procedure, once its notice is served

    The share of the department, its open steps and the clocks of the case; other departments' clocks run on.
    """
    return _done(tx, Act.EXCLUDE, number, clock_id, body)


@routes.post(
    "/cases/<number>/clocks/<clock_id>/extend", "延长办理期限", "clocks.extend", body=ActOnClock, answer=ClockShown
)
def extend(tx: Transaction, body: dict[str, Any], number: str, clock_id: str) -> dict[str, Any]:
    """Extend the term of a case, once, before it is over"""
    return _done(tx, Act.EXTEND, number, clock_id, body)


@routes.post(
    "/cases/<number>/clocks/<clock_id>/reverse", "撤销时限操作", "clocks.reverse", body=ActOnClock, answer=ClockShown
)
def reverse(tx: Transaction, body: dict[str, Any], number: str, clock_id: str) -> dict[str, Any]:
    """Reverse the newest pause, exclusion or extension of a clock

    What was reversed counts for nothing, and an extension may be granted anew.
    """
    return _done(tx, Act.REVERSE, number, clock_id, body)


@routes.post("/cases/<number>/extension-applications", "申请延期", "clocks.apply", answer=ApplicationOpened, status=201)
def apply_for_extension(tx: Transaction, number: str) -> dict[str, Any]:
    """Apply for an extension: opens the application in the caller's inbox"""
    return _opened(term_applications.for_extension(tx, number))


@routes.post("/cases/<number>/special-procedures", "申请特别程序", "clocks.apply", answer=ApplicationOpened, status=201)
def apply_for_procedure(tx: Transaction, number: str) -> dict[str, Any]:
    """Apply for a special procedure: opens the application in the caller's inbox"""
    return _opened(term_applications.for_procedure(tx, number))


def _done(tx: Transaction, act: Act, number: str, clock_id: str, body: dict[str, Any]) -> dict[str, Any]:
    clock = clock_acts.do(tx, act, number, clock_id, _said(body), revision=expected_revision())
    show_revision(clock.revision)
    return case_clocks_view.one(tx, cases.by_number(tx, number), clock.id)


def _said(body: dict[str, Any]) -> SaidOfAct:
    served = body["service"]
    return SaidOfAct(
        reason_code=body["reason_code"],
        legal_basis=body["legal_basis"],
        document_number=body["document_number"],
        expected_end=body["expected_end"],
        words=body["reason"],
        service=served and Service(served["means"], served["receiver"], served["served_at"]),
        amount=body["amount"],
    )


def _opened(tasks: Any) -> dict[str, Any]:
    return {"tasks": [{"task_id": task.id, "name": task.name} for task in tasks]}
