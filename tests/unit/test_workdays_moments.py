"""When a limit reaches a share of itself, and the instants around its end."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.published_calendars import national_calendar
from casework.workdays import SHANGHAI, Limit, Pause, Unit, course, used
from tests.unit.test_workdays_properties import closed_pauses, instants, limits, pauses

CALENDAR = national_calendar()
percents = st.integers(1, 100)
SLIGHTLY = 1e-9
JUST = timedelta(seconds=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@given(instants, limits, pauses, percents)
def test_a_share_is_used_at_the_instant_that_reaches_it_and_not_before(
    start: datetime, limit: Limit, holds: list[Pause], percent: int
) -> None:
    reached = course(start, limit, CALENDAR, holds).reaches(percent)
    assert reached is not None
    assert used(start, reached, limit, CALENDAR, holds).share >= percent / 100 - SLIGHTLY
    assert used(start, reached - JUST, limit, CALENDAR, holds).share < percent / 100


@given(instants, limits, pauses, closed_pauses, percents)
def test_a_pause_without_end_lets_no_share_be_reached_that_was_not_before_it(
    start: datetime, limit: Limit, holds: list[Pause], last: Pause, percent: int
) -> None:
    """Counted in days, the day a pause begins still counts."""
    standstills = [*holds, Pause(last.begins_at)]
    reached = course(start, limit, CALENDAR, standstills).reaches(percent)
    for_ever = datetime(2027, 12, 1, tzinfo=UTC)
    share = used(start, for_ever, limit, CALENDAR, standstills).share
    assert (reached is not None) == (share >= percent / 100 - SLIGHTLY)


@given(instants, limits, pauses, percents, percents)
def test_a_greater_share_is_never_reached_earlier(
    start: datetime, limit: Limit, holds: list[Pause], one: int, other: int
) -> None:
    runs = course(start, limit, CALENDAR, holds)
    less, more = runs.reaches(min(one, other)), runs.reaches(max(one, other))
    assert less is not None
    assert more is not None
    assert less <= more
    assert runs.end.at is not None
    assert more <= runs.end.at


def test_nine_of_ten_days_have_passed_at_the_close_of_the_ninth() -> None:
    """Acceptance scenario 11: start 2 March, the ninth working day is Friday 13 March."""
    assert course(at("2026-03-02 10:00"), Limit(10, Unit.WD), CALENDAR).reaches(90) == at("2026-03-13 17:00")


@pytest.mark.parametrize(
    ("limit", "percent", "reached"),
    [
        pytest.param("1WD", 50, "2026-03-03 13:30", id="half a day of seven hours lies after the lunch break"),
        pytest.param("5WD", 90, "2026-03-09 13:30", id="half of the fifth day"),
        pytest.param("10ND", 90, "2026-03-11 17:00", id="natural days count on days off"),
        pytest.param("10WH", 90, "2026-03-03 12:00", id="six office hours on Monday, three on Tuesday"),
        pytest.param("24H", 50, "2026-03-02 22:00", id="hours round the clock"),
        pytest.param("0WD", 90, "2026-03-03 00:00", id="an item done on the spot has its end alone"),
    ],
)
def test_a_share_is_reached_in_the_limits_own_unit(limit: str, percent: int, reached: str) -> None:
    assert course(at("2026-03-02 10:00"), Limit.parse(limit), CALENDAR).reaches(percent) == at(reached)


@pytest.mark.parametrize(
    ("ahead", "before"),
    [
        pytest.param("1WD", "2026-03-07 00:00", id="the weekend before a Monday is no working day"),
        pytest.param("1ND", "2026-03-09 00:00", id="a natural day"),
        pytest.param("8WH", "2026-03-06 16:00", id="seven office hours of Monday and one of Friday"),
        pytest.param("2H", "2026-03-09 22:00", id="hours round the clock"),
    ],
)
def test_so_many_units_before_the_end_of_a_limit(ahead: str, before: str) -> None:
    """Five working days from Monday 2 March end with Monday 9 March."""
    assert course(at("2026-03-02 10:00"), Limit(5, Unit.WD), CALENDAR).before(Limit.parse(ahead)) == at(before)


@pytest.mark.parametrize(
    ("late", "after"),
    [
        pytest.param("0WD", "2026-03-07 00:00", id="overdue"),
        pytest.param("1WD", "2026-03-10 00:00", id="the working day after a Friday is Monday"),
        pytest.param("3H", "2026-03-07 03:00", id="hours round the clock"),
        pytest.param("1WH", "2026-03-09 10:00", id="office hours"),
    ],
)
def test_so_many_units_after_the_end_of_a_limit(late: str, after: str) -> None:
    """Four working days from Monday 2 March end with Friday 6 March."""
    assert course(at("2026-03-02 10:00"), Limit(4, Unit.WD), CALENDAR).after(Limit.parse(late)) == at(after)


def test_days_late_do_not_count_while_the_limit_stands_still() -> None:
    runs = course(
        at("2026-03-02 10:00"), Limit(4, Unit.WD), CALENDAR, [Pause(at("2026-03-09 09:00"), at("2026-03-11 09:00"))]
    )
    assert runs.after(Limit(2, Unit.WD)) == at("2026-03-13 00:00")


def test_what_falls_into_a_standstill_waits_for_its_end() -> None:
    holds = [Pause(at("2026-03-04 10:00"), at("2026-03-11 09:00")), Pause(at("2026-03-20 10:00"))]
    runs = course(at("2026-03-02 10:00"), Limit(5, Unit.WD), CALENDAR, holds)
    assert runs.awake(at("2026-03-04 10:00")) == at("2026-03-04 10:00")
    assert runs.awake(at("2026-03-04 17:00")) == at("2026-03-11 09:00")
    assert runs.awake(at("2026-03-11 09:01")) == at("2026-03-11 09:01")
    assert runs.awake(at("2026-03-20 10:01")) is None
