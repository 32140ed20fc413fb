"""Which matters (专项) of an item take part in a case: a decision table over the application form.

Pure: knows rows and values, nothing of storage. Whoever asks gets the matters that take part, in the item's order. What
a DMN decision says of it is asked in `matter_decisions`.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from casework.workdays import Limit
from engine.errors import Fault, Sentence
from forms import Form

Test = Callable[[object], bool]

NUMERAL = r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?"
NUMBER = re.compile(r"\s*-?[0-9]{1,60}(?:\.[0-9]{1,60})?\s*")
COMPARISON = re.compile(rf"\s*(>=|<=|>|<)\s*({NUMERAL})\s*")
RANGE = re.compile(rf"\s*([\[(])\s*({NUMERAL})\s*\.\.\s*({NUMERAL})\s*([\])])\s*")
COMPARED: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    ">=": lambda value, bound: value >= bound,
    "<=": lambda value, bound: value <= bound,
    ">": lambda value, bound: value > bound,
    "<": lambda value, bound: value < bound,
    "[": lambda value, bound: value >= bound,
    "]": lambda value, bound: value <= bound,
    "(": lambda value, bound: value > bound,
    ")": lambda value, bound: value < bound,
}
"""Signs as DMN's unary tests write them (DMN 1.3, 10.3.1.2): a square bracket includes the bound, a round one not."""

UNREADABLE = Sentence(
    '应为允许值的列表，或比较，例如 ">= 1000"、"[1000..5000)"。',
    'Write a list of allowed values, or a comparison such as ">= 1000" or "[1000..5000)".',
)
MATTER, FEE = Sentence("专项", "matter"), Sentence("收费项目", "fee")
EMPTY_RANGE = Sentence("范围的下限大于上限。", "The range begins above its end.")


class Unreadable(ValueError):
    """A cell of the table that is neither a list of values nor a comparison."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(sentence.zh)


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing a department examines. It takes part when any of its rows holds; one without rows always does, or when
    the item's decision names it.

    A row maps fields of the application form to what their values must be; all of them have to hold.
    """

    code: str
    name: str
    name_en: str
    role: str
    limit: Limit | None
    rows: Sequence[Mapping[str, Test]]

    def takes_part(self, values: Mapping[str, object], named: Collection[str] | None = None) -> bool:
        """Whether the matter takes part in a case whose application has these values. `named` are the codes that the
        item's decision named, None where it has none."""
        if self.rows:
            return any_holds(self.rows, values)
        return named is None or self.code in named

    def as_variable(self) -> dict[str, str]:
        """What a diagram sees of it: `${matter.role}`, `${matter.name}` …"""
        return {"code": self.code, "name": self.name, "name_en": self.name_en, "role": self.role}


def read(said: Mapping[str, Any]) -> Matter:
    """A checked matter of an item's document."""
    return Matter(
        code=said["code"],
        name=said["name"],
        name_en=said["name_en"],
        role=said["role"],
        limit=Limit.parse(said["limit"]) if said["limit"] else None,
        rows=read_rows(said["when"]),
    )


def read_rows(said: Sequence[Mapping[str, object]]) -> Sequence[Mapping[str, Test]]:
    """The rows of a checked decision table."""
    return [{column: test_of(cell) for column, cell in row.items()} for row in said]


def start_variables(
    matters: Sequence[Matter], values: Mapping[str, object], named: Collection[str] | None = None
) -> dict[str, object]:
    """The variables `matters` and `participants` of a case: what takes part, and whose it is, each role once.

    None for an item that lists no matters.
    """
    if not matters:
        return {}
    taking_part = [matter for matter in matters if matter.takes_part(values, named)]
    return {
        "matters": [matter.as_variable() for matter in taking_part],
        "participants": list(dict.fromkeys(matter.role for matter in taking_part)),
    }


def unknown_columns(document: Mapping[str, Any], form: Form) -> Iterator[Fault]:
    """The columns of an item's tables that are no field of its application form; one in the rows of a list is none."""
    fields = {field.path for field in form.fields if "[" not in field.path}
    named = [(MATTER, matter) for matter in document["matters"]] + [(FEE, fee) for fee in document["fees"]]
    for what, said in named:
        for column in dict.fromkeys(column for row in said["when"] for column in row):
            if column not in fields:
                zh = f"{what.zh}“{said['code']}”的条件列“{column}”不是申请表“{form.id}”的字段。"
                en = f"Column “{column}” of {what.en} “{said['code']}” is no field of the application form “{form.id}”."
                yield Fault(Sentence(zh, en))


def test_of(cell: object) -> Test:
    """What a cell asks of a field's value. Raises Unreadable."""
    if isinstance(cell, list) and cell and all(isinstance(one, str | int | float) for one in cell):
        return _is_one_of(cell)
    if isinstance(cell, str) and (found := COMPARISON.fullmatch(cell)):
        return _is_within([(found[1], Decimal(found[2]))])
    if isinstance(cell, str) and (found := RANGE.fullmatch(cell)):
        return _is_within(_bounds(*found.groups()))
    raise Unreadable(UNREADABLE)


def _bounds(opening: str, lower: str, upper: str, closing: str) -> list[tuple[str, Decimal]]:
    if Decimal(lower) > Decimal(upper):
        raise Unreadable(EMPTY_RANGE)
    return [(opening, Decimal(lower)), (closing, Decimal(upper))]


def _is_one_of(allowed: Sequence[object]) -> Test:
    """A field of several choices holds when one of them is allowed. `true` is no 1."""
    known = {(isinstance(one, bool), one) for one in allowed}

    def holds(value: object) -> bool:
        chosen = value if isinstance(value, list) else [value]
        return any((isinstance(one, bool), one) in known for one in chosen if isinstance(one, str | int | float))

    return holds


def _is_within(bounds: Sequence[tuple[str, Decimal]]) -> Test:
    def holds(value: object) -> bool:
        amount = number(value)
        return amount is not None and all(COMPARED[sign](amount, bound) for sign, bound in bounds)

    return holds


def number(value: object) -> Decimal | None:
    """A number field's value, which a form may also hand in as text."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, str) and not NUMBER.fullmatch(value):
        return None
    read_as = Decimal(str(value))
    return read_as if read_as.is_finite() else None


def any_holds(rows: Sequence[Mapping[str, Test]], values: Mapping[str, object]) -> bool:
    """Whether some row holds: each of its columns does."""
    return any(all(test(value_at(values, column)) for column, test in row.items()) for row in rows)


def value_at(values: Mapping[str, object], column: str) -> object:
    """The value of a field by its path (`site.area`); null where the form was left empty."""
    found: object = values
    for key in column.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found
