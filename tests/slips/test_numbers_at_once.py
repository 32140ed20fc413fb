"""Slips issued at the same moment: every number is given once, and none is left out."""

from concurrent.futures import ThreadPoolExecutor

from casework.slips import SlipKind
from tests.slips.conftest import Issuer, Submits


def test_numbers_issued_at_once_have_neither_gaps_nor_doubles(issues: Issuer, counter: Submits) -> None:
    numbers = [counter() for _ in range(4)]

    with ThreadPoolExecutor(len(numbers)) as desks:
        issued = list(desks.map(lambda number: issues(number, SlipKind.DECLINE), numbers * 4))

    assert sorted(slip.number for slip in issued) == [f"000000BSL20260302{place:06}" for place in range(1, 17)]
