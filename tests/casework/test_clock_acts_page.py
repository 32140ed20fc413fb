"""docs/clock-acts.md says who may do what to a clock, and for which reasons: its tables are the program's."""

import re
from pathlib import Path

import lianban
from casework.clock_reasons import OF_ACT, PROCEDURES
from casework.matrix import MATRIX
from casework.tables import Role

PAGE = (Path(lianban.__file__).parent / "docs" / "clock-acts.md").read_text()


def rows_under(heading: str) -> list[list[str]]:
    """The cells of a section's table, without its head."""
    section = PAGE.partition(f"\n## {heading}")[2].partition("\n## ")[0]
    rows = [row.strip("|").split("|") for row in section.splitlines() if row.startswith("| `")]
    return [[cell.strip() for cell in row] for row in rows]


def words(cell: str) -> set[str]:
    return set(re.findall(r"`([\w.-]+)`", cell))


def test_the_page_says_which_role_may_do_which_act() -> None:
    said = {row[0].strip("`"): words(row[2]) for row in rows_under("Who may do what")}

    assert said == {act: set(rule.roles) for act, rule in MATRIX.items() if act.startswith("clocks.")}


def test_supervisors_may_do_none_of_them() -> None:
    assert [act for act, rule in MATRIX.items() if act.startswith("clocks.") and Role.SUPERVISOR in rule.roles] == []


def test_the_page_lists_every_reason_with_its_words() -> None:
    said = [(words(row[0]).pop(), words(row[1]).pop(), row[2], row[3]) for row in rows_under("Reasons")]

    listed = [
        (act.value, code, one.name.zh, one.name.en) for act, reasons in OF_ACT.items() for code, one in reasons.items()
    ]
    assert said == listed


def test_the_kinds_of_article_45_hold_against_the_law_and_no_other() -> None:
    by_law = {code for code, kind in PROCEDURES.items() if kind.is_by_law}

    assert by_law == {
        "hearing", "tender", "auction", "inspection", "testing", "quarantine", "appraisal", "expert-review"
    }  # fmt: skip
    assert all("第四十五条" in (PROCEDURES[code].basis or "") for code in by_law)
