"""What a time limit (时限规定) says: an amount and what it counts. Knows no calendar."""

import re
from dataclasses import dataclass
from enum import StrEnum

from engine.errors import Invalid, Sentence


class Unit(StrEnum):
    """What a limit counts. Each limit has its own: one law mixes working and natural days (行政复议法 art. 88)."""

    WD = "WD"
    """Working days 工作日, without statutory holidays (行政许可法 art. 82)."""
    ND = "ND"
    """Natural days 自然日, consecutive; a last day off moves to the next working day (民法典 art. 203)."""
    WH = "WH"
    """Office hours: time counts only while the office is open."""
    H = "H"
    """Hours round the clock, from the instant of the start (民法典 art. 201)."""

    @property
    def counts_days(self) -> bool:
        return self in (Unit.WD, Unit.ND)

    def phrase(self, amount: int) -> Sentence:
        """The amount with its unit, as a person says it."""
        zh, one, many = _WORDS[self]
        return Sentence(f"{amount} {zh}", f"{amount} {one if amount == 1 else many}")


_WORDS = {
    Unit.WD: ("个工作日", "working day", "working days"),
    Unit.ND: ("个自然日", "natural day", "natural days"),
    Unit.WH: ("个办公小时", "office hour", "office hours"),
    Unit.H: ("小时", "hour", "hours"),
}
_MOST = 9999
_WRITTEN = re.compile(r"([0-9]{1,4})(WD|ND|WH|H)")
_WRONG_AMOUNT = Sentence(
    f"时限的天数应为 0 至 {_MOST}，小时数应为 1 至 {_MOST}。",
    f"A limit has 0 to {_MOST} days, or 1 to {_MOST} hours.",
)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many units. 0 days is an item done on the spot (即办件): due the day it is received."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        least = 0 if self.unit.counts_days else 1
        if not least <= self.amount <= _MOST:
            raise Invalid(_WRONG_AMOUNT)

    @classmethod
    def parse(cls, text: str) -> "Limit":
        """Reads what `str` writes: "5WD", "60ND", "3WH", "24H". Raises Invalid."""
        written = _WRITTEN.fullmatch(text)
        if written is None:
            raise Invalid(
                Sentence(
                    f"无法识别时限“{text[:20]}”。请写成 5WD（工作日）、60ND（自然日）、3WH（办公小时）或 24H（小时）。",
                    f'"{text[:20]}" is no limit. Write 5WD (working days), 60ND (natural days), '
                    "3WH (office hours) or 24H (hours).",
                )
            )
        return cls(int(written[1]), Unit(written[2]))

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"

    def __add__(self, extra: "Limit") -> "Limit":
        """The limit after an extension (延期), which the law grants in the unit of the limit itself."""
        if extra.unit is not self.unit:
            raise Invalid(
                Sentence(
                    f"延期的单位应与原时限相同：原时限为 {self.text.zh}，延期为 {extra.text.zh}。",
                    f"An extension has its limit's unit: the limit is {self.text.en}, the extension {extra.text.en}.",
                )
            )
        return Limit(self.amount + extra.amount, self.unit)

    @property
    def text(self) -> Sentence:
        return self.unit.phrase(self.amount)
