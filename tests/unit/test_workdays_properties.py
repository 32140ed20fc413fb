"""Laws of the arithmetic that hold for every start, limit and pause."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from casework.published_calendars import national_calendar
from casework.workdays import Limit, Pause, Unit, course, deadline, union, used

CALENDAR = national_calendar()

# Close enough together for pauses to meet running clocks; Spring Festival, Qingming and May Day lie within.
OPENING = datetime(2026, 1, 20, tzinfo=UTC)
instants = st.timedeltas(timedelta(), timedelta(days=100)).map(lambda passed: OPENING + passed)
days = st.dates(date(2024, 1, 1), date(2026, 12, 31))
units = st.sampled_from(Unit)
amounts = st.integers(1, 60)
limits = st.builds(Limit, amounts, units)
gaps = st.timedeltas(timedelta(), timedelta(days=20))
closed_pauses = st.builds(lambda begins_at, length: Pause(begins_at, begins_at + length), instants, gaps)
pauses = st.lists(closed_pauses, max_size=4)


def end(start: datetime, limit: Limit, holds: Sequence[Pause] = ()) -> datetime:
    at = deadline(start, limit, CALENDAR, holds).at
    assert at is not None
    return at


@given(instants, gaps, limits, pauses)
def test_a_later_start_never_ends_earlier(start: datetime, later: timedelta, limit: Limit, holds: list[Pause]) -> None:
    assert end(start, limit, holds) <= end(start + later, limit, holds)


@given(instants, limits, pauses)
def test_a_longer_limit_never_ends_earlier(start: datetime, limit: Limit, holds: list[Pause]) -> None:
    assert end(start, limit, holds) <= end(start, Limit(limit.amount + 1, limit.unit), holds)


@given(instants, limits, pauses, closed_pauses)
def test_one_more_pause_never_brings_the_end_forward(
    start: datetime, limit: Limit, holds: list[Pause], more: Pause
) -> None:
    assert end(start, limit, holds) <= end(start, limit, [*holds, more])


@given(instants, limits, pauses, st.randoms())
def test_the_order_of_pauses_does_not_matter(start: datetime, limit: Limit, holds: list[Pause], chance: Random) -> None:
    shuffled = list(holds)
    chance.shuffle(shuffled)
    assert deadline(start, limit, CALENDAR, holds) == deadline(start, limit, CALENDAR, shuffled)


@given(instants, limits, closed_pauses, st.floats(0, 1), st.floats(0, 1))
def test_overlapping_pauses_are_their_union(
    start: datetime, limit: Limit, whole: Pause, one: float, other: float
) -> None:
    assert whole.ends_at is not None
    length = whole.ends_at - whole.begins_at
    first = Pause(whole.begins_at, whole.begins_at + length * max(one, other))
    second = Pause(whole.begins_at + length * min(one, other), whole.ends_at)
    assert deadline(start, limit, CALENDAR, [first, second]) == deadline(start, limit, CALENDAR, [whole])


@given(pauses)
def test_a_union_is_in_order_apart_and_its_own_union(holds: list[Pause]) -> None:
    merged = union(holds)
    assert union(merged) == merged
    for before, after in pairwise(merged):
        assert before.ends_at is not None
        assert before.ends_at < after.begins_at


@given(days, st.integers(1, 120))
def test_counting_undoes_adding(day: date, amount: int) -> None:
    assert CALENDAR.working_days(day, CALENDAR.add_working_days(day, amount)) == amount


@given(instants, st.integers(0, 60), pauses)
def test_a_limit_in_days_ends_on_a_working_day(start: datetime, amount: int, holds: list[Pause]) -> None:
    for unit in (Unit.WD, Unit.ND):
        last_day = deadline(start, Limit(amount, unit), CALENDAR, holds).last_day
        assert last_day is not None
        assert CALENDAR.is_working(last_day)


@given(instants, amounts, st.floats(0, 0.999), gaps)
def test_working_days_paused_are_added_to_the_limit(start: datetime, amount: int, share: float, gap: timedelta) -> None:
    """Last day = start + (limit + working days d with begin < d <= end), for a pause while the clock runs."""
    limit = Limit(amount, Unit.WD)
    begins_at = start + (end(start, limit) - start) * share
    hold = Pause(begins_at, begins_at + gap)
    begun, ended = CALENDAR.local_day(begins_at), CALENDAR.local_day(begins_at + gap)
    expected = CALENDAR.add_working_days(CALENDAR.local_day(start), amount + CALENDAR.working_days(begun, ended))
    assume(CALENDAR.is_working(ended))
    assert deadline(start, limit, CALENDAR, [hold]).last_day == expected


@given(instants, amounts, closed_pauses)
def test_a_limit_never_ends_while_it_is_paused(start: datetime, amount: int, hold: Pause) -> None:
    for unit in (Unit.WD, Unit.ND):
        assert not hold.covers(end(start, Limit(amount, unit), [hold]))


@given(instants, limits, pauses)
def test_counted_and_skipped_days_are_different_days_before_the_end(
    start: datetime, limit: Limit, holds: list[Pause]
) -> None:
    due = deadline(start, limit, CALENDAR, holds)
    skipped = [skipped.day for skipped in due.skipped]
    assert due.last_day is not None
    assert not set(due.counted) & set(skipped)
    assert all(day <= due.last_day for day in [*due.counted, *skipped])
    assert sorted(skipped) == skipped
    if limit.unit.counts_days:
        assert len(due.counted) == limit.amount


@given(instants, limits, pauses, gaps, gaps)
def test_used_never_shrinks_and_late_is_overdue(
    start: datetime, limit: Limit, holds: list[Pause], gap: timedelta, more: timedelta
) -> None:
    earlier, later = (
        used(start, start + gap, limit, CALENDAR, holds),
        used(start, start + gap + more, limit, CALENDAR, holds),
    )
    assert earlier.amount <= later.amount + 1e-9
    assert later.is_late is (later.remaining.amount < 0)


@given(limits)
def test_a_limit_survives_being_written(limit: Limit) -> None:
    assert Limit.parse(str(limit)) == limit


@given(instants, limits, pauses)
def test_a_limit_never_ends_before_it_starts(start: datetime, limit: Limit, holds: list[Pause]) -> None:
    """Nor, counted in days, on the day it starts, which does not count (民法典 art. 201)."""
    due = deadline(start, limit, CALENDAR, holds)
    assert due.at is not None
    assert due.last_day is not None
    assert due.at > start
    if limit.unit.counts_days:
        assert due.last_day > CALENDAR.local_day(start)


@given(instants, amounts, pauses)
def test_hours_round_the_clock_and_the_time_they_stood_still_add_up(
    start: datetime, amount: int, holds: list[Pause]
) -> None:
    """From start to end nothing but the limit itself and the union of the pauses between has gone by."""
    ends_at = end(start, Limit(amount, Unit.H), holds)
    assert ends_at - start == timedelta(hours=amount) + stood_still(start, ends_at, holds)


@given(instants, amounts, pauses, st.floats(0, 1))
def test_hours_used_are_the_time_gone_by_less_the_time_stood_still(
    start: datetime, amount: int, holds: list[Pause], share: float
) -> None:
    limit = Limit(amount, Unit.H)
    now = start + (end(start, limit, holds) - start) * share
    counted = used(start, now, limit, CALENDAR, holds).amount
    assert counted == pytest.approx((now - start - stood_still(start, now, holds)) / timedelta(hours=1), abs=1e-6)


def stood_still(since: datetime, until: datetime, holds: Sequence[Pause]) -> timedelta:
    """The time within the pauses, each instant of it once: the time between their ends in which one of them holds."""
    ends = sorted({since, until, *(one.begins_at for one in holds), *(one.ends_at or until for one in holds)})
    between = [(one, next_one) for one, next_one in pairwise(ends) if since <= one and next_one <= until]
    held = [
        next_one - one
        for one, next_one in between
        if any(hold.begins_at <= one and next_one <= (hold.ends_at or until) for hold in holds)
    ]
    return sum(held, timedelta())


@given(instants, limits, pauses, st.integers(0, 30))
def test_adding_undoes_subtracting_working_days(start: datetime, limit: Limit, holds: list[Pause], amount: int) -> None:
    """So many working days before the end of a limit, and as many after that: the day it ends."""
    runs = course(start, limit, CALENDAR, holds)
    before = runs.before(Limit(amount, Unit.WD))
    assert before is not None
    assert runs.end.last_day is not None
    assume(CALENDAR.is_working(runs.end.last_day))
    last_day_before = CALENDAR.local_day(before - timedelta(milliseconds=1))
    assert CALENDAR.add_working_days(last_day_before, amount) == runs.end.last_day


@given(instants, amounts, st.sampled_from((Unit.WH, Unit.H)), st.integers(1, 30))
def test_adding_undoes_subtracting_hours(start: datetime, amount: int, unit: Unit, back: int) -> None:
    """A limit of hours from so many hours before an end of hours ends there."""
    ends_at = end(start, Limit(amount, unit))
    before = course(start, Limit(amount, unit), CALENDAR).before(Limit(back, unit))
    assert before is not None
    assert end(before, Limit(back, unit)) == ends_at
