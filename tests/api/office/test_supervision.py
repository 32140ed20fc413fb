"""The board counts what its lists hold, as JSON and as CSV; and every pause says who wanted it."""

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from api.tables import cell
from casework.clocks import Signal
from casework.published_calendars import national_calendar
from casework.supervision import pauses
from casework.tables import ClockPause
from tests.clocked import at
from tests.served import APPLICATION_FORM, REVIEW_FORM, Served, item, joint_approval
from tests.supervised import it_is, supervised

__all__ = ["supervised"]


@pytest.fixture
def number(supervised: Served) -> str:
    return supervised.opens(["taxation", "bank"]).accepted()


def board(served: Served) -> Any:
    return served.person("supervisor").json("/supervision/board")


def figures(shown: Any) -> list[Any]:
    """Every figure that stands anywhere in an answer."""
    if isinstance(shown, dict):
        return [shown] if "number" in shown else [one for value in shown.values() for one in figures(value)]
    return [one for value in shown for one in figures(value)] if isinstance(shown, list) else []


def lines(served: Served, address: str) -> list[list[str]]:
    answer = served.person("supervisor").get(address.removeprefix("/api"))
    assert answer.status_code == 200, answer.text
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))[1:]


@pytest.mark.parametrize("instant", ["2026-03-03 10:00", "2026-03-09 13:30", "2026-03-11 09:00"])
def test_every_figure_is_the_number_of_lines_of_the_list_it_names(
    supervised: Served, number: str, instant: str
) -> None:
    it_is(supervised, instant)
    found = figures(board(supervised))
    assert len(found) > 10
    for figure in found:
        rows = supervised.person("supervisor").json(figure["list"].removeprefix("/api"))["rows"]
        assert len(rows) == figure["number"] == len(lines(supervised, figure["csv"])), figure


def test_lights_are_live(supervised: Served, number: str) -> None:
    def taxation() -> Any:
        (row,) = (row for row in board(supervised)["rows"] if row["department"]["code"] == "taxation")
        return {light: row["tasks"][light]["number"] for light in ("open", "none", "yellow", "red")}

    assert taxation() == {"open": 1, "none": 1, "yellow": 0, "red": 0}
    supervised.world.now = supervised.world.now.replace(day=9, hour=8)
    assert taxation() == {"open": 1, "none": 0, "yellow": 1, "red": 0}
    supervised.world.now = supervised.world.now.replace(day=10)
    assert taxation() == {"open": 1, "none": 0, "yellow": 0, "red": 1}


EARLY = b"""
[[ladder]]
clock = "department"
used = 50
signal = "yellow"
recipients = ["holder"]
action = "notify"

[[ladder]]
clock = "department"
before = "1WD"
signal = "red"
recipients = ["head"]
action = "card"

[[ladder]]
clock = "promised"
before = "6WD"
signal = "yellow"
recipients = ["lead"]
action = "notify"
"""
"""Half of five working days from 2 March is the middle of 5 March; six working days before 16 March 6 March is over."""


@pytest.mark.parametrize(
    ("instant", "of_share", "of_case"),
    [
        ("2026-03-05 11:00", "none", "none"),
        ("2026-03-05 15:00", "yellow", "none"),
        ("2026-03-07 00:00", "yellow", "yellow"),
        ("2026-03-10 00:00", "red", "yellow"),
    ],
)
def test_lights_follow_the_ladder_of_the_item_wherever_they_are_shown(
    supervised: Served, instant: str, of_share: str, of_case: str
) -> None:
    supervised.deploy(
        approval_bpmn=joint_approval(["taxation"]),
        application_form=json.dumps(APPLICATION_FORM).encode(),
        review_form=json.dumps(REVIEW_FORM).encode(),
        item_toml=item(["taxation"]) + EARLY,
    )
    number = supervised.accepted()
    supervised.world.now = at(instant)

    officer = supervised.person("taxation")
    (row,) = officer.json("/inbox")["rows"]
    (mine,) = officer.json("/inbox/count")["departments"]
    (watched,) = board(supervised)["rows"]
    assert (row["signal"], row["case_deadline"]["signal"]) == (of_share, of_case)
    assert [mine["signals"][light] for light in ("none", "yellow", "red")] == [
        int(light == of_share) for light in ("none", "yellow", "red")
    ]
    assert watched["tasks"][of_share]["number"] == 1
    clocks = {one["kind"]: one["signal"] for one in supervised.person("lead").json(f"/cases/{number}/clocks")["rows"]}
    assert (clocks["DEPARTMENT"], clocks["PROMISED"]) == (of_share, of_case)


def test_a_confidential_case_is_in_no_figure_and_no_list(supervised: Served, number: str) -> None:
    it_is(supervised, "2026-03-11 09:00")
    secret = {"confidential": True, "reason": "涉密"}
    assert supervised.person("taxation-head").put(f"/cases/{number}/confidentiality", secret).status_code == 200
    assert {figure["number"] for figure in figures(board(supervised))} == {0}
    for path in ("/supervision/tasks", "/supervision/cards", "/supervision/pauses"):
        assert supervised.person("supervisor").json(path)["rows"] == []
        assert lines(supervised, f"/api{path}?format=csv") == []


@pytest.mark.parametrize("login", ["taxation-head", "window", "applicant", "designer"])
def test_the_board_is_for_those_who_supervise(supervised: Served, login: str) -> None:
    for path in ("/supervision/board", "/supervision/tasks", "/supervision/pauses", "/supervision/irregularities"):
        assert supervised.person(login).get(path).status_code == 403


