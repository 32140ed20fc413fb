"""Timer definitions as Camunda 7 reads them: dates, durations, cycles and cron lines. Pure; reads no clock."""

from engine.timers.days import parse_days
from engine.timers.due import Due, check_literal, due_at, next_due
from engine.timers.faults import TimerFault
from engine.timers.periods import parse_duration

__all__ = ["Due", "TimerFault", "check_literal", "due_at", "next_due", "parse_days", "parse_duration"]
