"""Calendars come in from the command line, with what would move told before and what moved told after."""

import json
from pathlib import Path

import pytest

from tests import notice_of_2027
from tests.cli.terminal import done, refused
from tests.served import Served

NOTHING = "0 open deadlines, 0 moved, 0 no longer provisional, 0 passed by the change alone."


@pytest.fixture
def notice(tmp_path: Path) -> str:
    """The bare list, as it is passed around."""
    path = tmp_path / "2027.json"
    path.write_text(json.dumps(notice_of_2027.days(), ensure_ascii=False))
    return str(path)


def test_a_year_is_tried_brought_in_and_shown(staffed_url: str, served: Served, notice: str) -> None:
    assert done(staffed_url, "calendars", "import", notice, "--dry-run") == f"It would be: {NOTHING}"
    assert "2027 is not published" in done(staffed_url, "calendars", "show", "2027")

    said = done(staffed_url, "calendars", "import", notice, "--document", notice_of_2027.NUMBER)

    assert said.endswith(NOTHING)
    shown = done(staffed_url, "calendars", "show", "2027")
    assert "2026-12-27 元旦 worked" in shown
    assert shown.endswith("2027 is published.")
    assert served.person("admin").json("/calendars/000000/2027")["document"] == notice_of_2027.NUMBER


def test_a_wrong_file_is_told_whole_and_nothing_is_stored(staffed_url: str, served: Served, tmp_path: Path) -> None:
    path = tmp_path / "wrong.json"
    path.write_text(json.dumps(notice_of_2027.without("2027-01-01", "2027-05-01"), ensure_ascii=False))

    said = refused(staffed_url, "calendars", "import", str(path))

    assert said.count("is a statutory holiday") == 2
    assert served.person("admin").json("/calendars/000000/2027")["published"] is False


@pytest.mark.parametrize("content", [b"", b"\xff", b"[", b"[" * 100_000, b'{"days": 7}', b" " * 300_000])
def test_what_is_no_list_is_refused_in_a_sentence(sqlite_url: str, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "wrong.json"
    path.write_bytes(content)

    assert refused(sqlite_url, "calendars", "import", str(path))


def test_an_office_says_where_its_day_ends(staffed_url: str, served: Served) -> None:
    done(staffed_url, "departments", "change", "bank", "--ends-at-close", "--late-receipt-next-day")

    shown = served.person("admin").json("/departments/bank")
    assert (shown["ends_at_close"], shown["defers_late_receipt"]) == (True, True)
    done(staffed_url, "departments", "change", "bank", "--ends-at-midnight")
    assert served.person("admin").json("/departments/bank")["ends_at_close"] is False
