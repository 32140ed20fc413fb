"""Phrases (常用语): one's own, the department's, everybody's, each kept by who answers for it."""

from typing import Any

import pytest

from casework import phrases
from engine.ports import ENGINE
from tests.served import Person, Served


@pytest.fixture
def office(served: Served) -> Served:
    """An office with the phrases it begins with."""
    with served.database.begin(ENGINE) as tx:
        phrases.seed(tx)
    return served


def texts(person: Person) -> list[str]:
    return [one["text"] for one in person.json("/phrases")["rows"]]


def adds(person: Person, text: str, scope: str = "own", **more: str) -> Any:
    return person.post("/phrases", {"text": text, "scope": scope} | more)


def test_an_office_begins_with_some_and_seeding_again_changes_nothing(office: Served) -> None:
    admin = office.person("admin")
    first = admin.json("/phrases")["rows"][0]
    assert (first["text"], first["scope"]) == ("同意。", "everybody")
    assert "不同意，理由如下：" in texts(admin)

    assert admin("DELETE", f"/phrases/{first['id']}").status_code == 200
    with office.database.begin(ENGINE) as tx:
        phrases.seed(tx)

    assert "同意。" not in texts(admin)


def test_own_ones_come_first_then_the_departments_then_everybodys(office: Served) -> None:
    officer, head = office.person("taxation"), office.person("taxation-head")
    assert adds(head, "纳税信用良好。", "department").status_code == 201
    assert adds(officer, "已电话核实。").status_code == 201

    assert texts(officer)[:3] == ["已电话核实。", "纳税信用良好。", "同意。"]
    assert texts(office.person("taxation-2"))[:2] == ["纳税信用良好。", "同意。"]
    assert texts(office.person("bank"))[0] == "同意。"


def test_who_answers_for_a_phrase_keeps_it(office: Served) -> None:
    officer, head, admin = office.person("taxation"), office.person("taxation-head"), office.person("admin")

    assert adds(officer, "纳税信用良好。", "department").status_code == 403
    assert adds(head, "资信良好。", "department", department="bank").status_code == 403
    assert adds(head, "照办。", "everybody").status_code == 403
    assert adds(admin, "照办。", "everybody").status_code == 201
    assert adds(admin, "无部门。", "department").status_code == 422

    of_department = adds(head, "纳税信用良好。", "department").get_json()["id"]
    assert officer.put(f"/phrases/{of_department}", {"text": "改动"}).status_code == 403
    assert head.put(f"/phrases/{of_department}", {"text": "纳税信用 A 级。"}).get_json()["text"] == "纳税信用 A 级。"
    assert office.person("bank-head").put(f"/phrases/{of_department}", {"text": "改动"}).status_code == 404
    assert officer("DELETE", f"/phrases/{of_department}").status_code == 403


def test_nobody_sees_or_changes_anothers_own(office: Served) -> None:
    mine = adds(office.person("taxation"), "已电话核实。").get_json()["id"]
    colleague = office.person("taxation-2")

    assert "已电话核实。" not in texts(colleague)
    assert colleague.put(f"/phrases/{mine}", {"text": "改动"}).status_code == 404
    assert colleague("DELETE", f"/phrases/{mine}").status_code == 404
    assert office.person("taxation")("DELETE", f"/phrases/{mine}").status_code == 200
    assert office.person("taxation")("DELETE", f"/phrases/{mine}").status_code == 404


def test_the_same_words_are_kept_once(office: Served) -> None:
    officer = office.person("taxation")
    adds(officer, "已核实。")
    other = adds(officer, "已到场。").get_json()["id"]

    assert adds(officer, " 已核实。 ").status_code == 409
    assert officer.put(f"/phrases/{other}", {"text": "已核实。"}).status_code == 409
    assert officer.put(f"/phrases/{other}", {"text": "已到场。"}).status_code == 200


def test_empty_and_endless_ones_are_refused(office: Served) -> None:
    for text in ("", "  ", "长" * 501):
        assert adds(office.person("taxation"), text).status_code == 422


def test_applicants_have_none(office: Served) -> None:
    assert office.person("applicant").get("/phrases").status_code == 403
