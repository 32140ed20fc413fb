"""What an item charges (收费): a tariff over a case's values; each amount is divided among accounts (分户划转).

Pure: knows amounts in fen and values, nothing of storage. An amount is whole fen or a Decimal, never a float.
行政许可法 arts. 58–59: only what a law allows, by the published standard; all of it goes to the treasury.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from casework import matters
from casework.matters import Test
from engine.errors import Sentence

FEN_A_YUAN = 100
WHOLE_PERCENT = 100


class Uncountable(ValueError):
    """A fee by quantity whose quantity the case does not say."""

    def __init__(self, fee: str, field: str) -> None:
        self.sentence = Sentence(
            f"无法计算“{fee}”：字段“{field}”没有数量。", f"“{fee}” cannot be counted: field “{field}” says no quantity."
        )
        super().__init__(self.sentence.zh)


@dataclass(frozen=True, slots=True)
class Account:
    """An account that gets a share of a fee, in whole percent."""

    name: str
    percent: int


@dataclass(frozen=True, slots=True)
class Fee:
    """One fee of an item. `rate` in fen: the amount itself, or where `per` names a field, that of one unit of it.

    It is charged when any of its rows holds, or when it has none. `role` is the department that levies it.
    """

    code: str
    name: str
    name_en: str
    role: str
    rate: int
    per: str | None
    basis: str
    rows: Sequence[Mapping[str, Test]]
    accounts: Sequence[Account]

    def is_charged(self, values: Mapping[str, object]) -> bool:
        """Whether a case with these values owes it."""
        return not self.rows or matters.any_holds(self.rows, values)

    def quantity(self, values: Mapping[str, object]) -> Decimal | None:
        """How many units are charged; None for a fee by the piece. Raises Uncountable."""
        if self.per is None:
            return None
        quantity = matters.number(matters.value_at(values, self.per))
        if quantity is None or quantity < 0:
            raise Uncountable(self.name, self.per)
        return quantity


@dataclass(frozen=True, slots=True)
class Charge:
    """One line of a bill: what is owed on account of a fee, and how it is divided; `shares` add up to `amount`."""

    fee: Fee
    quantity: Decimal | None
    amount: int
    shares: Sequence[tuple[str, int]]


def read(said: Mapping[str, Any]) -> Fee:
    """A checked fee of an item's document."""
    return Fee(
        code=said["code"],
        name=said["name"],
        name_en=said["name_en"],
        role=said["role"],
        rate=fen(said["amount"]),
        per=said["per"],
        basis=said["basis"],
        rows=matters.read_rows(said["when"]),
        accounts=[Account(one["account"], one["percent"]) for one in said["shares"]],
    )


def charges(fees: Sequence[Fee], values: Mapping[str, object]) -> list[Charge]:
    """What a case with these values owes, in the item's order; nothing is charged for nothing. Raises Uncountable."""
    charged = [_charge(fee, fee.quantity(values)) for fee in fees if fee.is_charged(values)]
    return [charge for charge in charged if charge.amount > 0]


def _charge(fee: Fee, quantity: Decimal | None) -> Charge:
    """Half a fen and more is a whole one."""
    amount = fee.rate if quantity is None else int((fee.rate * quantity).quantize(Decimal(1), ROUND_HALF_UP))
    parts = divided(amount, [account.percent for account in fee.accounts])
    return Charge(fee, quantity, amount, [(one.name, part) for one, part in zip(fee.accounts, parts, strict=True)])


def divided(amount: int, percents: Sequence[int]) -> list[int]:
    """An amount in whole parts that add up to it: each gets its percentage rounded down, and the fen left over go one
    by one to the greatest remainders, of equal ones to whom the item names first (最大余额法).

    `percents` add up to 100.
    """
    whole = [amount * percent // WHOLE_PERCENT for percent in percents]
    by_remainder = sorted(range(len(percents)), key=lambda place: -(amount * percents[place] % WHOLE_PERCENT))
    favoured = set(by_remainder[: amount - sum(whole)])
    return [part + (place in favoured) for place, part in enumerate(whole)]


def fen(yuan: str) -> int:
    """An amount in yuan with at most two decimals, in fen."""
    return int(Decimal(yuan) * FEN_A_YUAN)


def yuan(amount: int) -> str:
    """Fen as people read them: 1234.50."""
    return f"{Decimal(amount) / FEN_A_YUAN:.2f}"
