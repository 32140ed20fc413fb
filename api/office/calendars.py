"""Working calendars at the door: a year of a division, what bringing it in moves, and how far that is."""

from typing import Any

import marshmallow as ma

from api.etags import expected_revision, show_revision
from api.office.fields import Called
from api.pages import Cursor, PageQuery, page_of
from api.routes import Routes
from api.wire import Instant
from casework import calendar_files, calendar_imports, calendar_years, moved_deadlines
from casework.calendar_files import CalendarFile, ListedDay
from casework.clocks import shown
from casework.moved_deadlines import Move
from casework.tables import ClockKind, Recomputation
from casework.words import CLOCK_KINDS
from engine.transaction import Transaction

routes = Routes("calendars", "Working calendars (工作日历).", prefix="/api/calendars")


class ImportQuery(PageQuery):
    """`dry_run`: only say what would move; `cursor` and `limit` are of that list."""

    dry_run = ma.fields.Boolean(load_default=False)


class MovedQuery(PageQuery):
    """Which moved deadlines; `into_past`: those that have passed by the change alone."""

    into_past = ma.fields.Boolean(attribute="is_into_past", load_default=None, allow_none=True)


class CalendarYearShown(ma.Schema):
    """A year of a division's own calendar, as a file that could be brought in again; the ETag is its revision.

    `published` says whether the year is settled there, by this file or that of a division above.
    """

    region = ma.fields.String(required=True)
    year = ma.fields.Integer(required=True)
    published = ma.fields.Boolean(required=True)
    source = ma.fields.String(allow_none=True)
    document = ma.fields.String(allow_none=True)
    papers = ma.fields.List(ma.fields.String(), required=True)
    days = ma.fields.List(ma.fields.Nested(ListedDay), required=True)


class MoveShown(ma.Schema):
    """A deadline before and after: the last second in time. `case_number` is null for a case the reader may not see."""

    case_number = ma.fields.String(attribute="number", allow_none=True)
    kind = ma.fields.Enum(ClockKind, required=True)
    name = Called(CLOCK_KINDS, of="kind", required=True)
    subject = ma.fields.String(required=True)
    old_due_at = Instant(allow_none=True)
    due_at = Instant(allow_none=True)
    old_statutory_due_at = Instant(allow_none=True)
    statutory_due_at = Instant(allow_none=True)
    is_into_past = ma.fields.Boolean(data_key="into_past", required=True)


class FiguresShown(ma.Schema):
    """How many open clocks a change reaches; how many deadlines move, how many lose the provisional mark and stay, and
    how many of those that move have passed by the change alone."""

    clocks = ma.fields.Integer(required=True)
    moved = ma.fields.Integer(required=True)
    confirmed = ma.fields.Integer(required=True)
    into_past = ma.fields.Integer(required=True)


class RecomputationShown(FiguresShown):
    """A change of the calendar, and how far the counting anew is: `done` of `clocks`."""

    id = ma.fields.String(required=True)
    region = ma.fields.String(required=True)
    year = ma.fields.Integer(allow_none=True)
    department = ma.fields.String(allow_none=True)
    source = ma.fields.String(required=True)
    document = ma.fields.String(allow_none=True)
    done = ma.fields.Integer(required=True)
    began_at = Instant(required=True)
    began_by = ma.fields.String(required=True)
    ended_at = Instant(allow_none=True)


class YearImported(FiguresShown):
    """What an import would do (`dry_run`), or has begun: then `recomputation` says where its progress is."""

    dry_run = ma.fields.Boolean(required=True)
    recomputation = ma.fields.String(allow_none=True)
    rows = ma.fields.List(ma.fields.Nested(MoveShown), required=True)
    next = Cursor(attribute="after", allow_none=True)


@routes.get("/<region>/<int:year>", "一年的工作日历", "calendars.read", answer=CalendarYearShown)
def show_year(tx: Transaction, region: str, year: int) -> dict[str, Any]:
    """Show a year of a division's calendar"""
    found = calendar_years.one(tx, region, year)
    show_revision(found.revision)
    return {**found.said, "region": region, "year": year, "published": found.is_published}


@routes.put(
    "/<region>/<int:year>",
    "导入一年的工作日历",
    "calendars.import",
    query=ImportQuery,
    body=CalendarFile,
    answer=YearImported,
    most=calendar_files.MOST_BYTES,
    previews=True,
)
def import_year(tx: Transaction, query: dict[str, Any], body: dict[str, Any], region: str, year: int) -> dict[str, Any]:
    """Replace a year of a division's calendar, and count every open deadline again

    The body is the known list of exceptions, {date, name, isOffDay}, bare or wrapped as {year, papers, days}. Days of
    late December may stand in the next year's file. The country's file is the State Council's notice; a division's
    holds its own holidays and closures. The counting goes on after the answer.
    """
    if query["dry_run"]:
        proposal = calendar_imports.propose(tx, region, year, body)
        would = moved_deadlines.forecast(tx, proposal, after=query["cursor"], limit=query["limit"])
        figures = {name: getattr(would, name) for name in ("clocks", "moved", "confirmed", "into_past", "after")}
        return {"dry_run": True, "recomputation": None, **figures, "rows": [_move(row) for row in would.rows]}
    calendar_imports.take_turn(tx)
    proposal = calendar_imports.propose(tx, region, year, body)
    begun = calendar_imports.publish(tx, proposal, revision=expected_revision())
    figures = {"clocks": begun.clocks, "moved": 0, "confirmed": 0, "into_past": 0}
    return {"dry_run": False, "recomputation": begun.id, **figures, "rows": [], "after": None}


@routes.get(
    "/recomputations", "日历变动与重算", "calendars.follow", query=PageQuery, answer=page_of(RecomputationShown)
)
def list_recomputations(tx: Transaction, query: dict[str, Any]) -> dict[str, Any]:
    """List the changes of calendars and hours, newest first"""
    page = moved_deadlines.recomputations(tx, after=query["cursor"], limit=query["limit"])
    return {"rows": [row.Recomputation for row in page.rows], "after": page.after}


@routes.get("/recomputations/<recomputation_id>", "重算进度", "calendars.follow", answer=RecomputationShown)
def show_recomputation(tx: Transaction, recomputation_id: str) -> Recomputation:
    """Show how far the counting anew is"""
    return moved_deadlines.one(tx, recomputation_id)


@routes.get(
    "/recomputations/<recomputation_id>/moved",
    "被调整的时限",
    "calendars.read_moved",
    query=MovedQuery,
    answer=page_of(MoveShown),
)
def list_moved(tx: Transaction, query: dict[str, Any], recomputation_id: str) -> dict[str, Any]:
    """List the deadlines that a change has moved

    Those who look after all cases read every one, other officials those of the cases that they may know of.
    """
    page = moved_deadlines.listed(tx, recomputation_id, query, after=query["cursor"], limit=query["limit"])
    return {"rows": [_move(Move._make(row[: len(Move._fields)])) for row in page.rows], "after": page.after}


def _move(move: Move) -> dict[str, Any]:
    """Deadlines as people read them."""
    instants = {name: shown(at) for name, at in move._asdict().items() if name.endswith("_at")}
    return {**move._asdict(), **instants}
