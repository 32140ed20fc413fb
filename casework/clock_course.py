"""What became of the clocks, as lines of the course of a case (办理过程). What one act did to many clocks is one line.

The reasons of clocks are codes; what a person reads is the law and the paper.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from casework.clock_reasons import OF_ACT
from casework.course_entries import Entry
from casework.sight import Sight
from casework.tables import ClockKind
from casework.words import CLOCK_KINDS
from engine.errors import Sentence
from engine.tables import Act
from engine.transaction import Transaction


class Phrase(NamedTuple):
    """What is said of an act, with its deadline where that has one; it is not known while the clock stands still."""

    said: Sentence
    until: Sentence | None = None


UNTIL = Sentence("，至{until}", ", until {until}")
LATER = Sentence("，截止日期待恢复计算后确定", "; its end is known once it runs again")
PHRASES: Mapping[str, Phrase] = {
    "clock.started": Phrase(Sentence("{clock}开始计算", "the {clock} began to run"), UNTIL),
    "clock.paused": Phrase(Sentence("{clock}中止", "the {clock} was paused")),
    "clock.excluded": Phrase(Sentence("{clock}因特别程序停止计算", "the {clock} stands still for a special procedure")),
    "clock.extended": Phrase(Sentence("{clock}延长", "the {clock} was extended"), Sentence("至{until}", " to {until}")),
    "clock.restarted": Phrase(Sentence("{clock}重新计算", "the {clock} began anew"), UNTIL),
    "clock.reversed": Phrase(Sentence("{clock}的操作撤销", "an act on the {clock} was reversed"), UNTIL),
    "clock.resumed": Phrase(Sentence("{clock}恢复计算", "the {clock} runs on"), UNTIL),
    "clock.moved": Phrase(Sentence("{clock}调整", "the {clock} was moved"), Sentence("至{until}", " to {until}")),
    "clock.stopped": Phrase(Sentence("{clock}停止计算", "the {clock} was stopped")),
    "clock.voided": Phrase(Sentence("{clock}不再计算", "the {clock} no longer counts")),
}
ALWAYS = frozenset({"receipt", "case/promised", "correction", "deferral", "delivery"})
"""The clocks of which everything is told; of the others what persons did to them."""

BY_PERSONS = frozenset(code for reasons in OF_ACT.values() for code in reasons)
WIDEST = ("case/promised", "case/statutory", "department", "task")
KINDS: Mapping[str, ClockKind] = {
    "case/promised": ClockKind.PROMISED,
    "case/statutory": ClockKind.STATUTORY,
    **{kind.lower(): kind for kind in ClockKind if kind not in (ClockKind.PROMISED, ClockKind.STATUTORY)},
}


def told(acts: Iterable[Act], sight: Sight) -> set[int]:
    """The numbers of the acts that the course tells a reader of: where one act of a person concerned many clocks, what
    it did to the widest that it moved."""
    done: defaultdict[tuple[object, ...], list[Act]] = defaultdict(list)
    for act in acts:
        if act.kind in PHRASES and _is_open(act, sight):
            alone = None if act.reason in BY_PERSONS else act.seq
            done[act.kind, act.operation, act.reason, alone].append(act)
    return {min(group, key=_width).seq for group in done.values()}


def _is_open(act: Act, sight: Sight) -> bool:
    name, _, subject = (act.subject or "").partition(":")
    if name in ALWAYS:
        return True
    if act.reason not in BY_PERSONS:
        return False
    return name == "case/statutory" or (sight.is_official and sight.opinion_of(subject))


def _width(act: Act) -> tuple[bool, int]:
    """Those first whose deadline the act changed."""
    name = (act.subject or "").partition(":")[0]
    is_unmoved = act.old is not None and act.old == act.new
    return is_unmoved, WIDEST.index(name) if name in WIDEST else len(WIDEST)


def line(tx: Transaction, act: Act, sight: Sight) -> Entry:
    """The line of one act."""
    name, _, subject = (act.subject or "").partition(":")
    clock, phrase = CLOCK_KINDS[KINDS[name]], PHRASES[act.kind]
    tail = (phrase.until if act.new else LATER) if phrase.until else Sentence("", "")
    until = _last_second(tx, act.new)
    return Entry(
        at=act.at,
        kind=act.kind,
        text=Sentence(
            f"{phrase.said.zh}{tail.zh}".format(clock=clock.zh, until=until),
            f"{phrase.said.en}{tail.en}".format(clock=clock.en, until=until),
        ),
        who=act.actor if sight.person_of(subject or None) else None,
        department=subject if name == "department" else None,
        basis=act.basis,
        document=act.document,
    )


def _last_second(tx: Transaction, first_too_late: str | None) -> str:
    """A deadline as people read it, in the office's zone."""
    if first_too_late is None:
        return ""
    last = datetime.fromisoformat(first_too_late).astimezone(tx.ports.zone) - timedelta(seconds=1)
    return f"{last:%Y-%m-%d %H:%M}"
