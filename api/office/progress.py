"""The progress of a case without a login (办件进度查询); guessing is limited in rate."""

from collections.abc import Callable
from typing import Any, TypeVar

import marshmallow as ma
from flask import current_app, request

from api.attempts import Guesses
from api.office.deadlines import DeadlineShown
from api.office.fields import Called, Said
from api.routes import Routes, hall
from api.wire import Instant
from casework import public_progress
from casework.tables import Case, CaseState, Decision
from casework.words import CASE_STATES, DECISIONS, TASK_STATES
from engine.errors import NotFound
from engine.tables import TaskState
from engine.transaction import Transaction

MOST_GUESSES = 20
Found = TypeVar("Found")

routes = Routes("public progress", "The progress of a case, without a login.", prefix="/api/public")


class ProgressQuery(ma.Schema):
    """What the applicant was given on submission."""

    number = ma.fields.String(required=True, validate=ma.validate.Length(1, 64))
    query_code = ma.fields.String(required=True, validate=ma.validate.Length(1, 32))


class ProgressStep(ma.Schema):
    """One step, by which department, since when and until when."""

    name = Said(allow_none=True)
    department = Said(allow_none=True)
    state = ma.fields.Enum(TaskState, required=True)
    state_name = Called(TASK_STATES, of="state", required=True)
    started_at = Instant(required=True)
    ended_at = Instant(allow_none=True)


class ToCorrect(ma.Schema):
    """One thing that is missing or wrong."""

    text = ma.fields.String(required=True)


class OpenNotice(ma.Schema):
    """The notice of corrections that waits for the applicant."""

    number = ma.fields.String(allow_none=True)
    sent_at = Instant(allow_none=True)
    items = ma.fields.List(ma.fields.Nested(ToCorrect), required=True)


class Progress(ma.Schema):
    """Where a case stands; a person's name is masked."""

    number = ma.fields.String(required=True, attribute="case.number")
    item_name = Said(required=True)
    applicant_name = ma.fields.String(required=True)
    state = ma.fields.Enum(CaseState, required=True, attribute="case.state")
    state_name = Called(CASE_STATES, of="case.state", required=True)
    decision = ma.fields.Enum(Decision, allow_none=True, attribute="case.decision")
    decision_name = Called(DECISIONS, of="case.decision", allow_none=True)
    received_at = Instant(required=True, attribute="case.received_at")
    accepted_at = Instant(allow_none=True, attribute="case.accepted_at")
    decided_at = Instant(allow_none=True, attribute="case.decided_at")
    ended_at = Instant(allow_none=True, attribute="case.ended_at")
    steps = ma.fields.List(ma.fields.Nested(ProgressStep), required=True)
    deadlines = ma.fields.List(ma.fields.Nested(DeadlineShown), required=True)
    correction = ma.fields.Nested(OpenNotice, allow_none=True)


@routes.get("/progress", "办件进度查询", None, query=ProgressQuery, answer=Progress)
def show_progress(tx: Transaction, query: dict[str, Any]) -> dict[str, Any]:
    """Show the progress of a case by number and query code

    No login. Too many wrong guesses, of one case or from one address, are answered 429.
    """
    return public_progress.show(tx, opened(tx, query))


def opened(tx: Transaction, query: dict[str, Any]) -> Case:
    """The case that number and query code open; wrong guesses are counted, and stopped."""
    number, query_code = query["number"], query["query_code"]
    return guessed(number, lambda: public_progress.opened(tx, number, query_code))


def guessed(number: str, ask: Callable[[], Found]) -> Found:
    """What a number opens to whoever knows its code; wrong guesses are counted, and stopped."""
    guesses, address = _guesses(), request.remote_addr or ""
    guesses.check(number, address)
    try:
        return ask()
    except NotFound:
        guesses.failed(number, address)
        raise


def _guesses() -> Guesses:
    """The wrong guesses of this process's application."""
    kept: Guesses = current_app.extensions.setdefault(
        "lianban-guesses", Guesses(hall().database.ports.now, limit=MOST_GUESSES)
    )
    return kept
