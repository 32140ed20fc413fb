"""The present in expressions, by a clock at 10:30 in Beijing on the last day of January 2027."""

from datetime import UTC, datetime

import pytest

from engine.expressions import ExpressionError, ExpressionFault, compile_expression
from engine.expressions.instants import ZONE

NOW = datetime(2027, 1, 31, 2, 30, tzinfo=UTC)
LENT = {"now": lambda: NOW, "dateTime": lambda: NOW}


def inside(expression: str) -> object:
    return compile_expression(f"${{{expression}}}", functions=()).evaluate({"n": 3, "name": "tax"}, LENT)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("now()", "2027-01-31T10:30:00"),
        ("dateTime().plusDays(n).toDate()", "2027-02-03T10:30:00"),
        ("dateTime().plusMonths(1)", "2027-02-28T10:30:00"),
        ("dateTime().minusMonths(2)", "2026-11-30T10:30:00"),
        ("dateTime().plusYears(1).plusMonths(1)", "2028-02-29T10:30:00"),
        ("dateTime().minusHours(11).withTimeAtStartOfDay()", "2027-01-30T00:00:00"),
        ("dateTime().plusWeeks(1).minusMinutes(30).plusSeconds(1)", "2027-02-07T10:00:01"),
        ("now().plusMillis(1500)", "2027-01-31T10:30:01.500"),
    ],
)
def test_an_instant_is_counted_from_the_present(said: str, meant: str) -> None:
    assert inside(said) == datetime.fromisoformat(meant).replace(tzinfo=ZONE)


@pytest.mark.parametrize("said", ["dateTime().plusDays(3) > now()", "now() == dateTime()", "now() <= dateTime()"])
def test_instants_are_compared(said: str) -> None:
    assert inside(said) is True


def test_an_instant_is_milliseconds_since_1970() -> None:
    assert inside("now().getTime()") == inside("dateTime().getMillis()") == 1_801_362_600_000


@pytest.mark.parametrize(
    "said",
    [
        "dateTime().plusYears(9999)",
        "dateTime().minusYears(9999)",
        "dateTime().plusWeeks(999999999)",
        "dateTime().plusDays(99999999999)",
        "dateTime().plusDays(1.5)",
        "dateTime().plusDays(null)",
        "dateTime().size()",
        "name.plusDays(1)",
    ],
)
def test_an_instant_that_there_is_not_is_an_error(said: str) -> None:
    with pytest.raises(ExpressionError):
        inside(said)


@pytest.mark.parametrize("said", ["now(1)", "dateTime('UTC')", "now().plusDays()", "now().toString()", "today()"])
def test_what_nobody_lends_is_refused_when_deployed(said: str) -> None:
    with pytest.raises(ExpressionFault):
        inside(said)
