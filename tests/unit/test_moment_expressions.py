"""Instants as stored filters say them, by a clock at 10:30 in Beijing on the last day of January 2028."""

from datetime import UTC, datetime

import marshmallow as ma
import pytest

from api.engine_rest.moment_expressions import ExpressedMoment
from api.wire import ZONE
from engine.errors import Invalid

NOW = datetime(2028, 1, 31, 10, 30, tzinfo=ZONE).astimezone(UTC)
MEANT = {
    "${now()}": "2028-01-31T10:30:00",
    "#{ now( ) }": "2028-01-31T10:30:00",
    "${dateTime()}": "2028-01-31T10:30:00",
    "${dateTime().plusDays(2)}": "2028-02-02T10:30:00",
    "${dateTime().minusHours(11)}": "2028-01-30T23:30:00",
    "${dateTime().plusWeeks(1).minusMinutes(30)}": "2028-02-07T10:00:00",
    "${dateTime().withTimeAtStartOfDay().plusSeconds(1)}": "2028-01-31T00:00:01",
    "${dateTime().plusMonths(1)}": "2028-02-29T10:30:00",
    "${dateTime().minusMonths(1)}": "2027-12-31T10:30:00",
    "${dateTime().plusMonths(1).plusYears(1)}": "2029-02-28T10:30:00",
}


@pytest.mark.parametrize(("said", "meant"), MEANT.items(), ids=[str(place) for place in range(len(MEANT))])
def test_an_instant_is_counted_from_the_present(said: str, meant: str) -> None:
    assert ExpressedMoment().deserialize(said).at(NOW) == datetime.fromisoformat(meant).replace(tzinfo=ZONE)


NONE = (
    "now()",
    "${now}",
    "${dateTime().plusDays()}",
    "${dateTime().plusDays(1.5)}",
    "${dateTime().plusDays(99999)}",
    "${dateTime().toString()}",
    "${dateTime().plusDays(1)} or so",
    "${currentUser()}",
    "2028-01-31T10:30:00.000+0800",
    "",
    7,
    None,
)


@pytest.mark.parametrize("said", NONE, ids=[str(place) for place in range(len(NONE))])
def test_what_says_no_instant_is_refused(said: object) -> None:
    with pytest.raises(ma.ValidationError):
        ExpressedMoment().deserialize(said)


@pytest.mark.parametrize("years", ["plusYears(9999)", "minusYears(9999)"])
def test_a_date_that_there_is_not_is_the_filters_mistake(years: str) -> None:
    with pytest.raises(Invalid):
        ExpressedMoment().deserialize(f"${{dateTime().{years}}}").at(NOW)
