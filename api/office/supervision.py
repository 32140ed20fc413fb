"""Supervision (电子监察) at the door: the live board, the tasks that make it, and everything that stopped a clock.

Every figure names the address of the list that makes it, as JSON and as CSV.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import marshmallow as ma
from flask import Response

from api.office.fields import Called, DepartmentShown, OfficialShown, Said
from api.office.inbox import InboxRow, open_row
from api.office.lists import AS_FILE, ListQuery, listed
from api.pages import page_of
from api.routes import Routes
from api.tables import Columns
from api.wire import Instant
from casework.clocks import Signal
from casework.ladders import Light
from casework.paging import Mark
from casework.supervision import board, irregularities, pauses
from casework.supervision.pauses import KINDS, Kind
from casework.tables import ClockKind, CorrectionState
from casework.words import CLOCK_KINDS, CORRECTION_STATES, SIGNALS
from engine.errors import Sentence
from engine.transaction import Transaction

TASKS = "/api/supervision/tasks"
WHICH_LAST = {kind: {"open": "true"} for kind in (Kind.PAUSE, Kind.EXCLUSION)}
CARDS, PAUSES = "/api/supervision/cards", "/api/supervision/pauses"
IRREGULARITIES = "/api/supervision/irregularities"
TEXT = ma.validate.Length(1, 100)
TASK_COLUMNS: Columns = {
    "case": (Sentence("办件编号", "case"), lambda row: row["case_number"]),
    "title": (Sentence("名称", "title"), lambda row: row["title"]),
    "item": (Sentence("事项", "item"), lambda row: row["item"]),
    "step": (Sentence("环节", "step"), lambda row: row["name"]),
    "department": (Sentence("部门", "department"), lambda row: row["department"]),
    "holder": (Sentence("经办人", "held by"), lambda row: row["claimed_by"] and row["claimed_by"].name),
    "since": (Sentence("到达时间", "since"), lambda row: row["created_at"]),
    "due": (Sentence("到期时间", "due"), lambda row: row["due_at"]),
    "remaining": (Sentence("剩余", "left"), lambda row: row["remaining"] and row["remaining"].text),
    "signal": (Sentence("状态", "light"), lambda row: SIGNALS[row["signal"]]),
}
PAUSE_COLUMNS: Columns = {
    "kind": (Sentence("种类", "kind"), lambda row: KINDS[row["kind"]]),
    "case": (Sentence("办件编号", "case"), lambda row: row["case_number"]),
    "item": (Sentence("事项", "item"), lambda row: row["item"]),
    "clock": (Sentence("时限", "clock"), lambda row: CLOCK_KINDS[row["clock"]]),
    "asked_by": (Sentence("申请人员", "asked for by"), lambda row: row["asked_by"]["name"]),
    "department": (Sentence("部门", "department"), lambda row: row["department"] and row["department"]["name"]),
    "reason": (Sentence("事由", "reason"), lambda row: row["reason"]),
    "basis": (Sentence("依据", "basis"), lambda row: row["basis"]),
    "document": (Sentence("文号", "document"), lambda row: row["document"]),
    "begins": (Sentence("开始", "from"), lambda row: row["begins_at"]),
    "expected": (Sentence("预计结束", "expected end"), lambda row: row["expected_end_at"]),
    "ends": (Sentence("实际结束", "real end"), lambda row: row["ends_at"]),
    "amount": (Sentence("延期", "extended by"), lambda row: row.get("amount")),
    "share": (Sentence("占时限比例", "share of the limit"), lambda row: row["share"] and round(row["share"], 4)),
    "signal": (Sentence("状态", "light"), lambda row: SIGNALS[row["signal"]]),
}
IRREGULAR_COLUMNS: Columns = {
    "case": (Sentence("办件编号", "case"), lambda row: row["case_number"]),
    "item": (Sentence("事项", "item"), lambda row: row["item"]),
    "title": (Sentence("名称", "title"), lambda row: row["title"]),
    "number": (Sentence("文号", "document"), lambda row: row["number"]),
    "state": (Sentence("状态", "state"), lambda row: CORRECTION_STATES[row["state"]]),
    "asked": (Sentence("再次要求的内容", "asked for again"), lambda row: _each(row["asked"], lambda one: one["text"])),
    "by": (Sentence("提出人", "asked by"), lambda row: _each(row["asked"], lambda one: one["by"]["name"])),
    "reason": (Sentence("书面理由", "reason"), lambda row: _each(row["asked"], lambda one: one["reason"])),
    "asked_at": (Sentence("提出时间", "asked"), lambda row: row["asked_at"]),
    "sent_at": (Sentence("告知时间", "sent"), lambda row: row["sent_at"]),
}

routes = Routes("supervision", "Supervision (电子监察).", prefix="/api/supervision")


class WatchedQuery(ListQuery):
    """Which open tasks."""

    department = ma.fields.String(load_default=None, validate=TEXT)
    item = ma.fields.String(load_default=None, validate=TEXT)
    signal = ma.fields.Enum(Signal, by_value=True, load_default=None)


class PauseQuery(ListQuery):
    """Which pauses, exclusions and extensions. `open`: those that still last; `reversed`: those taken back as wrong."""

    kind = ma.fields.Enum(Kind, by_value=True, load_default=None)
    department = ma.fields.String(load_default=None, validate=TEXT)
    asked_by = ma.fields.String(load_default=None, validate=TEXT)
    item = ma.fields.String(load_default=None, validate=TEXT)
    case_number = ma.fields.String(load_default=None, validate=TEXT)
    open = ma.fields.Boolean(load_default=None)
    reversed = ma.fields.Boolean(load_default=None)
    begun_from = Instant(load_default=None)
    begun_to = Instant(load_default=None)


class IrregularityQuery(ListQuery):
    """Which second notices, by when they were asked for."""

    item = ma.fields.String(load_default=None, validate=TEXT)
    case_number = ma.fields.String(load_default=None, validate=TEXT)
    asked_from = Instant(load_default=None)
    asked_to = Instant(load_default=None)


class Figure(ma.Schema):
    """A figure, and the addresses of the list that makes it."""

    number = ma.fields.Integer(required=True)
    list = ma.fields.String(required=True)
    csv = ma.fields.String(required=True)


class ItemCalled(ma.Schema):
    """An item by code and name."""

    code = ma.fields.String(required=True)
    name = Said(required=True)


class Lights(ma.Schema):
    """Open tasks: all, and those of each light."""

    open = ma.fields.Nested(Figure, required=True)
    none = ma.fields.Nested(Figure, required=True)
    yellow = ma.fields.Nested(Figure, required=True)
    red = ma.fields.Nested(Figure, required=True)


class Undecided(ma.Schema):
    """Cards that nobody has decided on yet: all, and the yellow and red ones."""

    undecided = ma.fields.Nested(Figure, required=True)
    yellow = ma.fields.Nested(Figure, required=True)
    red = ma.fields.Nested(Figure, required=True)


class BoardRow(ma.Schema):
    """One department's work on one item."""

    department = ma.fields.Nested(DepartmentShown, required=True)
    item = ma.fields.Nested(ItemCalled, required=True)
    tasks = ma.fields.Nested(Lights, required=True)
    cards = ma.fields.Nested(Undecided, required=True)


