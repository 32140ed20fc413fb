"""What an item charges, and how an amount is divided: whole fen that add up, whatever the shares are."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import tariff
from casework.tariff import Uncountable

SHELTER: dict[str, object] = {
    "code": "shelter",
    "name": "易地建设费",
    "name_en": "Shelter elsewhere",
    "role": "civil-defence",
    "amount": "1600.00",
    "per": "shelter.area",
    "basis": "人民防空法第二十二条",
    "when": [{"use": ["residential"]}],
    "shares": [{"account": "省", "percent": 10}, {"account": "县", "percent": 90}],
}
LICENCE: dict[str, object] = SHELTER | {"code": "licence", "amount": "40.05", "per": None, "when": []}


@st.composite
def percents(draw: st.DrawFn) -> list[int]:
    """Whole percentages that add up to a hundred."""
    cuts = sorted(draw(st.sets(st.integers(1, 99), max_size=19)))
    return [end - begin for begin, end in zip([0, *cuts], [*cuts, 100], strict=True)]


@given(st.integers(0, 10**15), percents())
def test_the_parts_add_up_and_each_is_less_than_a_fen_off(amount: int, shares: list[int]) -> None:
    parts = tariff.divided(amount, shares)

    assert sum(parts) == amount
    assert all(abs(100 * part - amount * share) < 100 for part, share in zip(parts, shares, strict=True))


@pytest.mark.parametrize(
    ("amount", "shares", "parts"),
    [
        (1481477, [10, 30, 60], [148148, 444443, 888886]),
        (100, [33, 33, 34], [33, 33, 34]),
        (1, [50, 50], [1, 0]),
        (3, [25, 25, 25, 25], [1, 1, 1, 0]),
        (2, [20, 40, 40], [0, 1, 1]),
    ],
    ids=["greatest remainder", "even", "one fen for two", "three fen for four", "small shares go without"],
)
def test_fen_left_over_go_to_the_greatest_remainders_then_to_whom_is_named_first(
    amount: int, shares: list[int], parts: list[int]
) -> None:
    assert tariff.divided(amount, shares) == parts


def test_a_fee_is_charged_when_a_row_of_its_table_holds() -> None:
    fees = [tariff.read(SHELTER), tariff.read(LICENCE)]

    charged = tariff.charges(fees, {"use": "school", "shelter": {"area": 10}})

    assert [(one.fee.code, one.amount) for one in charged] == [("licence", 4005)]


@pytest.mark.parametrize(
    ("area", "amount"),
    [(333.33, 53332800), ("0.00001", 2), ("0.000003125", 1), ("0.000003", 0), (1e6, 160000000000)],
    ids=["number", "text", "half a fen is one", "less is none", "large"],
)
def test_a_quantity_is_charged_to_the_fen(area: object, amount: int) -> None:
    charged = tariff.charges([tariff.read(SHELTER)], {"use": "residential", "shelter": {"area": area}})

    assert sum(one.amount for one in charged) == amount
    assert sum(part for one in charged for _, part in one.shares) == amount


def test_nothing_is_charged_for_nothing() -> None:
    assert tariff.charges([tariff.read(SHELTER)], {"use": "residential", "shelter": {"area": 0}}) == []


@pytest.mark.parametrize("area", [None, "viel", -1, True, float("inf")])
def test_an_amount_that_cannot_be_counted_is_never_guessed(area: object) -> None:
    with pytest.raises(Uncountable) as refused:
        tariff.charges([tariff.read(SHELTER)], {"use": "residential", "shelter": {"area": area}})

    assert "shelter.area" in refused.value.sentence.zh


@given(st.decimals(min_value=0, max_value=10**11, places=2))
def test_yuan_are_read_as_they_are_written(amount: Decimal) -> None:
    assert tariff.yuan(tariff.fen(f"{amount:f}")) == f"{amount:f}"
