"""A notice for 2027 that tests invent, in the words of the known list: lawful, with a Monday off after New Year that a
Sunday of the December before is worked for, and one made-up working day at the Spring Festival."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

SOURCE = "国务院办公厅关于2027年部分节假日安排的通知"
NUMBER = "国办发明电〔2026〕7号"
STRETCHES = {
    "元旦": (date(2027, 1, 1), date(2027, 1, 4)),
    "春节": (date(2027, 2, 5), date(2027, 2, 11)),
    "清明节": (date(2027, 4, 3), date(2027, 4, 5)),
    "劳动节": (date(2027, 5, 1), date(2027, 5, 5)),
    "端午节": (date(2027, 6, 9), date(2027, 6, 9)),
    "中秋节": (date(2027, 9, 15), date(2027, 9, 15)),
    "国庆节": (date(2027, 10, 1), date(2027, 10, 7)),
}
WORKED = {date(2026, 12, 27): "元旦", date(2027, 2, 20): "春节", date(2027, 5, 8): "劳动节"}

Day = dict[str, Any]


def days() -> list[Day]:
    """The list."""
    off = [(day, name, True) for name, (first, last) in STRETCHES.items() for day in _between(first, last)]
    worked = [(day, name, False) for day, name in WORKED.items()]
    return [{"date": day.isoformat(), "name": name, "isOffDay": is_off} for day, name, is_off in sorted(off + worked)]


def file(**changes: Any) -> dict[str, Any]:
    """The list, wrapped as its file is."""
    return {"year": 2027, "papers": [], "days": days(), "document": NUMBER} | changes


def without(*gone: str) -> list[Day]:
    """The list without these days."""
    return [day for day in days() if day["date"] not in gone]


def _between(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)