class Standstills(ma.Schema):
    """Pauses and exclusions that still last, and all extensions."""

    pause = ma.fields.Nested(Figure, required=True)
    exclusion = ma.fields.Nested(Figure, required=True)
    extension = ma.fields.Nested(Figure, required=True)


class BoardShown(ma.Schema):
    """The board at one instant."""

    at = Instant(required=True)
    rows = ma.fields.List(ma.fields.Nested(BoardRow), required=True)
    tasks = ma.fields.Nested(Lights, required=True)
    cards = ma.fields.Nested(Undecided, required=True)
    standstills = ma.fields.Nested(Standstills, required=True)
    irregularities = ma.fields.Nested(Figure, required=True)


class PauseRow(ma.Schema):
    """One pause, exclusion or extension of a case: who wanted it, on what ground, how long it was to be and is.

    `share` is the part of the limit that it makes, 0.5 for half; `signal` is yellow when it outlasts what was foreseen,
    red a working day later.
    """

    kind = ma.fields.Enum(Kind, by_value=True, required=True)
    kind_name = Called(KINDS, of="kind", required=True)
    case_number = ma.fields.String(required=True)
    item = ma.fields.String(required=True)
    clock = ma.fields.Enum(ClockKind, required=True)
    clock_name = Called(CLOCK_KINDS, of="clock", required=True)
    asked_by = ma.fields.Nested(OfficialShown, required=True)
    department = ma.fields.Nested(DepartmentShown, allow_none=True)
    reason = ma.fields.String(required=True)
    basis = ma.fields.String(allow_none=True)
    document = ma.fields.String(allow_none=True)
    begins_at = Instant(required=True)
    expected_end_at = Instant(allow_none=True)
    ends_at = Instant(allow_none=True)
    reversed_at = Instant(allow_none=True)
    amount = ma.fields.String(allow_none=True)
    share = ma.fields.Float(allow_none=True)
    signal = ma.fields.Enum(Signal, by_value=True, required=True)


class AskedAgain(ma.Schema):
    """What was asked for after the first notice, and the reason that the head of the department gave."""

    text = ma.fields.String(required=True)
    department = ma.fields.Nested(DepartmentShown, allow_none=True)
    by = ma.fields.Nested(OfficialShown, required=True)
    reason = ma.fields.String(required=True)


