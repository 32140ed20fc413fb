"""Timer definitions: what ISO 8601 and Camunda 7 say a modeller's timer means, in the office's time zone."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.timers import Due, TimerFault, check_literal, due_at, next_due, parse_duration

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # Monday, 9 o'clock in Shanghai


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("PT5M", "2026-03-02T01:05:00+00:00"),
        ("PT0.5S", "2026-03-02T01:00:00.500000+00:00"),
        ("PT0,5S", "2026-03-02T01:00:00.500000+00:00"),
        ("P0.5D", "2026-03-02T13:00:00+00:00"),
        ("P1W", "2026-03-09T01:00:00+00:00"),
        ("P1M", "2026-04-02T01:00:00+00:00"),
        ("P1Y2M3DT4H5M6S", "2027-05-05T05:05:06+00:00"),
        ("PT36H", "2026-03-03T13:00:00+00:00"),
        ("  PT5M\n", "2026-03-02T01:05:00+00:00"),
    ],
)
def test_duration_counts_from_now(text: str, at: str) -> None:
    assert due_at("duration", text, NOW, SHANGHAI) == Due(utc(at), remaining=0)


def test_month_is_added_on_the_calendar_of_the_zone() -> None:
    # 1 March, 2 o'clock in Shanghai is still February in UTC; a month later is 1 April in Shanghai.
    now = utc("2026-03-01T02:00:00+08:00")
    assert due_at("duration", "P1M", now, SHANGHAI).at == utc("2026-04-01T02:00:00+08:00")


def test_month_after_the_31st_ends_with_the_month() -> None:
    assert due_at("duration", "P1M", utc("2026-01-31T09:00:00+08:00"), SHANGHAI).at == utc("2026-02-28T09:00:00+08:00")


def test_day_is_a_calendar_day_and_24_hours_are_24_hours() -> None:
    eve = utc("2026-03-28T12:00:00+01:00")  # Berlin loses an hour in the night to 29 March
    assert due_at("duration", "P1D", eve, BERLIN).at == utc("2026-03-29T12:00:00+02:00")
    assert due_at("duration", "PT24H", eve, BERLIN).at == utc("2026-03-29T13:00:00+02:00")


def test_hours_pass_evenly_through_the_hour_that_comes_twice() -> None:
    second = utc("2026-10-25T02:30:00+01:00")  # the second half past two of that night in Berlin
    assert due_at("duration", "PT10M", second, BERLIN).at == second + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-05-01T09:00:00Z", "2026-05-01T09:00:00+00:00"),
        ("2026-05-01T09:00:00+08:00", "2026-05-01T01:00:00+00:00"),
        ("2026-05-01T09:00:00+0800", "2026-05-01T01:00:00+00:00"),
        ("2026-05-01T09:00:00.000+0800", "2026-05-01T01:00:00+00:00"),
        ("2026-05-01T09:00:00+08", "2026-05-01T01:00:00+00:00"),
        ("2026-05-01T09:00:00", "2026-05-01T01:00:00+00:00"),
        ("2026-05-01T09:00", "2026-05-01T01:00:00+00:00"),
        ("2026-05-01T09:00:00.25", "2026-05-01T01:00:00.250000+00:00"),
        ("2026-05-01", "2026-04-30T16:00:00+00:00"),
        ("20260501T090000Z", "2026-05-01T09:00:00+00:00"),
        ("2020-01-01T00:00:00Z", "2020-01-01T00:00:00+00:00"),
    ],
)
def test_date_without_offset_is_the_offices_time(text: str, at: str) -> None:
    assert due_at("date", text, NOW, SHANGHAI) == Due(utc(at), remaining=0)


def test_date_may_be_a_duration_as_in_camunda() -> None:
    assert due_at("date", "P1D", NOW, SHANGHAI).at == NOW + timedelta(days=1)


@pytest.mark.parametrize("kind", ["date", "duration", "cycle"])
@pytest.mark.parametrize(
    ("value", "at"),
    [
        (datetime(2026, 5, 1, 9, tzinfo=timezone(timedelta(hours=9))), "2026-05-01T00:00:00+00:00"),
        (datetime(2026, 5, 1, 9), "2026-05-01T01:00:00+00:00"),
        (date(2026, 5, 1), "2026-04-30T16:00:00+00:00"),
    ],
)
def test_date_object_is_the_instant_itself_whatever_the_kind(kind: str, value: object, at: str) -> None:
    assert due_at(kind, value, NOW, SHANGHAI) == Due(utc(at), remaining=0)


def test_timedelta_object_is_a_duration() -> None:
    assert due_at("duration", timedelta(hours=3), NOW, SHANGHAI).at == NOW + timedelta(hours=3)


@pytest.mark.parametrize(
    ("text", "length"),
    [("PT10M", timedelta(minutes=10)), (" P1DT12H", timedelta(hours=36)), ("P1W", timedelta(days=7))],
)
def test_duration_of_fixed_length(text: str, length: timedelta) -> None:
    assert parse_duration(text) == length


@pytest.mark.parametrize("text", ["P1M", "P1Y", "R3/PT10M", "10", ""])
def test_duration_whose_length_varies_or_is_unreadable_is_a_fault(text: str) -> None:
    with pytest.raises(TimerFault):
        parse_duration(text)


@pytest.mark.parametrize("value", [None, 5, 5.0, True, b"PT5M", ["PT5M"], {"a": 1}, object()])
@pytest.mark.parametrize("kind", ["date", "duration", "cycle"])
def test_value_of_another_type_is_a_fault(kind: str, value: object) -> None:
    with pytest.raises(TimerFault):
        due_at(kind, value, NOW, SHANGHAI)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("duration", ""),
        ("duration", "P"),
        ("duration", "PT"),
        ("duration", "P1DT"),
        ("duration", "5M"),
        ("duration", "five minutes"),
        ("duration", "P0.5M"),
        ("duration", "-PT5M"),
        ("duration", "PT-5M"),
        ("duration", "PT5M3H"),
        ("duration", "PT٥M"),
        ("duration", "P99999999Y"),
        ("duration", "P101Y"),
        ("duration", "PT" + "9" * 190 + "S"),
        ("duration", "PT" + "9" * 10_000 + "S"),
        ("duration", "2026-05-01"),
        ("date", "tomorrow"),
        ("date", "2026-02-30"),
        ("date", "2026-05-01T25:00:00"),
        ("date", "0001-01-01"),
        ("date", "2026-05-01x09:00:00"),
        ("cycle", "PT5M"),
        ("cycle", "R"),
        ("cycle", "R/"),
        ("cycle", "R//PT5M"),
        ("cycle", "R0/PT5M"),
        ("cycle", "R-1/PT5M"),
        ("cycle", "R99999999999/PT5M"),
        ("cycle", "R99999999999/PT0S"),
        ("cycle", "R3/PT0S"),
        ("cycle", "R/PT0.5S"),
        ("cycle", "R3/2026-05-01"),
        ("cycle", "R3/2026-05-02/2026-05-01"),
        ("cycle", "R3/2026-05-01/PT5M/2026-05-02"),
        ("cycle", "* * * *"),
        ("cycle", "0 0 9 1 * MON"),
        ("cycle", "0 0 25 * * ?"),
        ("cycle", "0 0 9 ? * 8"),
        ("cycle", "0 0 9 ? * 0"),
        ("cycle", "0 0 9 ? * FOO"),
        ("cycle", "0 0 9 ? * 2#6"),
        ("cycle", "0 0 9 ? * 2-4#2"),
        ("cycle", "0 0 9 15W * ?"),
        ("cycle", "0 0 9 30 2 ?"),
        ("cycle", "0 0 9 1 1 ? 1066"),
        ("cycle", "0 0 9 1 1 ? someday"),
        ("cycle", "@daily"),
        ("cycle", "*/0 * * * *"),
        ("cycle", f"{'9' * 5_000} 0 9 * * ?"),
    ],
)
def test_malformed_or_hostile_definition_is_a_fault_at_deploy(kind: str, text: str) -> None:
    with pytest.raises(TimerFault) as refusal:
        check_literal(kind, text)
    assert refusal.value.sentence.zh.endswith("。")
    assert refusal.value.sentence.en.endswith(".")


def test_instant_beyond_the_calendar_is_a_fault() -> None:
    with pytest.raises(TimerFault, match="calendar"):
        due_at("duration", "P100Y", datetime(9990, 1, 1, tzinfo=UTC), SHANGHAI)


TIMER_TEXTS = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="PTYMWDHSRZ0123456789./-:+,", max_size=40),
    st.text(alphabet="0123456789*?/,-#LW MONFRI", max_size=40),
    st.from_regex(
        r"R[0-9]{0,3}/(P[0-9]{1,4}[YMWD]|PT[0-9]{1,6}[HMS])(/[0-9]{4}-[01][0-9]-[0-3][0-9])?", fullmatch=True
    ),
    st.from_regex(r"R[0-9]{0,3}/[0-9]{4}-[01][0-9]-[0-3][0-9]/P[0-9]{1,4}[YMWD](T[0-9]{1,4}[HMS])?", fullmatch=True),
    st.from_regex(r"[0-9*]{1,2} [0-9*]{1,2} [0-9*]{1,2} [0-9?*]{1,2} [0-9*]{1,2} [1-7?*](#[1-5]|L)?", fullmatch=True),
)
VALUES = st.one_of(TIMER_TEXTS, st.datetimes(), st.datetimes(timezones=st.timezones()), st.dates(), st.timedeltas())


@given(
    kind=st.sampled_from(["date", "duration", "cycle"]), value=VALUES, late=st.timedeltas(timedelta(0), timedelta(9999))
)
def test_any_value_is_due_at_an_instant_in_utc_or_is_a_fault(kind: str, value: object, late: timedelta) -> None:
    try:
        due = due_at(kind, value, NOW, SHANGHAI)
        following = next_due(value, due, NOW + late, SHANGHAI)
    except TimerFault:
        return
    assert due.at.tzinfo is UTC
    if following is not None:
        assert following.at > NOW + late
        assert following.at > due.at


@given(kind=st.sampled_from(["date", "duration", "cycle"]), text=TIMER_TEXTS)
def test_what_the_deploy_refuses_would_never_have_fired(kind: str, text: str) -> None:
    try:
        check_literal(kind, text)
    except TimerFault:
        with pytest.raises(TimerFault):
            due_at(kind, text, NOW, SHANGHAI)


@pytest.mark.parametrize("text", ["PT0S", "P0D"])
def test_no_time_at_all_is_due_at_once_as_in_camunda(text: str) -> None:
    check_literal("duration", text)
    assert due_at("duration", text, NOW, SHANGHAI).at == NOW
