"""The known list of a year's exceptions: {date, name, isOffDay}, bare or wrapped as {year, papers, days}. Read here,
for the web and for the command line alike; whether it is lawful is calendar_rules' question."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import marshmallow as ma

from casework.field_faults import field_faults
from casework.yes_or_no import YesOrNo
from engine.errors import Fault, Invalid, Sentence, Unreadable

MOST_DAYS = 400
MOST_BYTES = 256 << 10
TOO_LARGE = Sentence("文件过大：一年的日历至多 256 KB。", "The file is too large: a year has at most 256 KB.")
NO_LIST = Sentence(
    "文件不是有效的 JSON，应为 [{date, name, isOffDay}] 或 {year, papers, days}。",
    "The file is not valid JSON: write [{date, name, isOffDay}] or {year, papers, days}.",
)
A_TEXT = ma.validate.Length(1, 200)


class ListedDay(ma.Schema):
    """A day that differs from its weekday. `isOffDay` false: a weekend day worked in exchange (调休)."""

    date = ma.fields.Date(required=True)
    name = ma.fields.String(required=True, validate=ma.validate.Length(1, 60))
    isOffDay = YesOrNo(required=True)  # noqa: N815 - the known list's own word


class CalendarFile(ma.Schema):
    """What a year's notice, or a division's closures, say.

    `published`: it is the State Council's yearly notice; the country's file is unless it says no. `source` is the
    notice (依据), `document` its number (文号).
    """

    schema = ma.fields.Raw(data_key="$schema", load_only=True)
    address = ma.fields.Raw(data_key="$id", load_only=True)
    region = ma.fields.String()
    year = ma.fields.Integer(strict=True)
    published = YesOrNo()
    source = ma.fields.String(validate=A_TEXT)
    document = ma.fields.String(allow_none=True, validate=A_TEXT)
    papers = ma.fields.List(ma.fields.String(validate=ma.validate.Length(1, 500)), validate=ma.validate.Length(max=20))
    days = ma.fields.List(ma.fields.Nested(ListedDay), required=True, validate=ma.validate.Length(max=MOST_DAYS))

    @ma.pre_load
    def wrap(self, said: Any, **_: Any) -> Any:
        """A bare list is its days."""
        return {"days": said} if isinstance(said, list) else said


SCHEMA = CalendarFile(unknown=ma.RAISE)


def read(content: bytes) -> Mapping[str, Any]:
    """A file's content as `CalendarFile` has it. Raises Unreadable, Invalid with every fault."""
    if len(content) > MOST_BYTES:
        raise Invalid(TOO_LARGE)
    try:
        said = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as broken:
        raise Unreadable(NO_LIST) from broken
    try:
        found: dict[str, Any] = SCHEMA.load(said)
    except ma.ValidationError as wrong:
        raise Invalid(faults=[Fault(one.sentence, one.path) for one in field_faults(wrong.messages)]) from wrong
    return found


def year_of(said: Mapping[str, Any]) -> int | None:
    """The year a file is about: the one it names, else that of its last day."""
    last: date | None = max((day["date"] for day in said["days"]), default=None)
    year: int | None = said.get("year")
    return year if year is not None or last is None else last.year
