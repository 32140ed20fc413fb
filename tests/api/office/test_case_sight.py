"""Who sees what of a case: everybody as much as they need, an outside participant what the item names for it."""

import pytest

from tests.served import BANK, Served, item


@pytest.fixture
def number(served: Served) -> str:
    """A case with two materials, on which market regulation objected."""
    served.opens()
    applicant = served.person("applicant")
    materials = [
        {"kind": "identity", "id": applicant.uploads("身份证.pdf")},
        {"kind": "premises", "id": applicant.uploads("租赁合同.pdf")},
    ]
    number = served.accepted(materials=materials)
    served.world.days_pass(0.01)
    served.person("market-regulation").does(number, "object", "住所不符合登记条件")
    return number


def texts(case: dict[str, list[dict[str, str]]]) -> list[str]:
    return [line["text"] for line in case["timeline"]]


def test_a_department_sees_what_another_said_and_why(served: Served, number: str) -> None:
    case = served.person("taxation").json(f"/cases/{number}")

    said = case["opinions"][-1]
    assert (said["outcome"], said["label"], said["comment"]) == ("object", "不同意", "住所不符合登记条件")
    assert said["department"] == {"code": "market-regulation", "name": "市场监督管理局"}
    assert (said["by"]["name"], said["by"]["post"]) == ("周文清", "登记注册科科员")
    assert case["applicant"]["id_number"] == "11010519491231002X"


def test_an_outside_participant_sees_its_own_part_only(served: Served, number: str) -> None:
    case = served.person("bank").json(f"/cases/{number}")

    assert case["opinions"] == []
    assert [material["kind"] for material in case["materials"]] == ["premises"]
    assert case["applicant"]["id_number"] == "110***********002X"
    assert case["applicant"]["phone"] == "139****0001"
    departments = {clock["department"]["code"] for clock in case["deadlines"] if clock["department"]}
    assert departments == {"bank"}
    assert "住所不符合登记条件" not in str(case)
    assert "不同意" not in str(case)


def test_an_outside_participant_for_which_the_item_names_nothing_sees_nothing(served: Served) -> None:
    unlimited = item().replace(BANK.encode(), b"")
    served.opens().deploy(item_toml=unlimited)
    number = served.accepted(materials=[{"kind": "premises", "id": served.person("applicant").uploads("租赁合同.pdf")}])
    served.person("market-regulation").does(number, "object", "住所不符合登记条件")

    bank = served.person("bank")
    case, task = bank.json(f"/cases/{number}"), bank.json(f"/inbox/{bank.task(number)}")

    assert (case["materials"], case["opinions"]) == ([], [])
    assert (task["values"], task["materials"], task["opinions"]) == ({}, [], [])
    assert case["applicant"]["id_number"] == "110***********002X"
    assert "住所不符合登记条件" not in str(case)


def test_an_applicant_sees_decisions_but_not_what_departments_tell_each_other(served: Served, number: str) -> None:
    case = served.person("applicant").json(f"/cases/{number}")

    assert [(one["act"], one["outcome"]) for one in case["opinions"]] == [("accept", "accept")]
    assert case["applicant"]["id_number"] == "11010519491231002X"
    assert not [clock for clock in case["deadlines"] if clock["department"]]
    assert "住所不符合登记条件" not in str(case)
    assert "不同意" not in str(case)


def test_an_applicant_reads_why_the_window_declined(served: Served) -> None:
    number = served.opens().submits()["number"]
    served.person("window").post(f"/cases/{number}/decline", {"comment": "应向市级机关申请"})

    case = served.person("applicant").json(f"/cases/{number}")

    assert case["opinions"][0]["comment"] == "应向市级机关申请"


@pytest.mark.parametrize("login", ["lead", "supervisor", "government-leader", "admin"])
def test_those_who_oversee_see_all_but_identity_numbers(served: Served, number: str, login: str) -> None:
    case = served.person(login).json(f"/cases/{number}")

    assert case["opinions"][-1]["comment"] == "住所不符合登记条件"
    assert case["applicant"]["id_number"] == "110***********002X"


@pytest.mark.parametrize("login", ["agent", "public-security", "designer"])
def test_a_case_is_not_known_to_those_it_does_not_concern(served: Served, number: str, login: str) -> None:
    person = served.person(login)

    assert person.get(f"/cases/{number}").status_code == 404
    assert person.json("/cases")["rows"] == []


def test_the_course_says_who_did_what_when(served: Served, number: str) -> None:
    served.world.days_pass(1)
    officer = served.person("taxation")
    officer.post(f"/inbox/{officer.task()}/claim")

    case = officer.json(f"/cases/{number}")

    assert texts(case)[0] == f"收件，办件编号{number}"
    assert texts(case)[-1] == "签收“taxation 审查”"
    line = case["timeline"][-1]
    assert line["who"]["name"] == "唐雨桐"
    assert line["who"]["department"]["name"] == "税务局"
    assert line["at"] == "2026-03-03T09:14:24.000+08:00"
    signed = next(line for line in case["timeline"] if line["outcome"] == "不同意")
    assert signed["reason"] == "住所不符合登记条件"
    assert "承诺时限开始计算，至2026-03-16 23:59" in texts(case)


def test_the_course_is_told_in_english_too(served: Served, number: str) -> None:
    case = served.person("taxation", "en").json(f"/cases/{number}")

    assert texts(case)[0] == f"received under number {number}"
    assert "completed “Review”" in texts(case)
    assert "the promised limit began to run, until 2026-03-16 23:59" in texts(case)


def test_open_steps_and_missing_materials_are_named(served: Served) -> None:
    served.opens()
    material = {"kind": "identity", "id": served.person("applicant").uploads()}
    number = served.accepted(materials=[material])

    case = served.person("applicant").json(f"/cases/{number}")

    assert [step["department"]["name"] for step in case["open_steps"]] == ["市场监督管理局", "税务局", "商业银行营业部"]
    assert case["missing_materials"] == [{"kind": "premises", "name": "住所文件"}]


def test_an_outside_participant_reads_only_its_own_corrections(served: Served) -> None:
    number = served.opens().accepted()
    taxation, bank = served.person("taxation"), served.person("bank")
    taxation.post(f"/inbox/{taxation.task()}/request-correction", {"items": ["更正欠税说明"]})

    added = bank.post(f"/inbox/{bank.task()}/request-correction", {"items": ["补充开户授权书"]})

    assert [one["text"] for one in added.get_json()["items"]] == ["补充开户授权书"]
    assert [one["text"] for one in bank.json(f"/cases/{number}")["corrections"][0]["items"]] == ["补充开户授权书"]
    assert len(taxation.json(f"/cases/{number}")["corrections"][0]["items"]) == 2
