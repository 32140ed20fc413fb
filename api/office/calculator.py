"""The calculator at the door (期限计算器): open to everybody, without login."""

from datetime import date
from typing import Any

import marshmallow as ma
from flask import request

from api.office.fields import Said
from api.routes import Routes
from api.wire import Instant, read_instant
from casework import deadline_calculator
from casework.clocks import shown
from casework.deadline_calculator import MOST_PAUSES, Asked, Moment
from casework.workdays import Limit
from engine.errors import Invalid, Sentence
from engine.transaction import Transaction

DAY = len("2026-02-10")
NO_MOMENT = Sentence(
    "应为日期（2026-02-10）或时刻（2026-02-10T16:30，未写时区的按北京时间）。",
    "Write a date (2026-02-10) or an instant (2026-02-10T16:30, without a zone Beijing time).",
)
NO_STRETCH = Sentence(
    "应写成 开始/结束，如 2026-02-13/2026-02-24；尚未结束的写成 2026-02-13/。",
    "Write BEGIN/END, such as 2026-02-13/2026-02-24; one that still holds is 2026-02-13/.",
)
ONCE = Sentence("只能填写一次。", "Say it once.")
BACKWARDS = Sentence("中止的结束不能早于开始。", "A pause cannot end before it begins.")

routes = Routes("calculator", "The deadline calculator (期限计算器).", prefix="/api/calendars")


class MomentField(ma.fields.Field[Moment]):
    """A date or an instant."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Moment:
        return _moment(str(value))


class LimitField(ma.fields.Field[Limit]):
    """An amount and a unit: 5WD, 60ND, 3WH, 24H."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Limit:
        try:
            return Limit.parse(str(value))
        except Invalid as wrong:
            raise ma.ValidationError([wrong.detail]) from wrong


class Stretch(ma.fields.Field[tuple[Moment, Moment | None]]):
    """When a clock stood still: BEGIN/END, each a date or an instant."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[Moment, Moment | None]:
        begins, slash, ends = str(value).partition("/")
        if not slash:
            raise ma.ValidationError([NO_STRETCH])
        begun, ended = _moment(begins), _moment(ends) if ends else None
        if ended is not None and type(begun) is type(ended) and ended < begun:
            raise ma.ValidationError([BACKWARDS])
        return begun, ended


def _moment(text: str) -> Moment:
    try:
        return date.fromisoformat(text) if len(text) == DAY else read_instant(text)
    except ValueError as unreadable:
        raise ma.ValidationError([NO_MOMENT]) from unreadable


class DeadlineQuery(ma.Schema):
    """What to count. `paused` may be repeated; `extension` is added to the limit; `department`: by its hours."""

    start = MomentField(required=True, metadata={"type": "string", "example": "2026-02-10"})
    limit = LimitField(required=True, metadata={"type": "string", "example": "5WD"})
    paused = ma.fields.List(
        Stretch(metadata={"type": "string", "example": "2026-02-13/2026-02-24"}),
        load_default=list,
        validate=ma.validate.Length(max=MOST_PAUSES),
    )
    extension = LimitField(load_default=None, metadata={"type": "string", "example": "10WD"})
    department = ma.fields.String(load_default=None, validate=ma.validate.Length(1, 64))

    @ma.pre_load
    def is_said_once(self, data: Any, **_: Any) -> Any:
        """Of two beginnings or limits none is taken."""
        twice = [key for key, values in request.args.lists() if key != "paused" and len(values) > 1]
        if twice:
            raise ma.ValidationError({key: [ONCE] for key in twice})
        return data


class SkippedShown(ma.Schema):
    """A day that did not count, and why."""

    day = ma.fields.Date(required=True)
    why = Said(attribute="sentence", required=True)


class ReckonedShown(ma.Schema):
    """The last second in time, null while a pause still holds; `provisional`: a notice still to come may move it.

    `counted` are the days that used the limit up; hours round the clock have none.
    """

    due = Instant(allow_none=True, required=True)
    provisional = ma.fields.Boolean(required=True)
    counted = ma.fields.List(ma.fields.Date(), required=True)
    skipped = ma.fields.List(ma.fields.Nested(SkippedShown), required=True)


@routes.get("/<region>/deadline", "计算期限", None, query=DeadlineQuery, answer=ReckonedShown)
def reckon(tx: Transaction, query: dict[str, Any], region: str) -> dict[str, Any]:
    """Work out when a limit ends, and which days count"""
    found = deadline_calculator.reckon(tx, region, Asked(**query))
    return {
        "due": shown(found.at),
        "provisional": found.provisional,
        "counted": found.counted,
        "skipped": found.skipped,
    }
