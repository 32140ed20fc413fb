"""Cards over HTTP: the watch issues them, whom they are on explains, a supervisor decides; all of it is on record."""

import json
from typing import Any

import pytest

from tests.clocked import at
from tests.served import APPLICATION_FORM, REVIEW_FORM, Served, item, joint_approval
from tests.supervised import it_is, supervised

__all__ = ["supervised"]

YELLOW_AT, RED_AT = "2026-03-09 13:30", "2026-03-10 00:00"
WHY = {"explanation": "系统故障，已补办"}
BECAUSE = {"reason": "情况属实"}


@pytest.fixture
def number(supervised: Served) -> str:
    number = supervised.opens(["taxation", "bank"]).accepted()
    officer = supervised.person("taxation")
    assert officer.post(f"/inbox/{officer.task(number)}/claim").status_code == 200
    return number


def cards(served: Served, login: str = "supervisor", **wanted: str) -> list[dict[str, Any]]:
    query = "&".join(f"{name}={value}" for name, value in wanted.items())
    rows: list[dict[str, Any]] = served.person(login).json(f"/supervision/cards?{query}")["rows"]
    return rows


def yellow(served: Served) -> str:
    it_is(served, YELLOW_AT)
    (card,) = cards(served, department="taxation")
    return str(card["id"])


def test_a_card_says_on_whom_it_is_and_for_which_instant(supervised: Served, number: str) -> None:
    it_is(supervised, "2026-03-11 09:00")
    red, first = cards(supervised, department="taxation")
    assert (first["signal"], first["at"], first["holder"]["login"]) == (
        "yellow",
        "2026-03-09T13:30:00.000+08:00",
        "taxation",
    )
    assert (red["signal_name"], red["at"], red["clock"]) == ("红牌", "2026-03-10T00:00:00.000+08:00", "DEPARTMENT")
    assert red["issued_at"] == "2026-03-11T09:00:00.000+08:00"
    assert [head["login"] for head in red["heads"]] == ["taxation-head"]
    assert (red["case_number"], red["state"]) == (number, "ISSUED")
    (unclaimed,) = cards(supervised, department="bank", signal="red")
    assert unclaimed["holder"] is None


def test_whom_it_is_on_explains_and_a_supervisor_upholds(supervised: Served, number: str) -> None:
    card = yellow(supervised)
    explained = supervised.person("taxation").post(f"/supervision/cards/{card}/explain", WHY)
    assert (explained.status_code, explained.get_json()["state"]) == (200, "EXPLAINED")
    upheld = supervised.person("supervisor").post(f"/supervision/cards/{card}/uphold", BECAUSE)
    assert (upheld.get_json()["state"], upheld.get_json()["decided_by"]["login"]) == ("UPHELD", "supervisor")
    told = supervised.person("supervisor").json(f"/cases/{number}")["timeline"]
    assert [entry["kind"] for entry in told if entry["kind"].startswith("card.")] == [
        "card.issued",
        "card.issued",
        "card.explained",
        "card.upheld",
    ]


def test_an_unexplained_card_is_upheld_only_when_the_time_to_explain_it_is_over(
    supervised: Served, number: str
) -> None:
    """Issued on Monday 9 March: the three working days end on Thursday."""
    card, supervisor = yellow(supervised), supervised.person("supervisor")
    supervised.world.now = at("2026-03-12 23:59")
    early = supervisor.post(f"/supervision/cards/{card}/uphold", BECAUSE)
    assert (early.status_code, "说明期限" in early.get_json()["detail"]) == (409, True)

    supervised.world.now = at("2026-03-13 00:00")
    assert supervisor.post(f"/supervision/cards/{card}/uphold", BECAUSE).get_json()["state"] == "UPHELD"


def test_an_unexplained_card_may_be_cancelled_at_once(supervised: Served, number: str) -> None:
    cancelled = supervised.person("supervisor").post(f"/supervision/cards/{yellow(supervised)}/cancel", BECAUSE)
    assert cancelled.get_json()["state"] == "CANCELLED"


def test_the_item_says_how_long_a_card_may_be_explained(supervised: Served) -> None:
    longer = item(["taxation"]).replace(b"[limits]", b'[limits]\nexplanation = "5WD"')
    supervised.deploy(
        approval_bpmn=joint_approval(["taxation"]),
        application_form=json.dumps(APPLICATION_FORM).encode(),
        review_form=json.dumps(REVIEW_FORM).encode(),
        item_toml=longer,
    )
    supervised.accepted()
    card, supervisor = yellow(supervised), supervised.person("supervisor")
    supervised.world.now = at("2026-03-13 00:00")
    assert supervisor.post(f"/supervision/cards/{card}/uphold", BECAUSE).status_code == 409
    supervised.world.now = at("2026-03-17 00:00")
    assert supervisor.post(f"/supervision/cards/{card}/uphold", BECAUSE).status_code == 200


def test_the_head_may_explain_too_and_the_card_may_be_cancelled(supervised: Served, number: str) -> None:
    card = yellow(supervised)
    assert supervised.person("taxation-head").post(f"/supervision/cards/{card}/explain", WHY).status_code == 200
    cancelled = supervised.person("supervisor").post(f"/supervision/cards/{card}/cancel", BECAUSE)
    assert cancelled.get_json()["state"] == "CANCELLED"
    assert [one["state"] for one in cards(supervised, department="taxation")] == ["CANCELLED"]


