"""docs/diagrams.md lists the properties and the acts of a step, and what a case's instance starts with."""

import re
from pathlib import Path

import pytest

from casework.meaning import Does, Name

PAGE = (Path(__file__).parents[2] / "docs" / "diagrams.md").read_text()


def first_cells(heading: str) -> set[str]:
    """The words in the first column of the table under a heading."""
    section = PAGE.partition(f"\n## {heading}")[2].partition("\n## ")[0]
    rows = [row.split("|")[1] for row in section.splitlines() if row.startswith("| ")]
    return set(re.findall(r"`([\w-]+)`", " ".join(rows)))


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("Properties", set(Name)),
        ("Acts", set(Does)),
        (
            "Start variables",
            {
                "case_number",
                "item",
                "applicant_name",
                "submitted_by",
                "matters",
                "participants",
                "rounds",
                "on_missed_deferral",
            },
        ),
    ],
    ids=["properties", "acts", "start variables"],
)
def test_the_page_lists_them_all_and_no_other(heading: str, words: set[str]) -> None:
    assert first_cells(heading) == words
