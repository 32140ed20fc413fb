"""The marshmallow field of the datetime component: a date, a time of day, or both, written as form-js writes them."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from forms.checking import CHECKING, problem, wrong_type
from forms.errors import Bilingual
from forms.inputs import Input

_BEIJING = timezone(timedelta(hours=8))

_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]"
_ZONES = {"utc_offset": r"[+-]([01][0-9]|2[0-3]):[0-5][0-9]", "utc_normalized": "Z", "no_timezone": ""}
_EXAMPLE_ZONES = {"utc_offset": "+08:00", "utc_normalized": "Z", "no_timezone": ""}


@dataclass(frozen=True, slots=True)
class Notation:
    """How one datetime component writes its value: subtype and timeSerializingFormat."""

    subtype: str = "date"
    zone: str = "no_timezone"

    @property
    def pattern(self) -> re.Pattern[str]:
        zone = _ZONES[self.zone]
        forms = {"date": _DATE, "time": _TIME + zone, "datetime": f"{_DATE}T{_TIME}{zone}"}
        return re.compile(forms[self.subtype])

    @property
    def expected(self) -> Bilingual:
        zone = _EXAMPLE_ZONES[self.zone]
        examples = {"date": "2026-01-31", "time": f"08:00{zone}", "datetime": f"2026-01-31T08:00{zone}"}
        example = examples[self.subtype]
        return Bilingual(f"形如 {example} 的日期或时间", f"a date or time written like {example}")


class Moment(Input):
    """datetime. `step`: minutes between the times on offer. `is_future_only`: disallowPassedDates."""

    blanks = ("",)

    def __init__(
        self, notation: Notation, *, step: int = 1, is_future_only: bool = False, is_required: bool = False
    ) -> None:
        super().__init__(is_required=is_required, rules=[self._keeps_step, self._is_not_passed])
        self.notation = notation
        self.pattern = notation.pattern
        self.step = step
        self.is_future_only = is_future_only

    def read(self, value: object) -> object:
        if not isinstance(value, str) or not self.pattern.fullmatch(value):
            raise wrong_type(self.notation.expected)
        if self.notation.subtype != "time":
            try:
                datetime.fromisoformat(value)
            except ValueError:
                raise wrong_type(self.notation.expected) from None
        return value

    def _keeps_step(self, value: object) -> None:
        if self.notation.subtype == "date":
            return
        hours, minutes = str(value).rpartition("T")[2][:5].split(":")
        if (int(hours) * 60 + int(minutes)) % self.step:
            raise problem("time-step", step=self.step)

    def _is_not_passed(self, value: object) -> None:
        today = CHECKING.get().today
        if self.is_future_only and today and _day_in_china(str(value)) < today:
            raise problem("date-passed")


def _day_in_china(value: str) -> date:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        return moment.date()
    try:
        return moment.astimezone(_BEIJING).date()
    except OverflowError:  # the first or last day of the calendar
        return moment.date()
