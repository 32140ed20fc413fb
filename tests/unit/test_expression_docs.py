"""docs/expressions.md names every function and method of the dialect, and no other."""

import re
from pathlib import Path

from casework.clocks import FUNCTION_NAMES
from engine.expressions.instants import PRESENT
from engine.expressions.methods import FUNCTIONS, METHODS

PAGE = (Path(__file__).parents[2] / "docs" / "expressions.md").read_text()


def test_the_page_lists_the_functions() -> None:
    rows = [row.split("|")[1] for row in PAGE.splitlines() if row.startswith("| `")]
    assert set(re.findall(r"`(\w+)\(", "".join(rows))) == FUNCTIONS.keys() | FUNCTION_NAMES | set(PRESENT)


def test_the_page_lists_the_methods() -> None:
    [paragraph] = re.findall(r"Methods of values.*?:(.*?)\n\n", PAGE, re.DOTALL)
    assert set(re.findall(r"`(\w+)`", paragraph)) == METHODS.keys()
