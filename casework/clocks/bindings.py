"""The names by which diagrams and evidence mean a clock: `case/promised`, `department:taxation/promised` …"""

from collections.abc import Mapping
from datetime import datetime

from casework.bindable_clocks import PROMISED, STATUTORY
from casework.tables import Clock, ClockKind

WHOLE_RECEIPT = "receipt/"
RECEIPT_BY_LAW = f"{WHOLE_RECEIPT}{STATUTORY}"
_OF_THE_CASE: Mapping[ClockKind, str] = {ClockKind.PROMISED: PROMISED, ClockKind.STATUTORY: STATUTORY}
_BY_SUBJECT: Mapping[ClockKind, str] = {ClockKind.DEPARTMENT: "department", ClockKind.TASK: "task"}


def label(kind: ClockKind, subject: str = "") -> str:
    """A clock as evidence names it: `case/statutory`, `department:taxation`, `receipt`."""
    if kind in _OF_THE_CASE:
        return f"case/{_OF_THE_CASE[kind]}"
    return f"{_BY_SUBJECT[kind]}:{subject}" if kind in _BY_SUBJECT else kind.lower()


def names(kind: ClockKind, subject: str = "") -> list[str]:
    """The names by which a timer may be bound to a clock: one of the case has one deadline, any other has two."""
    name = label(kind, subject)
    return [name] if kind in _OF_THE_CASE else [f"{name}/{PROMISED}", f"{name}/{STATUTORY}"]


def deadlines(clock: Clock) -> dict[str, datetime | None]:
    """Each name that a timer may be bound to, with the deadline it means."""
    return dict(zip(names(clock.kind, clock.subject), (clock.due_at, clock.statutory_due_at), strict=False))


def parse(binding: str) -> tuple[ClockKind, str, str] | None:
    """The clock that a binding names, and which of its deadlines; None when it is no binding."""
    name, _, which = binding.rpartition("/")
    if which not in (PROMISED, STATUTORY):
        return None
    if name == "case":
        return next((kind, "", PROMISED) for kind, word in _OF_THE_CASE.items() if word == which)
    word, _, subject = name.partition(":")
    kind = ClockKind.__members__.get(word.upper())
    if kind is None or kind in _OF_THE_CASE or bool(subject) is not (kind in _BY_SUBJECT) or word != word.lower():
        return None
    return kind, subject, which
