"""Dates and times, and the kinds of field that the office adds to Camunda Forms."""

from datetime import date

import pytest

from tests.drawn_forms import FIGURE, MOMENT, NUMBER, TEXT, TIME, Component, outcome


@pytest.mark.parametrize(
    ("component", "accepted", "refused"),
    [
        ({"type": "datetime"}, "2026-01-31", "2026-02-30"),
        ({"type": "datetime"}, "2028-02-29", "20260131"),
        ({"type": "datetime"}, "2026-12-31", "2026-W05-6"),
        ({"type": "datetime"}, "2026-12-31", "2026-12-31T08:00"),
        (TIME, "08:00", "08:00+08:00"),
        (TIME, "23:59", "24:00"),
        ({**TIME, "timeSerializingFormat": "utc_offset"}, "08:00+08:00", "08:00"),
        ({**TIME, "timeSerializingFormat": "utc_normalized"}, "00:00Z", "00:00+00:00"),
        (MOMENT, "2026-01-31T08:00+08:00", "2026-01-31T08:00"),
        (MOMENT, "2026-01-31T08:00-03:30", "2026-01-31 08:00+08:00"),
        ({**MOMENT, "timeSerializingFormat": "no_timezone"}, "2026-01-31T08:00", "2026-01-31T8:00"),
        (MOMENT, "2026-01-31T08:00+08:00", 1769817600),
    ],
)
def test_check__a_datetime_is_written_as_form_js_writes_it(
    component: Component, accepted: str, refused: object
) -> None:
    assert outcome(component, accepted) == accepted
    assert outcome(component, refused) == "wrong-type"


@pytest.mark.parametrize(("value", "expected"), [("08:30", "08:30"), ("08:40", "time-step")])
def test_check__time_keeps_to_its_interval(value: str, expected: str) -> None:
    assert outcome({**TIME, "timeInterval": 15}, value) == expected


@pytest.mark.parametrize(
    ("component", "today", "passed"),
    [
        ({"type": "datetime"}, "2026-03-02", "2026-03-01"),
        (MOMENT, "2026-03-02T00:00+08:00", "2026-03-01T23:59+08:00"),
        ({**MOMENT, "timeSerializingFormat": "utc_normalized"}, "2026-03-01T16:00Z", "2026-03-01T15:59Z"),
        (MOMENT, "9999-12-31T23:00-10:00", "0001-01-01T00:00+10:00"),
    ],
)
def test_check__passed_dates_are_held_against_the_office_date_when_it_is_known(
    component: Component, today: str, passed: str
) -> None:
    strict = {**component, "disallowPassedDates": True}
    assert outcome(strict, today, today=date(2026, 3, 2)) == today
    assert outcome(strict, passed, today=date(2026, 3, 2)) == "date-passed"
    assert outcome(strict, passed) == passed


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("uscc", " 91110000600037341l ", "91110000600037341L"),
        ("uscc", "91110000600037341M", "uscc"),
        ("resident-id", "11010519491231002x", "11010519491231002X"),
        ("resident-id", "110105194912310021", "resident-id"),
        ("mobile", "13912345678", "13912345678"),
        ("mobile", "12912345678", "mobile"),
        ("mobile", "+8613912345678", "mobile"),
        ("money", "500000", "500000.00"),
        ("money", "0.5", "0.50"),
        ("money", "-1", "money"),
        ("money", "1.005", "money"),
        ("money", "1,000", "money"),
        ("percent", "33.3333", "33.3333"),
        ("percent", "100", "100"),
        ("percent", "100.01", "percent"),
    ],
)
def test_check__field_kinds(kind: str, value: str, expected: str) -> None:
    assert outcome({**TEXT, "properties": {"kind": kind}}, value) == expected


def test_check__kinds_on_numbers() -> None:
    assert outcome({**FIGURE, "properties": {"kind": "money"}}, "7.5") == "7.50"
    assert outcome({**NUMBER, "properties": {"kind": "percent"}}, 12.5) == 12.5
    assert outcome({**NUMBER, "properties": {"kind": "percent"}}, -1) == "percent"


def test_check__a_birth_date_after_today() -> None:
    component = {**TEXT, "properties": {"kind": "resident-id"}}
    number = "11010519491231002X"
    assert outcome(component, number, today=date(1949, 12, 30)) == "born-later"
    assert outcome(component, number, today=date(1949, 12, 31)) == number
