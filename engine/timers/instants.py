"""Reads an ISO 8601 date or instant, and walks the calendar of a time zone. Reads no clock."""

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from engine.errors import Sentence
from engine.timers.faults import TimerFault

MAX_LENGTH = 200
FIRST_YEAR = 1900
_INSTANT = re.compile(
    r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}"
    r"(?:[T ][0-9]{2}(?::?[0-9]{2}(?::?[0-9]{2}(?:[.,][0-9]+)?)?)?(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)


def instant(value: object, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, that ISO 8601 text or a date object means: without offset in `zone`, a day at its start."""
    if isinstance(value, str):
        return _in_utc(_read(value), zone)
    if isinstance(value, datetime):
        return _in_utc(value, zone)
    if isinstance(value, date):
        return _in_utc(datetime.combine(value, time.min), zone)
    raise TimerFault(
        Sentence(
            "时间必须是 ISO 8601 文本或日期，例如 2026-03-02T09:00:00。",
            "A time must be ISO 8601 text or a date, such as 2026-03-02T09:00:00.",
        )
    )


def _read(text: str) -> datetime:
    try:
        if _INSTANT.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    raise TimerFault(
        Sentence(
            f"“{text[:40]}”不是日期或时间；请写成 2026-03-02 或 2026-03-02T09:00:00+08:00。",
            f"{text[:40]} is no date or time; write 2026-03-02 or 2026-03-02T09:00:00+08:00.",
        )
    )


def _in_utc(value: datetime, zone: ZoneInfo) -> datetime:
    if value.year < FIRST_YEAR:
        raise out_of_range()
    try:
        return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:
        raise out_of_range() from None


def out_of_range() -> TimerFault:
    """The fault of an instant that no calendar reaches."""
    return TimerFault(
        Sentence(
            "到期时间超出日历范围，请缩短时长或检查日期。",
            "The due time is out of the calendar's range; shorten the duration or check the date.",
        )
    )
