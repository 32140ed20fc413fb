"""What a pause does to a limit in days: the day it begins counts, the day it ends does not, overlaps count once."""

from datetime import date, datetime

import pytest

from casework.published_calendars import national_calendar
from casework.workdays import SHANGHAI, Calendar, Deadline, Limit, Pause, deadline, known_at, union
from engine.errors import Invalid

CALENDAR = national_calendar()
MONDAY = date(2026, 3, 2)
FIVE = Limit.parse("5WD")


def at(day: int, hour: int = 10) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=SHANGHAI)


def due(*pauses: Pause, limit: Limit = FIVE) -> Deadline:
    return deadline(MONDAY, limit, CALENDAR, pauses)


def test_the_day_a_pause_begins_counts_and_the_day_it_ends_does_not() -> None:
    """Acceptance scenario 4: asked on day 2 of 5 (4 March), answered 7 working days later (13 March), 3 days remain."""
    assert due(Pause(at(4), at(13))).counted == tuple(date(2026, 3, day) for day in (3, 4, 16, 17, 18))


def test_a_pause_within_one_day_excludes_nothing() -> None:
    assert due(Pause(at(4, 9), at(4, 16))) == due()


def test_overlapping_pauses_count_once() -> None:
    assert due(Pause(at(4), at(6)), Pause(at(5), at(9))) == due(Pause(at(4), at(9)))


def test_pauses_that_touch_on_one_day_are_one() -> None:
    assert due(Pause(at(4), at(6, 9)), Pause(at(6, 14), at(9))).counted == due(Pause(at(4), at(9))).counted


def test_there_is_no_deadline_while_a_pause_is_open() -> None:
    held = due(Pause(at(4)))
    assert (held.at, held.last_day, held.provisional) == (None, None, False)
    assert held.counted == (date(2026, 3, 3), date(2026, 3, 4))


def test_a_pause_from_before_the_start_holds_the_first_days() -> None:
    assert due(Pause(datetime(2026, 2, 27, 10, tzinfo=SHANGHAI), at(4))).counted[0] == date(2026, 3, 5)


def test_a_pause_that_begins_after_the_deadline_does_not_revive_it() -> None:
    assert due(Pause(at(10), at(20))) == due()
    assert due(Pause(at(10))).at == due().at


def test_a_limit_paused_on_its_last_day_ends_the_day_the_pause_ends() -> None:
    """Start + (limit + excluded) working days: 5 + 3 excluded (10 to 12 March) after 2 March is 12 March."""
    assert due(Pause(at(9), at(12))).last_day == date(2026, 3, 12)
    assert due(Pause(at(9))).at is None


def test_a_limit_paused_on_its_last_day_never_ends_before_the_pause() -> None:
    """Resumed on Saturday 14 March: the next working day, as 民法典 art. 203 has it for a last day off."""
    assert due(Pause(at(9), at(14))).last_day == date(2026, 3, 16)


def test_a_limit_moved_by_one_pause_can_be_held_by_the_next() -> None:
    assert due(Pause(at(9), at(12)), Pause(at(12, 15), at(17))).last_day == date(2026, 3, 17)


def test_a_pause_over_the_close_of_business_moves_a_limit_that_ends_there() -> None:
    office = Calendar(CALENDAR.days, CALENDAR.published_years, ends_at_close=True)
    assert deadline(MONDAY, FIVE, office, [Pause(at(9, 16), at(9, 18))]).last_day == date(2026, 3, 10)
    assert deadline(MONDAY, FIVE, office, [Pause(at(9, 18), at(12))]).last_day == date(2026, 3, 9)


def test_natural_days_stand_still_too_and_the_roll_ends_after_the_pause() -> None:
    five = Limit.parse("5ND")
    assert due(Pause(at(4), at(6)), limit=five).last_day == date(2026, 3, 9)
    assert due(Pause(at(7), at(11)), limit=five).last_day == date(2026, 3, 11)


def test_the_hour_of_a_pause_is_read_in_the_zone_of_the_calendar() -> None:
    early = datetime.fromisoformat("2026-03-04T23:30:00+00:00")
    assert due(Pause(early, at(9))).counted == due(Pause(at(5), at(9))).counted


def test_a_pause_cannot_end_before_it_begins() -> None:
    with pytest.raises(Invalid):
        Pause(at(5), at(4))


def test_a_pause_without_a_zone_is_a_fault_of_the_caller() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        Pause(datetime(2026, 3, 4))


def test_a_union_swallows_what_an_open_pause_covers() -> None:
    assert union([Pause(at(6), at(8)), Pause(at(4)), Pause(at(2), at(3))]) == (Pause(at(2), at(3)), Pause(at(4)))


def test_what_was_known_at_an_instant() -> None:
    pauses = [Pause(at(3), at(4)), Pause(at(5), at(9)), Pause(at(10), at(11))]
    assert known_at(pauses, at(6)) == (Pause(at(3), at(4)), Pause(at(5)))


def test_a_pause_that_ends_at_the_stroke_of_the_deadline_moves_it() -> None:
    """The deadline is 10 March 00:00; the pause ends on 10 March, so on that day the limit ends."""
    assert due(Pause(at(9, 16), at(10, 0))).last_day == date(2026, 3, 10)


def test_a_pause_that_ends_at_the_stroke_of_the_close_leaves_the_next_working_day() -> None:
    office = Calendar(CALENDAR.days, CALENDAR.published_years, ends_at_close=True)
    assert deadline(MONDAY, FIVE, office, [Pause(at(9, 16), at(10, 17))]).last_day == date(2026, 3, 11)


def test_a_pause_that_begins_at_the_stroke_of_the_deadline_is_too_late() -> None:
    assert due(Pause(at(10, 0))) == due()


def test_pauses_that_touch_are_one() -> None:
    assert union([Pause(at(4), at(5)), Pause(at(3), at(4))]) == (Pause(at(3), at(5)),)


def test_a_pause_is_known_from_its_first_instant_and_its_end_at_its_last() -> None:
    pause = Pause(at(5), at(9))
    assert known_at([pause], at(5)) == (Pause(at(5)),)
    assert known_at([pause], at(9)) == (pause,)
