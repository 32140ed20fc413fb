"""Copies for information (抄送): shown to somebody once, read or not, and nothing waits for it."""

from typing import Any

import pytest

from tests.served import Person, Served

SECURITY, LEAD = {"department": "public-security"}, {"login": "lead"}
MESSAGE = "涉及治安重点行业，请知悉"


@pytest.fixture
def number(served: Served) -> str:
    return served.opens().accepted()


def sends(person: Person, path: str, *to: dict[str, str], message: str = MESSAGE) -> Any:
    return person.post(f"{path}/copies", {"to": list(to), "message": message})


def test_who_gets_a_copy_sees_the_case_and_says_that_it_was_read(served: Served, number: str) -> None:
    officer, security = served.person("taxation"), served.person("public-security")
    assert security.get(f"/cases/{number}").status_code == 404

    assert sends(officer, f"/inbox/{officer.task()}", SECURITY).status_code == 201

    [row] = security.json("/copies")["rows"]
    assert (row["case_number"], row["message"], row["read_at"]) == (number, MESSAGE, None)
    assert (row["step"], row["sent_by"]["login"]) == ("taxation 审查", "taxation")
    assert security.json(f"/cases/{number}")["number"] == number
    assert security.json("/inbox")["rows"] == []

    assert security.post(f"/copies/{row['id']}/read").status_code == 200
    assert security.json("/copies")["rows"][0]["read_at"] == "2026-03-02T09:00:00.000+08:00"


def test_who_is_only_informed_or_asked_sees_no_identity_number(served: Served, number: str) -> None:
    sends(served.person("lead"), f"/cases/{number}", SECURITY)

    shown = served.person("public-security").json(f"/cases/{number}")

    assert shown["applicant"]["name"] == "陆嘉禾"
    assert "11010519491231002X" not in str(shown)
    assert "11010519491231002X" in str(served.person("taxation").json(f"/cases/{number}"))


def test_each_of_a_department_reads_for_themselves_and_the_case_shows_who_did(served: Served, number: str) -> None:
    sends(served.person("lead"), f"/cases/{number}", SECURITY)
    colleague = served.person("public-security-2")
    copy = colleague.json("/copies")["rows"][0]["id"]
    for _ in range(2):
        colleague.post(f"/copies/{copy}/read")

    [shown] = served.person("lead").json(f"/cases/{number}/copies")["rows"]

    assert shown["to"]["department"]["code"] == "public-security"
    assert [one["by"]["login"] for one in shown["read"]] == ["public-security-2"]
    assert served.person("public-security").json("/copies?read=false")["rows"] != []
    assert colleague.json("/copies?read=false")["rows"] == []
    lines = served.person("lead").json(f"/cases/{number}")["timeline"]
    told = [(one["kind"], one["who"]["login"]) for one in lines if one["kind"].startswith("copy")]
    assert told == [("copy.sent", "lead"), ("copy.read", "public-security-2")]


def test_nobody_gets_the_same_copy_twice(served: Served, number: str) -> None:
    officer = served.person("taxation")
    task = officer.task()

    first = sends(officer, f"/inbox/{task}", SECURITY, LEAD, SECURITY).get_json()["copies"]
    again = sends(officer, f"/inbox/{task}", SECURITY).get_json()["copies"]

    assert [one["to"] for one in first] == [{"login": None} | SECURITY, {"department": None} | LEAD]
    assert again == first[:1]
    assert len(served.person("public-security").json("/copies")["rows"]) == 1
    sends(served.person("lead"), f"/cases/{number}", SECURITY)
    assert len(served.person("public-security").json("/copies")["rows"]) == 2


def test_unread_ones_come_first_then_the_newest(served: Served, number: str) -> None:
    lead, security = served.person("lead"), served.person("public-security")
    numbers = [number, served.accepted(), served.accepted()]
    for one in numbers:
        sends(lead, f"/cases/{one}", SECURITY)
        served.world.days_pass(0.01)
    newest = security.json("/copies")["rows"][0]
    security.post(f"/copies/{newest['id']}/read")

    listed = [row["case_number"] for row in security.json("/copies")["rows"]]
    first = security.json("/copies?limit=2")
    second = security.json(f"/copies?limit=2&cursor={first['next']}")

    assert listed == [numbers[1], numbers[0], numbers[2]]
    assert [row["case_number"] for row in first["rows"] + second["rows"]] == listed


@pytest.mark.parametrize("to", [{"login": "applicant"}, {"login": "nobody"}, {"department": "nowhere"}, {}])
def test_a_copy_needs_an_official_to_read_it(served: Served, number: str, to: dict[str, str]) -> None:
    refused = sends(served.person("lead"), f"/cases/{number}", LEAD, to)

    assert (refused.status_code, refused.get_json()["errors"][0]["path"]) == (422, "to[1]")
    assert served.person("lead").json("/copies")["rows"] == []


def test_only_who_works_on_it_sends_it_and_only_who_got_it_reads_it(served: Served, number: str) -> None:
    officer = served.person("taxation")
    copy = sends(officer, f"/cases/{number}", LEAD).get_json()["copies"][0]["id"]

    assert sends(served.person("applicant"), f"/cases/{number}", LEAD).status_code == 403
    assert sends(served.person("public-security"), f"/cases/{number}", LEAD).status_code == 404
    assert sends(served.person("bank"), f"/inbox/{officer.task()}", LEAD).status_code == 404
    assert officer.post(f"/copies/{copy}/read").status_code == 404
    assert officer.post("/copies/nonsense/read").status_code == 404
    assert served.person("lead").post(f"/copies/{copy}/read").status_code == 200


def test_a_copy_of_what_is_done_holds_nothing_up(served: Served, number: str) -> None:
    officer = served.person("taxation")
    task = officer.task()
    officer.does(number, "agree", finding="符合")

    assert sends(officer, f"/inbox/{task}", SECURITY).status_code == 201


def test_who_reads_no_opinions_does_not_see_who_was_shown_the_case(served: Served, number: str) -> None:
    sends(served.person("lead"), f"/cases/{number}", SECURITY)

    assert served.person("bank").json(f"/cases/{number}/copies")["rows"] == []
    assert served.person("applicant").get(f"/cases/{number}/copies").status_code == 403