@pytest.mark.parametrize("text", ["=1+1", "+86", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1+1"])
def test_a_cell_that_a_spreadsheet_would_run_is_text(text: str) -> None:
    assert cell(text) == f"'{text}"


def test_ordinary_cells_stay_as_they_are() -> None:
    assert [cell(value) for value in ("杭州=2", None, 3, 0.5)] == ["杭州=2", "", "3", "0.5"]


def test_an_instant_in_a_file_is_beijing_s() -> None:
    assert cell(datetime(2026, 3, 2, 23, 30, tzinfo=UTC)) == "2026-03-03T07:30:00+08:00"


def test_a_pause_says_who_wanted_it_on_what_ground_and_what_share_it_makes(supervised: Served, number: str) -> None:
    officer = supervised.person("taxation")
    officer.post(f"/inbox/{officer.task(number)}/request-correction", {"items": ["补充银行账号"]})
    sent = supervised.person("lead").post(f"/cases/{number}/correction-notice").get_json()
    supervised.world.now = supervised.world.now.replace(day=6)

    (row,) = supervised.person("supervisor").json("/supervision/pauses")["rows"]

    assert (row["kind"], row["kind_name"], row["case_number"]) == ("pause", "中止", number)
    assert (row["document"], row["basis"]) == (sent["number"], "行政许可法第三十二条")
    assert (row["asked_by"]["login"], row["ends_at"]) == ("lead", None)
    assert board(supervised)["standstills"]["pause"]["number"] == 1
    (line,) = lines(supervised, "/api/supervision/pauses?format=csv")
    assert line[:3] == ["中止", number, "opening"]


def test_a_pause_past_its_expected_end_is_yellow_then_red_on_whoever_asked_for_it(
    supervised: Served, number: str
) -> None:
    clocks = supervised.person("taxation-head").json(f"/cases/{number}/clocks")["rows"]
    (share,) = (one for one in clocks if one["department"] and one["department"]["code"] == "taxation")
    said = {
        "reason_code": "applicant-request",
        "legal_basis": "申请人书面申请",
        "expected_end": "2026-03-04T18:00:00+08:00",
    }
    paused = supervised.person("taxation-head").post(f"/cases/{number}/clocks/{share['id']}/pause", said)
    assert paused.status_code == 200, paused.text

    lights = []
    for instant in ("2026-03-04 17:59", "2026-03-04 18:01", "2026-03-05 23:59", "2026-03-06 00:00"):
        it_is(supervised, instant)
        (row,) = supervised.person("supervisor").json("/supervision/pauses?asked_by=taxation-head")["rows"]
        lights.append((row["signal"], row["asked_by"]["login"], row["department"]["code"]))
    assert lights == [(light, "taxation-head", "taxation") for light in ("none", "yellow", "yellow", "red")]


@pytest.fixture
def told_twice(supervised: Served, number: str) -> str:
    """A case on which taxation asked again after the applicant had been told, for a reason its head gave."""
    lead, head = supervised.person("lead"), supervised.person("taxation-head")
    task = supervised.person("taxation").task(number)
    supervised.person("taxation").post(f"/inbox/{task}/request-correction", {"items": ["补充银行账号"]})
    lead.post(f"/cases/{number}/correction-notice")
    answered = supervised.person("applicant").post(f"/cases/{number}/supplement", {"form": {"staff": 13}})
    assert answered.status_code == 200, answered.text
    again = {"items": ["补充租赁合同"], "reason": "首次告知时未核验产权"}
    assert head.post(f"/inbox/{head.task(number)}/request-correction", again).status_code == 201
    noticed = lead.post(f"/cases/{number}/correction-notice")
    assert noticed.status_code == 201, noticed.text
    return number


def test_a_second_notice_of_corrections_is_listed_with_who_asked_for_what_reason(
    supervised: Served, told_twice: str
) -> None:
    (row,) = supervised.person("supervisor").json("/supervision/irregularities")["rows"]

    assert (row["case_number"], row["item"], row["basis"]) == (told_twice, "opening", "行政许可法第七十二条")
    assert row["sent_by"]["login"] == "lead"
    (asked,) = row["asked"]
    assert (asked["text"], asked["reason"]) == ("补充租赁合同", "首次告知时未核验产权")
    assert (asked["department"]["code"], asked["by"]["login"]) == ("taxation", "taxation-head")
    figure = board(supervised)["irregularities"]
    (line,) = lines(supervised, figure["csv"])
    assert (figure["number"], line[:2]) == (1, [told_twice, "opening"])


def test_a_second_notice_of_a_confidential_case_is_not_listed(supervised: Served, told_twice: str) -> None:
    secret = {"confidential": True, "reason": "涉密"}
    assert supervised.person("taxation-head").put(f"/cases/{told_twice}/confidentiality", secret).status_code == 200

    assert supervised.person("supervisor").json("/supervision/irregularities")["rows"] == []
    assert board(supervised)["irregularities"]["number"] == 0


def test_a_pause_that_outlasts_its_expected_end_turns_yellow_then_red() -> None:
    calendar, noon = national_calendar(), at("2026-03-04 12:00")
    pause = ClockPause(begins_at=at("2026-03-02 09:00"), expected_end_at=noon)
    lit = [
        pauses.light(pause, at(text), calendar)
        for text in (
            "2026-03-04 12:00",
            "2026-03-04 12:01",
            "2026-03-05 23:59",
            "2026-03-06 00:00",
        )
    ]
    assert lit == [Signal.NONE, Signal.YELLOW, Signal.YELLOW, Signal.RED]
    pause.ends_at = noon
    assert pauses.light(pause, at("2026-03-20 09:00"), calendar) == Signal.NONE