@pytest.mark.parametrize(
    ("login", "verb", "status"),
    [
        ("taxation-2", "explain", 403),
        ("bank", "explain", 404),
        ("applicant", "explain", 403),
        ("supervisor", "explain", 403),
        ("taxation", "uphold", 403),
        ("taxation-head", "cancel", 403),
        ("lead", "uphold", 403),
        ("admin", "cancel", 403),
    ],
)
def test_nobody_else_explains_or_decides(supervised: Served, number: str, login: str, verb: str, status: int) -> None:
    card = yellow(supervised)
    answer = supervised.person(login).post(f"/supervision/cards/{card}/{verb}", WHY if verb == "explain" else BECAUSE)
    assert answer.status_code == status, answer.text
    assert [one["state"] for one in cards(supervised, department="taxation")] == ["ISSUED"]


def test_what_is_decided_is_neither_explained_nor_decided_again(supervised: Served, number: str) -> None:
    card = yellow(supervised)
    supervisor = supervised.person("supervisor")
    assert supervisor.post(f"/supervision/cards/{card}/cancel", BECAUSE).status_code == 200
    assert supervisor.post(f"/supervision/cards/{card}/uphold", BECAUSE).status_code == 409
    assert supervised.person("taxation").post(f"/supervision/cards/{card}/explain", WHY).status_code == 409


def test_reasons_are_required(supervised: Served, number: str) -> None:
    card = yellow(supervised)
    answer = supervised.person("supervisor").post(f"/supervision/cards/{card}/uphold", {"reason": "  "})
    assert answer.status_code == 422


def test_a_supervisor_issues_a_card_for_an_irregularity_and_another_decides_on_it(
    supervised: Served, number: str
) -> None:
    found = {
        "case_number": number,
        "department": "taxation",
        "holder": "taxation",
        "signal": "red",
        "reason": "第二次一次性告知",
        "basis": "行政许可法第七十二条",
    }
    issued = supervised.person("supervisor").post("/supervision/cards", found)
    assert (issued.status_code, issued.get_json()["ground"]) == (201, "IRREGULARITY")
    card = issued.get_json()["id"]
    assert supervised.person("supervisor").post(f"/supervision/cards/{card}/uphold", BECAUSE).status_code == 403
    assert supervised.person("taxation").post(f"/supervision/cards/{card}/explain", WHY).status_code == 200
    assert supervised.person("supervisor-2").post(f"/supervision/cards/{card}/uphold", BECAUSE).status_code == 200
    mine = supervised.person("taxation").json("/notices/mine")["rows"]
    assert [notice["kind"] for notice in mine if notice["kind"].startswith("card")] == ["card-decided", "card-issued"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"case_number": "000000209901010001"}, 404),
        ({"department": "nowhere"}, 422),
        ({"department": "human-resources"}, 422),
        ({"holder": "bank"}, 422),
        ({"signal": "blue"}, 422),
        ({"reason": " "}, 422),
    ],
    ids=["no such case", "no such department", "no part in it", "not of the department", "no such card", "no reason"],
)
def test_a_card_on_nothing_is_refused(supervised: Served, number: str, change: dict[str, str], status: int) -> None:
    found = {"case_number": number, "department": "taxation", "signal": "red", "reason": "未出具书面凭证"} | change
    assert supervised.person("supervisor").post("/supervision/cards", found).status_code == status
    assert cards(supervised) == []


def test_a_department_sees_its_own_cards_alone(supervised: Served, number: str) -> None:
    it_is(supervised, RED_AT)
    assert {card["department"]["code"] for card in cards(supervised)} == {"taxation", "bank"}
    assert {card["department"]["code"] for card in cards(supervised, "taxation")} == {"taxation"}
    assert {card["department"]["code"] for card in cards(supervised, "bank-head")} == {"bank"}
    assert cards(supervised, "fire") == []
    assert supervised.person("applicant").get("/supervision/cards").status_code == 403


def test_cards_are_listed_a_page_at_a_time(supervised: Served, number: str) -> None:
    it_is(supervised, RED_AT)
    whole = cards(supervised)
    first = supervised.person("supervisor").json("/supervision/cards?limit=3")
    rest = supervised.person("supervisor").json(f"/supervision/cards?limit=3&cursor={first['next']}")
    assert [one["id"] for one in (*first["rows"], *rest["rows"])] == [one["id"] for one in whole]
    assert (len(whole), rest["next"]) == (4, None)


def test_a_confidential_case_shows_its_cards_to_nobody_outside(supervised: Served, number: str) -> None:
    card = yellow(supervised)
    secret = {"confidential": True, "reason": "涉密"}
    answer = supervised.person("taxation-head").put(f"/cases/{number}/confidentiality", secret)
    assert answer.status_code == 200, answer.text
    assert cards(supervised) == []
    assert supervised.person("supervisor").get(f"/supervision/cards/{card}").status_code == 404
    assert supervised.person("supervisor").post(f"/supervision/cards/{card}/uphold", BECAUSE).status_code == 404
    assert [one["id"] for one in cards(supervised, "taxation")] == [card]
    assert cards(supervised, "lead") == []
