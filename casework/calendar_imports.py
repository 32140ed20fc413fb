"""Bringing in a year of a division's calendar: checked whole, then stored together with the order to count every open
deadline again; or only looked at, to see what would move."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from casework import calendar_files, calendar_rules, calendars, items, recomputing, regions
from casework.calendar_rules import Listed
from casework.calendars import Year
from casework.recomputing import Change
from casework.tables import CalendarYear, Recomputation
from casework.workdays import DECIDED_BY_NEXT_YEAR, DayRule
from engine.errors import Fault, Invalid, Sentence, Stale
from engine.queries.definitions import EVERYWHERE
from engine.store.dialect import take_turns
from engine.transaction import Transaction

ACT = "calendars.import"
NO_SOURCE = Sentence(
    "请在 source 中写明依据（通告、通知的名称）：各办件的时限将据此变动。",
    "Say in source who ordered this (the notice's name): deadlines move on its ground.",
)
NO_YEAR = Sentence("请写明年份：文件中没有日期。", "Say which year: the file has no day.")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A year of a division that may be published, and the days that it changes."""

    year: Year
    changed: tuple[date, date] | None

    def as_change(self) -> Change:
        """The change as deadlines meet it."""
        year, (first, last) = self.year, self.changed or (None, None)
        return Change(year.region, year.source, year.document, year.year, first, last)


def propose(tx: Transaction, region: str, year: int | None, said: Mapping[str, Any]) -> Proposal:
    """Checks what was handed in, as `calendar_files` has read it. Raises Invalid with every fault and its article."""
    tx.ports.may(tx, ACT, region)
    year = calendar_files.year_of(said) if year is None else year
    if year is None:
        raise Invalid(faults=[Fault(NO_YEAR, "year")])
    proposed = _year(region, year, said)
    held = calendars.current(tx)
    without = held.having(Year(region, year, {}, proposed.source, proposed.is_published)).of(region)
    listed = Listed(proposed, said["days"], without, items.local_day(tx).year)
    faults = [*_misplaced(region, year, said), *regions.unknown(tx, region), *calendar_rules.faults(listed)]
    if not proposed.source:
        faults.append(Fault(NO_SOURCE, "source"))
    if faults:
        raise Invalid(faults=faults)
    return Proposal(proposed, _changed(held, proposed))


def publish(tx: Transaction, proposal: Proposal, *, revision: int | None = None) -> Recomputation:
    """Stores the year; every open deadline that it reaches is counted again, batch by batch, from now on.

    Raises Stale when the caller has seen another `revision` of the year.
    """
    kept = tx.session.get(CalendarYear, (proposal.year.region, proposal.year.year))
    if revision not in (None, kept.revision if kept else 0):
        raise Stale
    calendars.publish(tx, proposal.year)
    return recomputing.begin(tx, proposal.as_change())


def take_turn(tx: Transaction) -> None:
    """One import at a time: a second one is held against what the first has stored."""
    take_turns(tx.session.connection(), "calendars")


def _year(region: str, year: int, said: Mapping[str, Any]) -> Year:
    is_published = said.get("published", region == EVERYWHERE)
    notice = f"国务院办公厅关于{year}年部分节假日安排的通知" if is_published else ""
    days = {one["date"]: DayRule(one["isOffDay"] is False, one["name"]) for one in said["days"]}
    source, document = said.get("source", "").strip() or notice, said.get("document")
    return Year(region, year, days, source, is_published, document, tuple(said.get("papers", ())))


def _misplaced(region: str, year: int, said: Mapping[str, Any]) -> Iterator[Fault]:
    """A file says of itself what it is; the address has to be the same."""
    for key, wanted in (("region", region), ("year", year)):
        if said.get(key, wanted) != wanted:
            yield Fault(
                Sentence(
                    f"文件写的是 {said[key]}，地址写的是 {wanted}，请核对。",
                    f"The file says {said[key]}, the address {wanted}; check which is meant.",
                ),
                key,
            )


def _changed(held: calendars.Calendars, proposed: Year) -> tuple[date, date] | None:
    """From the first to the last day that works otherwise than before, or is no longer, or newly, provisional."""
    before, after = held.of(proposed.region), held.having(proposed).of(proposed.region)
    first, last = date(proposed.year - 1, *DECIDED_BY_NEXT_YEAR), date(proposed.year, 12, 31)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    changed = [
        day
        for day in days
        if before.is_working(day) != after.is_working(day) or before.is_provisional(day) != after.is_provisional(day)
    ]
    return (changed[0], changed[-1]) if changed else None
