"""What a column keeps is what it gives back, on either database, to the millisecond and in UTC."""

import uuid
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeDecorator

from engine.columns import MILLISECOND, Id, Instant, JsonText, Number, State, to_millisecond

DIALECTS: list[Dialect] = [sqlite.dialect(), postgresql.dialect()]  # type: ignore[no-untyped-call]
BEIJING = timezone(timedelta(hours=8))

on_both = pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
instants = st.datetimes(
    min_value=datetime(1900, 1, 1),
    max_value=datetime(2200, 1, 1),
    timezones=st.sampled_from([UTC, BEIJING]),
)


class Light(StrEnum):
    GREEN = "GREEN"
    RED = "RED"


def kept(column: TypeDecorator[Any], value: Any, dialect: Dialect) -> Any:
    """Into the database and back."""
    return column.process_result_value(column.process_bind_param(value, dialect), dialect)


@on_both
@given(instants)
def test_an_instant_is_kept_to_the_millisecond_in_utc(dialect: Dialect, instant: datetime) -> None:
    back = kept(Instant(), instant, dialect)

    assert back.tzinfo is UTC
    assert timedelta(0) <= instant - back < MILLISECOND


@given(instants, instants)
def test_sqlite_compares_instants_as_the_clock_does(one: datetime, other: datetime) -> None:
    numbers: list[Any] = [Instant().process_bind_param(instant, DIALECTS[0]) for instant in (one, other)]

    assert (numbers[0] < numbers[1]) == (to_millisecond(one) < to_millisecond(other))


@on_both
def test_an_instant_without_a_zone_is_a_mistake_of_the_program(dialect: Dialect) -> None:
    with pytest.raises(ValueError, match="zone"):
        Instant().process_bind_param(datetime(2026, 3, 2, 9, 0), dialect)


@on_both
@given(st.uuids())
def test_an_id_comes_back_in_the_canonical_text_of_rfc_9562(dialect: Dialect, id: uuid.UUID) -> None:
    assert kept(Id(), str(id), dialect) == str(id)
    assert kept(Id(), str(id).upper(), dialect) == str(id)


def test_sqlite_keeps_an_id_in_sixteen_bytes() -> None:
    assert Id().process_bind_param("01961f5a-8c00-7000-8000-000000000001", DIALECTS[0]) == bytes.fromhex(
        "01961f5a8c0070008000000000000001"
    )


@on_both
@given(st.text())
def test_text_that_is_no_uuid_is_asked_for_without_an_error(dialect: Dialect, anything: str) -> None:
    uuid.UUID(kept(Id(), anything, dialect))


@on_both
@pytest.mark.parametrize("light", Light)
def test_a_state_comes_back_as_its_member(dialect: Dialect, light: Light) -> None:
    assert kept(State(Light), light, dialect) is light


@on_both
def test_a_state_that_the_enum_does_not_know_is_not_stored(dialect: Dialect) -> None:
    with pytest.raises(ValueError, match="YELLOW"):
        State(Light).process_bind_param("YELLOW", dialect)  # type: ignore[arg-type]


@on_both
@given(st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text())))
def test_json_comes_back_as_it_was(dialect: Dialect, document: dict[str, Any]) -> None:
    assert kept(JsonText(), document, dialect) == document


def test_json_keeps_chinese_readable() -> None:
    assert JsonText().process_bind_param({"部门": "税务"}, DIALECTS[0]) == '{"部门":"税务"}'


@on_both
@pytest.mark.parametrize(
    "column", [Id(), Instant(), State(Light), JsonText()], ids=lambda column: type(column).__name__
)
def test_nothing_stays_nothing(dialect: Dialect, column: TypeDecorator[Any]) -> None:
    assert kept(column, None, dialect) is None


@on_both
@given(st.integers(-(2**63) + 1, 2**63 - 1))
def test_a_whole_number_is_kept_to_the_last_digit(dialect: Dialect, number: int) -> None:
    assert kept(Number(), Decimal(number), dialect) == number


@on_both
@given(st.decimals(-(10**5), 10**5, places=10))
def test_a_fraction_is_kept_to_ten_places(dialect: Dialect, number: Decimal) -> None:
    assert kept(Number(), number, dialect) == number


def test_sqlite_cuts_a_fraction_where_postgresql_does() -> None:
    assert kept(Number(), Decimal("0.00000000012"), DIALECTS[0]) == Decimal("0.0000000001")
