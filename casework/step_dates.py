"""The dates that a step's form may name: property `dates`, such as `hearing_on >= today + hearing_notice`.

A field is held against a day and a limit of the item: no earlier, or no later, than its last day. So that a hearing is
announced seven days before and held within twenty (行政许可法 arts. 47, 48), and others likewise.
"""

from collections.abc import Mapping
from datetime import date

from casework import calendars, items
from casework.date_rules import TODAY, DateRule, read
from casework.tables import Case
from casework.workdays import Calendar, Limit, deadline
from engine.errors import ExpressionFailed, Fault, Sentence
from engine.tables import UserTask
from engine.transaction import Transaction


def faults(tx: Transaction, task: UserTask, said: str, values: Mapping[str, object]) -> list[Fault]:
    """What is wrong with the dates handed in on a step; a field that is left empty is the form's own business."""
    case = tx.session.get(Case, task.root_id) if said else None
    if case is None:
        return []
    limits, calendar = items.document(tx, case.item_id).limits, calendars.calendar_of(tx, case.region)
    found = []
    for rule in filter(None, read(said)):
        if rule.limit not in limits:
            raise ExpressionFailed(_no_limit(rule), element_id=task.activity_id)
        named, base = _day(values.get(rule.field)), _day(values.get(rule.base))
        base = items.local_day(tx) if rule.base == TODAY else base
        if named is not None and base is not None:
            found += _wrong(rule, named, _last_day(base, limits[rule.limit], calendar), limits[rule.limit])
    return found


def _wrong(rule: DateRule, named: date, last: date, limit: Limit) -> list[Fault]:
    if named < last if rule.is_earliest else named > last:
        return [Fault(_sentence(rule, last, limit), rule.field)]
    return []


def _sentence(rule: DateRule, last: date, limit: Limit) -> Sentence:
    if rule.is_earliest:
        return Sentence(
            f"日期不得早于 {last}：须提前 {limit.text.zh}通知。",
            f"The date must not be before {last}: {limit.text.en} of notice are due.",
        )
    return Sentence(
        f"日期不得晚于 {last}：限期 {limit.text.zh}。", f"The date must not be after {last}: {limit.text.en} are given."
    )


def _day(said: object) -> date | None:
    """A day as forms give it; a time of day is left away."""
    try:
        return date.fromisoformat(said[:10]) if isinstance(said, str) else None
    except ValueError:
        return None


def _last_day(base: date, limit: Limit, calendar: Calendar) -> date:
    last = deadline(base, limit, calendar).last_day
    return base if last is None else last


def _no_limit(rule: DateRule) -> Sentence:
    return Sentence(
        f"事项没有名为“{rule.limit}”的时限，属性 dates 引用了它。",
        f"The item has no limit named “{rule.limit}”, which property dates names.",
    )
