"""How much of a limit is used and how much the inbox says is left."""

from datetime import date, datetime

import pytest

from casework.published_calendars import national_calendar
from casework.workdays import SHANGHAI, Limit, Pause, Unit, Usage, deadline, remaining, used

CALENDAR = national_calendar()


def at(day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


def usage(now: datetime, limit: str = "5WD", *pauses: Pause, start: datetime | None = None) -> Usage:
    return used(start or at(2, 10), now, Limit.parse(limit), CALENDAR, pauses)


@pytest.mark.parametrize(
    ("now", "amount"),
    [
        pytest.param(at(2, 16), 0, id="the day of the start"),
        pytest.param(at(3, 8), 0, id="before the office opens"),
        pytest.param(at(3, 12, 30), 3 / 7, id="three of the seven office hours of a day"),
        pytest.param(at(3, 22), 1, id="after the close"),
        pytest.param(at(7, 12), 4, id="a Saturday"),
        pytest.param(at(9, 17), 5, id="the close of the last day"),
    ],
)
def test_used_days_are_counted_days_and_a_day_is_its_office_hours(now: datetime, amount: float) -> None:
    assert usage(now).amount == pytest.approx(amount)
    assert usage(now).share == pytest.approx(amount / 5)


def test_nine_of_ten_days_are_ninety_percent() -> None:
    """Acceptance scenario 11: start 2 March, the ninth working day is Friday 13 March."""
    assert usage(at(13, 17), "10WD").share == pytest.approx(0.9)
    assert usage(at(13, 16), "10WD").share < 0.9


def test_a_limit_is_late_at_its_deadline_not_at_a_hundred_percent() -> None:
    at_close, at_midnight = usage(at(9, 17)), usage(at(10, 0))
    assert (at_close.share, at_close.is_late) == (1.0, False)
    assert at_midnight.is_late


def test_natural_days_are_used_on_days_off_too() -> None:
    assert usage(at(8, 18), "10ND").amount == 6


def test_three_days_remain_after_a_pause_from_the_second_day() -> None:
    """Acceptance scenario 4: asked on 4 March, answered on 13 March."""
    after = usage(at(13), "5WD", Pause(at(4, 10), at(13, 11)))
    assert (after.amount, after.remaining.amount) == (2, 3)


def test_a_paused_limit_says_so_and_keeps_what_is_left() -> None:
    during = usage(at(11), "5WD", Pause(at(4, 10)))
    assert (during.amount, during.deadline.at, during.is_late) == (2, None, False)
    assert during.remaining == (3, Unit.WD, ("暂停计时，剩余 3 个工作日", "standing still, 3 working days left"))


def test_what_is_asked_about_an_earlier_instant_knows_no_later_pause() -> None:
    pause = Pause(at(4, 10), at(13, 11))
    assert usage(at(4, 9), "5WD", pause) == usage(at(4, 9), "5WD")
    assert usage(at(11), "5WD", pause) == usage(at(11), "5WD", Pause(at(4, 10)))


@pytest.mark.parametrize(
    ("now", "amount", "zh", "en"),
    [
        (at(2), 5, "剩余 5 个工作日", "5 working days left"),
        (at(3), 4, "剩余 4 个工作日", "4 working days left"),
        (at(7), 1, "剩余 1 个工作日", "1 working day left"),
        (at(9, 23, 59), 0, "今日到期", "due today"),
        (at(10, 0), -1, "已超期 1 个工作日", "1 working day overdue"),
        (at(12), -3, "已超期 3 个工作日", "3 working days overdue"),
    ],
)
def test_remaining_working_days(now: datetime, amount: int, zh: str, en: str) -> None:
    assert usage(now).remaining == (amount, Unit.WD, (zh, en))


def test_a_limit_missed_on_friday_is_overdue_on_saturday() -> None:
    friday = deadline(at(2), Limit.parse("4WD"), CALENDAR).at
    assert friday is not None
    assert remaining(friday, at(7), Unit.WD, CALENDAR).amount == -1
    assert remaining(friday, at(9), Unit.WD, CALENDAR).amount == -1
    assert remaining(friday, at(10), Unit.WD, CALENDAR).amount == -2


def test_remaining_natural_days_reach_to_the_day_the_limit_really_ends() -> None:
    """Five natural days from 2 March end on Saturday 7, so on Monday 9."""
    assert usage(at(7), "5ND").remaining == (2, Unit.ND, ("剩余 2 个自然日", "2 natural days left"))
    assert usage(at(12), "5ND").remaining.amount == -3


@pytest.mark.parametrize(
    ("limit", "now", "amount", "zh", "en"),
    [
        ("3WH", at(6, 16, 50), 2, "剩余 2 小时 50 分钟办公时间", "2 h 50 min of office time left"),
        ("3WH", at(9, 10, 40), 1, "剩余 1 小时办公时间", "1 h of office time left"),
        ("3WH", at(9, 11, 20), 0, "剩余 20 分钟办公时间", "20 min of office time left"),
        ("3WH", at(9, 13, 10), -1, "已超期 30 分钟办公时间", "30 min of office time overdue"),
        ("1H", at(6, 17, 39), 0, "剩余 1 分钟", "1 min left"),
        ("1H", at(6, 17, 40), -1, "已超期 1 分钟以内", "less than a minute overdue"),
        ("1H", at(6, 19, 41), -3, "已超期 2 小时 1 分钟", "2 h 1 min overdue"),
    ],
)
def test_remaining_hours(limit: str, now: datetime, amount: int, zh: str, en: str) -> None:
    left = usage(now, limit, start=at(6, 16, 40)).remaining
    assert left == (amount, Limit.parse(limit).unit, (zh, en))


def test_used_office_hours_stand_still_at_night_and_in_a_pause() -> None:
    """Acceptance scenario 25: at the close 20 minutes are used."""
    assert usage(at(6, 22), "3WH", start=at(6, 16, 40)).amount == pytest.approx(1 / 3)
    held = usage(at(9, 15), "3WH", Pause(at(9, 9, 40)), start=at(6, 16, 40))
    assert held.amount == pytest.approx(1)
    assert held.remaining.text.zh == "暂停计时，剩余 2 小时办公时间"


def test_used_hours_go_on_past_the_limit() -> None:
    assert usage(at(9, 14), "3WH", start=at(6, 16, 40)).amount == pytest.approx(3 + 1 + 1 / 3)
    assert usage(at(10, 17), "5WD").share == pytest.approx(6 / 5)


def test_on_the_spot_is_used_up_only_when_it_is_late() -> None:
    assert usage(at(2, 16), "0WD").share == 0
    assert usage(at(3, 0), "0WD").share == 1


def test_an_extension_belongs_to_what_is_used() -> None:
    extended = used(at(2), at(9, 17), Limit.parse("5WD"), CALENDAR, extra=Limit.parse("5WD"))
    assert (extended.share, extended.deadline.last_day) == (0.5, date(2026, 3, 16))


def test_the_day_a_pause_begins_is_no_longer_left() -> None:
    assert usage(at(4, 12), "5WD", Pause(at(4, 10))).remaining.amount == 3
