"""The calculator (期限计算器): when a limit ends on a division's calendar, and which days were counted on the way.

For anybody who wants to check a deadline by hand. Keeps nothing, and knows no case.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from casework import calendars, regions
from casework.workdays import LONGEST_PAUSE, Calendar, Deadline, Limit, Pause, deadline, union
from engine.errors import Fault, Invalid, NotFound, Sentence
from engine.queries.definitions import EVERYWHERE
from engine.transaction import Transaction

FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_DAYS, MOST_HOURS = 999, 9_999
MOST_PAUSES = 20
Moment = date | datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """What the calculator is asked. A bare date is 00:00 of that day; a pause without an end still holds."""

    start: Moment
    limit: Limit
    paused: Sequence[tuple[Moment, Moment | None]] = ()
    extension: Limit | None = None
    department: str | None = None


def reckon(tx: Transaction, region: str, asked: Asked) -> Deadline:
    """Counts. Raises NotFound for a division or department that there is not, Invalid for what cannot be counted."""
    calendar = _calendar(tx, region, asked.department)
    _check(asked)
    pauses = [_pause(calendar, *stretch) for stretch in asked.paused]
    lengths = [one.ends_at - one.begins_at for one in union(pauses) if one.ends_at is not None]
    if sum(lengths, timedelta()) > LONGEST_PAUSE:
        raise _wrong("paused", "中止合计不得超过三年。", "Pauses may add up to three years.")
    return deadline(asked.start, asked.limit, calendar, pauses, asked.extension)


def _calendar(tx: Transaction, region: str, department: str | None) -> Calendar:
    held = calendars.current(tx)
    if region != EVERYWHERE and region not in held.parents:
        raise NotFound(regions.absent(region))
    office = held.offices.get(department or "")
    if department is not None and (office is None or office.region != region):
        raise NotFound(
            Sentence(
                f"行政区划“{region}”没有部门“{department}”。", f"Division {region} has no department {department}."
            )
        )
    return held.of(region, department)


def _check(asked: Asked) -> None:
    for key, moment in _moments(asked):
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise _wrong(
                key,
                f"日期应在 {FIRST_YEAR} 年至 {LAST_YEAR} 年之间。",
                f"Dates lie between {FIRST_YEAR} and {LAST_YEAR}.",
            )
    for key, limit in (("limit", asked.limit), ("extension", asked.extension)):
        if limit is not None and limit.amount > (most := _most(limit)).amount:
            raise _wrong(key, f"计算器最多计算 {most.text.zh}。", f"The calculator counts up to {most.text.en}.")


def _most(limit: Limit) -> Limit:
    """The longest limit in the same unit."""
    return Limit(MOST_DAYS if limit.unit.counts_days else MOST_HOURS, limit.unit)


def _moments(asked: Asked) -> list[tuple[str, Moment]]:
    paused = [moment for stretch in asked.paused for moment in stretch if moment is not None]
    return [("start", asked.start), *(("paused", moment) for moment in paused)]


def _pause(calendar: Calendar, begins: Moment, ends: Moment | None) -> Pause:
    return Pause(_instant(calendar, begins), None if ends is None else _instant(calendar, ends))


def _instant(calendar: Calendar, moment: Moment) -> datetime:
    return moment if isinstance(moment, datetime) else calendar.opening(moment)


def _wrong(key: str, zh: str, en: str) -> Invalid:
    return Invalid(faults=[Fault(Sentence(zh, en), key)])
