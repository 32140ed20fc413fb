"""The README's tables say what the code does, in both languages; its commands are those that exist."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.readme import CHINESE, ENGLISH, Row, commands, routes, verbs

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("page", [ENGLISH, CHINESE])
@pytest.mark.parametrize("table", [commands, verbs, routes])
def test_the_table_is_the_codes(page: str, table: Callable[[], Iterator[Row]]) -> None:
    written = (ROOT / page).read_text().splitlines()
    assert [row[page] for row in table() if f"| {' | '.join(row[page])} |" not in written] == []


@pytest.mark.parametrize("page", [ENGLISH, CHINESE])
def test_the_tables_have_no_row_that_the_code_has_not(page: str) -> None:
    told = [row[page][0] for table in (commands, verbs, routes) for row in table()]
    written = [line.split(" | ")[0][2:] for line in (ROOT / page).read_text().splitlines() if line.startswith("| `")]
    assert sorted(written) == sorted(told)
