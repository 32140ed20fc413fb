"""Cycles and cron lines: how often a timer fires, on which grid, and what becomes of missed firings."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.timers import Due, TimerFault, due_at, next_due

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # Monday, 9 o'clock in Shanghai


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def firings(value: object, now: datetime = NOW, zone: ZoneInfo = SHANGHAI, limit: int = 10) -> list[datetime]:
    """The firings of a cycle on a server that is never late."""
    due: Due | None = due_at("cycle", value, now, zone)
    seen: list[datetime] = []
    while due is not None and len(seen) < limit:
        seen.append(due.at)
        due = next_due(value, due, due.at, zone)
    return seen


def test_cycle_without_number_goes_on_for_ever() -> None:
    first = due_at("cycle", "R/PT5M", NOW, SHANGHAI)
    assert first == Due(NOW + timedelta(minutes=5), remaining=None)
    assert next_due("R/PT5M", first, first.at, SHANGHAI) == Due(NOW + timedelta(minutes=10), remaining=None)


def test_cycle_with_number_fires_that_often() -> None:
    assert firings("R3/PT10M") == [NOW + timedelta(minutes=minutes) for minutes in (10, 20, 30)]


def test_remaining_counts_down() -> None:
    due: Due | None = due_at("cycle", "R3/PT10M", NOW, SHANGHAI)
    counted = []
    while due is not None:
        counted.append(due.remaining)
        due = next_due("R3/PT10M", due, due.at, SHANGHAI)
    assert counted == [2, 1, 0]


def test_cycle_with_future_start_fires_at_the_start_and_after_each_repetition() -> None:
    # DurationHelper of Camunda 7: the start, then as many periods as the number says.
    start = utc("2026-05-01T00:00:00+08:00")
    assert firings("R3/2026-05-01T00:00:00/PT10M") == [start + timedelta(minutes=m) for m in (0, 10, 20, 30)]


def test_cycle_with_past_start_joins_its_grid() -> None:
    start = "2026-03-01T00:00:00"
    assert firings(f"R/{start}/P1D", limit=2) == [utc("2026-03-03T00:00:00+08:00"), utc("2026-03-04T00:00:00+08:00")]


def test_cycle_that_is_all_in_the_past_fires_once() -> None:
    assert firings("R3/2020-01-01T00:00:00/P1D") == [utc("2020-01-04T00:00:00+08:00")]


def test_cycle_up_to_an_end_fires_last_at_the_end() -> None:
    assert firings("R/P1D/2026-03-05T00:00:00") == [
        utc("2026-03-03T00:00:00+08:00"),
        utc("2026-03-04T00:00:00+08:00"),
        utc("2026-03-05T00:00:00+08:00"),
    ]
    assert firings("R1/P1D/2026-03-05") == [utc("2026-03-04T00:00:00+08:00"), utc("2026-03-05T00:00:00+08:00")]


def test_cycle_between_start_and_end_repeats_the_interval() -> None:
    assert firings("R1/2026-03-05T00:00:00/2026-03-05T02:00:00") == [
        utc("2026-03-05T00:00:00+08:00"),
        utc("2026-03-05T02:00:00+08:00"),
    ]


def test_monthly_cycle_with_start_does_not_drift() -> None:
    assert [at.astimezone(SHANGHAI).day for at in firings("R3/2026-08-31T09:00:00/P1M")] == [31, 30, 31, 30]


def test_missed_firings_do_not_burst_and_count_against_the_repetitions() -> None:
    first = due_at("cycle", "R5/PT10M", NOW, SHANGHAI)
    late = NOW + timedelta(minutes=34)
    assert next_due("R5/PT10M", first, late, SHANGHAI) == Due(NOW + timedelta(minutes=40), remaining=1)
    assert next_due("R5/PT10M", first, NOW + timedelta(hours=2), SHANGHAI) is None


def test_next_firing_lies_after_now_even_when_now_is_on_the_grid() -> None:
    first = due_at("cycle", "R/PT10M", NOW, SHANGHAI)
    assert next_due("R/PT10M", first, NOW + timedelta(minutes=30), SHANGHAI) == Due(NOW + timedelta(minutes=40), None)


@pytest.mark.parametrize("text", ["R/PT10M", "R3/PT10M", "R/2026-03-02T09:00:00/PT10M", "0 0/10 * * * ?"])
def test_firing_that_came_early_is_not_repeated(text: str) -> None:
    first = due_at("cycle", text, NOW, SHANGHAI)
    following = next_due(text, first, NOW, SHANGHAI)
    assert following is not None
    assert following.at == NOW + timedelta(minutes=20)


@given(
    seconds=st.integers(1, 10**7),
    late=st.integers(0, 10**9),
    number=st.one_of(st.none(), st.integers(1, 10**6)),
)
def test_next_firing_is_the_first_grid_point_after_now(seconds: int, late: int, number: int | None) -> None:
    text = f"R{'' if number is None else number}/PT{seconds}S"
    first = due_at("cycle", text, NOW, SHANGHAI)
    now = first.at + timedelta(seconds=late)
    due = next_due(text, first, now, SHANGHAI)
    steps = late // seconds + 1
    if number is not None and steps > number - 1:
        assert due is None
    else:
        expected = None if number is None else number - 1 - steps
        assert due == Due(first.at + timedelta(seconds=seconds * steps), expected)


@given(months=st.integers(1, 30), days=st.integers(0, 40), late=st.integers(0, 40_000))
def test_calendar_cycle_goes_to_the_first_point_after_now(months: int, days: int, late: int) -> None:
    text = f"R/2026-01-31T09:00:00/P{months}M{days}D"
    first = due_at("cycle", text, utc("2026-01-01T00:00:00Z"), SHANGHAI)
    now = first.at + timedelta(days=late)
    due = next_due(text, first, now, SHANGHAI)
    assert due is not None
    assert now < due.at <= now + timedelta(days=31 * months + days + 3)
    assert due.at.astimezone(SHANGHAI).hour == 9


@pytest.mark.parametrize("text", ["R/PT5M", "0 0 9 ? * MON-FRI"])
def test_last_firing_has_no_next(text: str) -> None:
    assert next_due(text, Due(NOW, remaining=0), NOW, SHANGHAI) is None


@pytest.mark.parametrize("value", [date(2026, 5, 1), timedelta(hours=1), None])
def test_object_has_no_next_firing(value: object) -> None:
    assert next_due(value, Due(NOW, remaining=None), NOW, SHANGHAI) is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("0 0 9 ? * MON-FRI", ["2026-03-03T09:00", "2026-03-04T09:00", "2026-03-05T09:00", "2026-03-06T09:00"]),
        ("0 0 9 ? * mon-fri", ["2026-03-03T09:00"]),
        ("0 0 9 ? * 2-6", ["2026-03-03T09:00", "2026-03-04T09:00", "2026-03-05T09:00", "2026-03-06T09:00"]),
        ("0 0 9 ? * 1", ["2026-03-08T09:00", "2026-03-15T09:00"]),
        ("0 0 9 ? * 7", ["2026-03-07T09:00"]),
        ("0 0 9 ? * L", ["2026-03-07T09:00"]),
        ("0 0 9 ? * FRI-MON", ["2026-03-06T09:00", "2026-03-07T09:00", "2026-03-08T09:00", "2026-03-09T09:00"]),
        ("0 0 9 ? * 2/2", ["2026-03-04T09:00", "2026-03-06T09:00", "2026-03-09T09:00"]),
        ("0 0 9 ? * 6#3", ["2026-03-20T09:00", "2026-04-17T09:00"]),
        ("0 0 9 ? * 6L", ["2026-03-27T09:00", "2026-04-24T09:00"]),
        ("0 0 9 ? * FRIL", ["2026-03-27T09:00"]),
        ("0 0 9 ? * MON,WED", ["2026-03-04T09:00", "2026-03-09T09:00"]),
        ("0 0 9 L * ?", ["2026-03-31T09:00", "2026-04-30T09:00"]),
        ("0 0 9 LW * ?", ["2026-03-31T09:00", "2026-04-30T09:00", "2026-05-29T09:00"]),
        ("0 0/15 9-10 * * ?", ["2026-03-02T09:15", "2026-03-02T09:30", "2026-03-02T09:45", "2026-03-02T10:00"]),
        ("0 0 9 1 JAN,JUL ?", ["2026-07-01T09:00", "2027-01-01T09:00"]),
        ("0 0 9 1 1 ? 2028", ["2028-01-01T09:00"]),
        ("0 0 0 1 1 ? 2028", ["2028-01-01T00:00"]),
        ("0 0 9 1 1 ? 2027-2028", ["2027-01-01T09:00", "2028-01-01T09:00"]),
        ("0 0 9 1 1 ? 2028/50", ["2028-01-01T09:00", "2078-01-01T09:00"]),
        ("0 0 9 29 2 ? *", ["2028-02-29T09:00", "2032-02-29T09:00"]),
        ("0 0 9 * * *", ["2026-03-03T09:00", "2026-03-04T09:00"]),
        ("0 9 * * 1-5", ["2026-03-03T09:00", "2026-03-04T09:00", "2026-03-05T09:00", "2026-03-06T09:00"]),
        ("0 9 * * 0", ["2026-03-08T09:00"]),
        ("0 9 * * 7", ["2026-03-08T09:00"]),
        ("*/20 * * * *", ["2026-03-02T09:20", "2026-03-02T09:40", "2026-03-02T10:00"]),
    ],
)
def test_cron_line_is_read_on_the_offices_clock(line: str, expected: list[str]) -> None:
    assert firings(line, limit=len(expected)) == [utc(f"{at}:00+08:00") for at in expected]


def test_cron_line_whose_years_are_over_is_never_due() -> None:
    with pytest.raises(TimerFault, match="never due"):
        due_at("cycle", "0 0 9 1 1 ? 2020", NOW, SHANGHAI)


def test_cron_line_ends_with_its_last_year() -> None:
    last = due_at("cycle", "0 0 9 1 1 ? 2027", NOW, SHANGHAI)
    assert next_due("0 0 9 1 1 ? 2027", last, last.at, SHANGHAI) is None


def test_missed_cron_firings_do_not_burst() -> None:
    first = due_at("cycle", "0 0 9 ? * MON-FRI", NOW, SHANGHAI)
    assert next_due("0 0 9 ? * MON-FRI", first, utc("2026-03-20T10:00:00+08:00"), SHANGHAI) == Due(
        utc("2026-03-23T09:00:00+08:00"), remaining=None
    )


@given(days=st.sets(st.integers(1, 7), min_size=1), start=st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1)))
def test_quartz_numbers_the_week_from_sunday(days: set[int], start: datetime) -> None:
    now = start.replace(tzinfo=UTC)
    due = due_at("cycle", f"0 30 8 ? * {','.join(map(str, sorted(days)))}", now, SHANGHAI)
    local = due.at.astimezone(SHANGHAI)
    candidates = [
        datetime(local.year, local.month, local.day, 8, 30, tzinfo=SHANGHAI) - timedelta(days=back) for back in range(8)
    ]
    assert local == max(candidates)
    assert local.isoweekday() % 7 + 1 in days
    skipped = [at for at in candidates[1:] if at > now]
    assert not [at for at in skipped if at.isoweekday() % 7 + 1 in days]


def test_grid_with_a_start_of_long_ago_is_found_at_once() -> None:
    due = due_at("cycle", "R/1900-01-01T00:00:00Z/PT1S", NOW + timedelta(microseconds=1), SHANGHAI)
    assert due.at == NOW + timedelta(seconds=1)