class IrregularityRow(ma.Schema):
    """A second notice of corrections, or a list that waits to become one; `number` is its slip's."""

    case_number = ma.fields.String(required=True)
    title = ma.fields.String(allow_none=True)
    item = ma.fields.String(required=True)
    number = ma.fields.String(allow_none=True)
    state = ma.fields.Enum(CorrectionState, required=True)
    state_name = Called(CORRECTION_STATES, of="state", required=True)
    basis = ma.fields.String(required=True)
    asked = ma.fields.List(ma.fields.Nested(AskedAgain), required=True)
    asked_at = Instant(required=True)
    sent_at = Instant(allow_none=True)
    sent_by = ma.fields.Nested(OfficialShown, allow_none=True)
    served_at = Instant(allow_none=True)


@routes.get("/board", "监察看板", "supervision.read", answer=BoardShown)
def show_board(tx: Transaction) -> dict[str, Any]:
    """Show the live lights by department and item, and the cards nobody has decided on"""
    rows = board.counted(tx)
    return {
        "at": tx.now,
        "rows": [row | _figures(row, department=row["department"]["code"], item=row["item"]["code"]) for row in rows],
        **_figures({"tasks": _sum(rows, "tasks"), "cards": _sum(rows, "cards")}),
        "standstills": {
            kind.value: _figure(PAUSES, number, kind=kind.value, reversed="false", **WHICH_LAST.get(kind, {}))
            for kind, number in pauses.counted(tx).items()
        },
        "irregularities": _figure(IRREGULARITIES, irregularities.counted(tx)),
    }


@routes.get("/tasks", "监察中的任务", "supervision.read", query=WatchedQuery, answer=page_of(InboxRow), also=AS_FILE)
def list_tasks(tx: Transaction, query: dict[str, Any]) -> dict[str, Any] | Response:
    """List the open tasks that make the board, the most pressing first"""

    def page(after: Mark | None, limit: int) -> tuple[Sequence[Any], Mark | None]:
        rows, following = board.tasks(tx, query, after=after, limit=limit)
        return [open_row(tx, row, light) for row, light in rows], following

    return listed(query, "tasks", TASK_COLUMNS, page)


@routes.get("/pauses", "中止、扣除和延期", "supervision.read", query=PauseQuery, answer=page_of(PauseRow), also=AS_FILE)
def list_pauses(tx: Transaction, query: dict[str, Any]) -> dict[str, Any] | Response:
    """List every pause, exclusion and extension, with who wanted it and what share of the limit it makes"""

    def page(after: Mark | None, limit: int) -> tuple[Sequence[Any], Mark | None]:
        return pauses.listed(tx, query, after=after, limit=limit)

    return listed(query, "pauses", PAUSE_COLUMNS, page)


@routes.get(
    "/irregularities",
    "二次补正告知",
    "supervision.read",
    query=IrregularityQuery,
    answer=page_of(IrregularityRow),
    also=AS_FILE,
)
def list_irregularities(tx: Transaction, query: dict[str, Any]) -> dict[str, Any] | Response:
    """List the second notices of corrections, with who asked again and for what reason"""

    def page(after: Mark | None, limit: int) -> tuple[Sequence[Any], Mark | None]:
        return irregularities.listed(tx, query, after=after, limit=limit)

    return listed(query, "irregularities", IRREGULAR_COLUMNS, page)


def _each(asked: Sequence[Mapping[str, Any]], said: Callable[[Mapping[str, Any]], str]) -> str:
    return "; ".join(said(one) for one in asked)


def _sum(rows: Sequence[Mapping[str, Any]], what: str) -> Counter[Any]:
    total: Counter[Any] = Counter()
    for row in rows:
        total.update(row[what])
    return total


def _figures(row: Mapping[str, Any], **place: str) -> dict[str, Any]:
    """The tasks by light and the cards by signal, each figure with its addresses."""
    tasks, cards = row["tasks"], row["cards"]
    return {
        "tasks": {
            "open": _figure(TASKS, tasks.total(), **place),
            **{one.value: _figure(TASKS, tasks[one], **place, signal=one.value) for one in Signal},
        },
        "cards": {
            "undecided": _figure(CARDS, cards.total(), **place, undecided="true"),
            **{
                one.value: _figure(CARDS, cards[one], **place, undecided="true", signal=one.value)
                for one in (Light.YELLOW, Light.RED)
            },
        },
    }


def _figure(address: str, number: int, **wanted: str) -> dict[str, Any]:
    query = urlencode(wanted)
    return {
        "number": number,
        "list": f"{address}?{query}" if query else address,
        "csv": f"{address}?{urlencode({**wanted, 'format': 'csv'})}",
    }
