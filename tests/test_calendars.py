"""Calendars of divisions: rows that every process follows from the next command on."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, time
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from casework import calendars
from casework.calendars import Year
from casework.published_calendars import national_calendar, published_years
from casework.tables import CalendarDay, CalendarYear, Department, Region
from casework.workdays import Calendar, DayRule
from engine.errors import Conflict, Forbidden, Invalid
from engine.ports import ENGINE
from engine.transaction import Database, Transaction
from tests.statements import statements

COUNTRY, PROVINCE, CITY, OTHER_CITY = "000000", "450000", "450100", "330100"
TYPHOON = date(2026, 9, 8)
MARCH_THIRD = date(2026, 4, 20)


@pytest.fixture
def seeded(database: Database) -> Database:
    with database.begin(ENGINE) as tx:
        calendars.seed(tx)
        tx.add(
            Region(code=PROVINCE, name="广西壮族自治区", parent=COUNTRY),
            Region(code=CITY, name="南宁市", parent=PROVINCE),
            Region(code=OTHER_CITY, name="杭州市"),
        )
    return database


def calendar(database: Database, region: str = COUNTRY, department: str | None = None) -> Calendar:
    with database.view(ENGINE) as tx:
        return calendars.calendar_of(tx, region, department)


def publish(
    database: Database, region: str, days: Mapping[date, DayRule], *, year: int = 2026, is_published: bool = False
) -> None:
    with database.begin(ENGINE) as tx:
        calendars.publish(tx, Year(region, year, days, "市政府通告", is_published=is_published))


def test_the_country_has_every_published_year(seeded: Database) -> None:
    assert calendar(seeded) == national_calendar()


def test_seeding_twice_changes_nothing(seeded: Database) -> None:
    with seeded.begin(ENGINE) as tx:
        calendars.seed(tx)
        years = tx.session.query(CalendarYear).all()

        assert {row.year for row in years} == published_years()
        assert {row.revision for row in years} == {1}


def test_without_rows_no_year_is_published_and_weekends_are_off(database: Database) -> None:
    found = calendar(database)

    assert found.published_years == frozenset()
    assert not found.is_working(date(2026, 2, 14))


def test_seeding_keeps_a_closure_that_was_there_before(database: Database) -> None:
    publish(database, COUNTRY, {TYPHOON: DayRule(False, "台风停工")})
    with database.begin(ENGINE) as tx:
        calendars.seed(tx)

    found = calendar(database)
    assert 2026 in found.published_years
    assert not found.is_working(TYPHOON)
    assert found.is_working(date(2026, 2, 14))


def test_a_division_without_rows_of_its_own_follows_the_country(seeded: Database) -> None:
    assert calendar(seeded, CITY) is calendar(seeded, OTHER_CITY)
    assert calendar(seeded, "999999") == calendar(seeded)


def test_a_local_holiday_holds_in_every_division_below_and_nowhere_else(seeded: Database) -> None:
    publish(seeded, PROVINCE, {MARCH_THIRD: DayRule(False, "三月三")})

    assert not calendar(seeded, PROVINCE).is_working(MARCH_THIRD)
    assert not calendar(seeded, CITY).is_working(MARCH_THIRD)
    assert calendar(seeded, OTHER_CITY).is_working(MARCH_THIRD)


def test_the_day_of_the_nearer_division_comes_first(seeded: Database) -> None:
    publish(seeded, PROVINCE, {MARCH_THIRD: DayRule(False, "三月三")})
    publish(seeded, CITY, {MARCH_THIRD: DayRule(True, "三月三值班")})

    assert calendar(seeded, CITY).is_working(MARCH_THIRD)


def test_a_local_closure_does_not_publish_a_year(seeded: Database) -> None:
    publish(seeded, CITY, {date(2031, 9, 8): DayRule(False, "台风停工")}, year=2031)

    found = calendar(seeded, CITY)
    assert not found.is_working(date(2031, 9, 8))
    assert found.is_provisional(date(2031, 9, 9))


def test_a_published_year_is_no_longer_provisional(seeded: Database) -> None:
    assert calendar(seeded).is_provisional(date(2031, 3, 3))

    publish(seeded, COUNTRY, {date(2031, 10, 4): DayRule(False, "国庆节")}, year=2031, is_published=True)

    assert not calendar(seeded).is_provisional(date(2031, 3, 3))


def test_publishing_a_year_again_replaces_its_days_and_raises_its_revision(seeded: Database) -> None:
    publish(seeded, CITY, {TYPHOON: DayRule(False, "台风停工")})
    publish(seeded, CITY, {})

    assert calendar(seeded, CITY).is_working(TYPHOON)
    with seeded.view(ENGINE) as tx:
        assert tx.session.get_one(CalendarYear, (CITY, 2026)).revision == 2
        assert tx.session.get(CalendarDay, (CITY, TYPHOON, 2026)) is None


def test_a_day_of_another_year_is_refused_and_nothing_changes(seeded: Database) -> None:
    with pytest.raises(Invalid, match="2027-01-01 is no day of 2026"):
        publish(seeded, COUNTRY, {date(2027, 1, 1): DayRule(False, "元旦")})

    assert calendar(seeded) == national_calendar()


def test_publishing_asks_for_permission(seeded: Database) -> None:
    def nobody(tx: Transaction, act: str, subject: object | None) -> None:
        assert act == "calendars.import"
        raise Forbidden

    seeded.ports = replace(seeded.ports, may=nobody)

    with pytest.raises(Forbidden):
        publish(seeded, COUNTRY, {})


@pytest.fixture
def elsewhere(seeded: Database) -> Iterator[Database]:
    """The same database as another process sees it."""
    other = Database(seeded.engine.url.render_as_string(hide_password=False), seeded.ports)
    yield other
    other.close()


def test_the_next_command_sees_what_another_process_changed(seeded: Database, elsewhere: Database) -> None:
    assert calendar(seeded, CITY).is_working(TYPHOON)

    publish(elsewhere, CITY, {TYPHOON: DayRule(False, "台风停工")})
    assert not calendar(seeded, CITY).is_working(TYPHOON)

    publish(elsewhere, CITY, {})
    assert calendar(seeded, CITY).is_working(TYPHOON)


def publish_and_fail(database: Database) -> None:
    with database.begin(ENGINE) as tx:
        calendars.publish(tx, Year(CITY, 2026, {TYPHOON: DayRule(False, "台风停工")}, "市政府通告"))
        assert not calendars.calendar_of(tx, CITY).is_working(TYPHOON)
        raise ZeroDivisionError


def test_a_change_is_seen_by_its_own_command_and_by_none_when_it_is_undone(seeded: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        publish_and_fail(seeded)
    assert calendar(seeded, CITY).is_working(TYPHOON)

    publish(seeded, CITY, {date(2026, 9, 9): DayRule(False, "台风停工")})
    assert calendar(seeded, CITY).is_working(TYPHOON)
    assert not calendar(seeded, CITY).is_working(date(2026, 9, 9))


def test_a_remembered_calendar_costs_one_statement_a_command_and_none_when_its_revision_is_told(
    seeded: Database,
) -> None:
    calendar(seeded)

    with statements(seeded.engine) as sent, seeded.view(ENGINE) as tx:
        for region in (COUNTRY, CITY, OTHER_CITY):
            calendars.calendar_of(tx, region)
    assert len(sent) == 1

    with seeded.view(ENGINE) as tx:
        revision = tx.session.scalar(select(calendars.REVISION)) or 0
        with statements(seeded.engine) as sent:
            calendars.at_revision(tx, revision).of(CITY)
    assert sent == []


def add_department(database: Database, **columns: str) -> None:
    with database.begin(ENGINE) as tx:
        tx.add(Department(name="南宁海关", name_en="Nanning Customs", region=CITY, **columns))


def test_a_department_has_its_own_hours_and_zone(seeded: Database) -> None:
    add_department(seeded, code="customs", role="customs", zone="Asia/Urumqi", office_hours="10:00-14:00, 16:00-19:30")

    found = calendar(seeded, CITY, "customs")
    assert found.office_hours == ((time(10), time(14)), (time(16), time(19, 30)))
    assert found.zone == ZoneInfo("Asia/Urumqi")
    assert found.days == calendar(seeded).days


@pytest.mark.parametrize("hours", ["", "nine to five", "09:00", "09:00-12:00-13:00", "25:00-26:00"])
def test_office_hours_that_cannot_be_read_say_so(seeded: Database, hours: str) -> None:
    add_department(seeded, code="customs", role="customs", office_hours=hours)

    with pytest.raises(Conflict, match="cannot be read"):
        calendar(seeded, CITY, "customs")


def test_a_department_is_found_by_its_role_in_its_division_and_a_role_by_its_department(
    seeded: Database,
) -> None:
    add_department(seeded, code="450100-customs", role="customs")

    with seeded.view(ENGINE) as tx:
        found = calendars.current(tx)
    assert found.code_of(CITY, "customs") == "450100-customs"
    assert found.code_of(CITY, "450100-customs") == "450100-customs"
    assert found.code_of(OTHER_CITY, "customs") == "customs"
    assert found.role_of("450100-customs") == "customs"
    assert found.role_of("customs") == "customs"
