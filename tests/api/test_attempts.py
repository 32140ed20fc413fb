"""Guessing is stopped by what is guessed at and by where it comes from, and an office behind one address is not."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from api.attempts import Guesses
from api.errors import TooManyAttempts
from tests.world import World

LIMIT = 4


@pytest.fixture
def guesses(world: World) -> Guesses:
    return Guesses(lambda: world.now, limit=LIMIT)


def let_in(guesses: Guesses, thing: str, address: str) -> bool:
    """Whether another try is allowed; it fails."""
    try:
        guesses.check(thing, address)
    except TooManyAttempts:
        return False
    guesses.failed(thing, address)
    return True


def tries(guesses: Guesses, asked: Iterable[tuple[str, str]]) -> int:
    return sum(let_in(guesses, thing, address) for thing, address in asked)


def test_one_case_is_not_guessed_from_one_address(guesses: Guesses, world: World) -> None:
    assert tries(guesses, [("case", "here")] * 99) == LIMIT

    world.now += timedelta(minutes=16)
    assert let_in(guesses, "case", "here")


def test_one_case_is_not_guessed_from_many_addresses(guesses: Guesses) -> None:
    assert tries(guesses, (("case", f"address-{number}") for number in range(999))) == LIMIT * Guesses.OF_THING


def test_many_people_behind_one_address_do_not_shut_each_other_out(guesses: Guesses) -> None:
    assert tries(guesses, ((f"case-{number}", "office") for number in range(LIMIT * 10))) == LIMIT * 10
    assert tries(guesses, ((f"case-{number}", "office") for number in range(100, 9_999))) == LIMIT * 40


def test_a_right_guess_forgets_only_its_own_failures(guesses: Guesses) -> None:
    tries(guesses, [("case", "here")] * (LIMIT - 1))
    guesses.succeeded("case", "here")

    assert tries(guesses, [("case", "here")] * 99) == LIMIT
    assert tries(guesses, (("case", f"address-{number}") for number in range(999))) == LIMIT * 3 + 1
