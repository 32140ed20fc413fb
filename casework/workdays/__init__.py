"""The calendar arithmetic of the law (期限计算): when a limit ends, how much of it is used. Pure: no storage, no
present time, no case; the rule and its sources are in docs/working-days.md."""

from casework.workdays.calendars import DECIDED_BY_NEXT_YEAR, SHANGHAI, Calendar, DayRule, OfficeHours, Reason
from casework.workdays.deadlines import Deadline, Skipped, deadline
from casework.workdays.limits import Limit, Unit
from casework.workdays.moments import Course, course
from casework.workdays.pauses import LONGEST as LONGEST_PAUSE
from casework.workdays.pauses import Pause, known_at, union
from casework.workdays.usage import Remaining, Usage, remaining, used

__all__ = [
    "DECIDED_BY_NEXT_YEAR",
    "LONGEST_PAUSE",
    "SHANGHAI",
    "Calendar",
    "Course",
    "DayRule",
    "Deadline",
    "Limit",
    "OfficeHours",
    "Pause",
    "Reason",
    "Remaining",
    "Skipped",
    "Unit",
    "Usage",
    "course",
    "deadline",
    "known_at",
    "remaining",
    "union",
    "used",
]
