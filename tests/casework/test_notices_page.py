"""docs/notices.md says what the program does: its tables are the program's."""

import re
from pathlib import Path

import lianban
from casework.feed import CHANGE_KINDS, ChangeKind
from casework.notices import NOTICE_KINDS, NoticeKind
from casework.notices.texts import TOLD
from cli import senders

PAGE = (Path(lianban.__file__).parent / "docs" / "notices.md").read_text()


def rows_of(first_header: str, place: int) -> list[list[str]]:
    """The rows of the page's table so headed, the first of them or a later one."""
    tables = re.findall(rf"^\| {first_header} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    return [[cell.strip().strip("`") for cell in row.strip("|").split("|")] for row in tables[place].splitlines()]


def test_every_kind_of_notice_is_on_the_page_with_its_name() -> None:
    assert {row[0]: row[1] for row in rows_of("kind", 0)} == {
        kind.value: sentence.zh for kind, sentence in NOTICE_KINDS.items()
    }
    assert set(NOTICE_KINDS) == set(NoticeKind)


def test_the_page_says_whom_a_notice_is_for() -> None:
    receivers = {row[0]: row[2].split(" ")[0].upper() for row in rows_of("kind", 0)}

    assert {kind.value: receivers[kind] for kind in TOLD} == {kind.value: told.to.value for kind, told in TOLD.items()}


def test_every_kind_of_change_is_on_the_page_with_its_name() -> None:
    assert {row[0]: row[1] for row in rows_of("kind", 1)} == {
        kind.value: sentence.zh for kind, sentence in CHANGE_KINDS.items()
    }
    assert set(CHANGE_KINDS) == set(ChangeKind)


def test_every_setting_is_on_the_page() -> None:
    settings = {value for name, value in vars(senders).items() if name.isupper() and str(value).startswith("LIANBAN_")}

    assert {row[0] for row in rows_of("setting", 0)} == settings


def test_every_notice_says_the_same_facts_in_both_languages() -> None:
    for told in TOLD.values():
        for sentence in (told.text, *told.more.values()):
            assert set(re.findall(r"{\w+}", sentence.zh)) == set(re.findall(r"{\w+}", sentence.en))
