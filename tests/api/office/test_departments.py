"""Departments and divisions are kept by administrators over HTTP; everybody with a login may look them up."""

from typing import Any

import pytest

from tests.served import Served

CUSTOMS: dict[str, Any] = {"role": "customs", "name": "海关", "name_en": "Customs"}
SHOWN_CUSTOMS = {
    "code": "customs",
    "region": "000000",
    "role": "customs",
    "name": "海关",
    "name_en": "Customs",
    "is_external": False,
    "zone": "Asia/Shanghai",
    "office_hours": "09:00-12:00,13:00-17:00",
    "ends_at_close": False,
    "defers_late_receipt": False,
    "removed_at": None,
}
YUNXI = {"code": "429101", "name": "云溪市", "name_en": "Yunxi"}


def test_a_department_is_added_and_looked_up(served: Served) -> None:
    added = served.person("admin").post("/departments", CUSTOMS)

    assert (added.status_code, added.get_json()) == (201, SHOWN_CUSTOMS)
    assert served.person("applicant").json("/departments/customs") == SHOWN_CUSTOMS
    assert [row["code"] for row in served.person("applicant").json("/departments?q=海关")["rows"]] == ["customs"]


@pytest.mark.parametrize(
    ("change", "status", "path"),
    [
        ({"code": "bank"}, 409, None),
        ({"role": "bank", "code": "bank-2"}, 409, None),
        ({"name": "  "}, 422, "name"),
        ({"region": "429101"}, 422, "region"),
        ({"code": "Customs"}, 422, "code"),
        ({"code": "customs/head"}, 422, "code"),
        ({"code": "admin"}, 422, "code"),
        ({"role": "lead", "code": "leaders"}, 422, "role"),
        ({"zone": "Asia/Yunxi"}, 422, "zone"),
        ({"office_hours": "all day"}, 422, "office_hours"),
        ({"office_hours": "17:00-09:00"}, 422, "office_hours"),
    ],
    ids=[
        "code",
        "role",
        "nameless",
        "region",
        "capital",
        "slash",
        "role-code",
        "role-role",
        "zone",
        "hours",
        "backwards",
    ],
)
def test_an_impossible_department_is_refused(
    served: Served, change: dict[str, Any], status: int, path: str | None
) -> None:
    admin = served.person("admin")
    before = admin.json("/departments")

    refused = admin.post("/departments", CUSTOMS | change)

    assert refused.status_code == status
    assert [fault["path"] for fault in refused.get_json()["errors"]] == ([path] if path else [])
    assert admin.json("/departments") == before


def test_every_fault_of_a_department_is_told_at_once(served: Served) -> None:
    wrong = CUSTOMS | {"code": "Customs", "region": "429101", "zone": "x", "office_hours": "x"}

    faults = served.person("admin").post("/departments", wrong).get_json()["errors"]

    assert [fault["path"] for fault in faults] == ["code", "region", "zone", "office_hours"]


def test_another_division_has_a_department_of_its_own_in_the_same_role(served: Served) -> None:
    admin = served.person("admin")
    assert admin.post("/regions", YUNXI).status_code == 201

    bank = {"role": "bank", "code": "yunxi-bank", "region": "429101", "name": "云溪商业银行", "name_en": "Yunxi Bank"}
    assert admin.post("/departments", bank).status_code == 201

    twice = bank | {"code": "yunxi-bank-2"}
    assert admin.post("/departments", twice).status_code == 409
    assert [row["code"] for row in admin.json("/departments?role=bank")["rows"]] == ["bank", "yunxi-bank"]


def test_a_department_gets_another_name_and_other_hours(served: Served) -> None:
    admin = served.person("admin")
    seen = admin.get("/departments/bank").headers["ETag"]
    said = {"role": "bank", "name": "农商银行", "name_en": "Rural Bank", "office_hours": "08:30-17:30"}

    changed = admin.put("/departments/bank", said, If_Match=seen)

    assert (changed.status_code, changed.get_json()["office_hours"]) == (200, "08:30-17:30")
    assert admin.put("/departments/bank", said, If_Match=seen).status_code == 412
    assert admin.put("/departments/bank", said | {"role": "taxation"}).status_code == 409
    assert admin.put("/departments/nothing", said).status_code == 404


def test_a_department_with_open_tasks_or_people_is_not_removed(served: Served) -> None:
    served.opens().accepted()
    admin = served.person("admin")

    tried = admin("DELETE", "/departments/bank?dry_run=true")
    refused = admin("DELETE", "/departments/bank")

    assert tried.get_json() == {"code": "bank", "removed_at": None, "open_tasks": 1, "people": 3, "items": 1}
    assert refused.status_code == 409
    assert "1 件待办" in refused.get_json()["detail"]
    assert admin.json("/departments/bank")["removed_at"] is None


def test_a_removed_department_keeps_its_name_and_another_takes_its_role(served: Served) -> None:
    admin = served.person("admin")
    admin.post("/departments", CUSTOMS)

    assert admin("DELETE", "/departments/customs").status_code == 200

    assert admin.json("/departments/customs")["name"] == "海关"
    assert admin.json("/departments?role=customs")["rows"] == []
    assert [row["code"] for row in admin.json("/departments?removed=true")["rows"]] == ["customs"]
    assert admin.post("/departments", CUSTOMS).status_code == 409
    assert admin.post("/departments", CUSTOMS | {"code": "customs-2"}).status_code == 201


def test_a_removed_department_gets_no_people_and_its_successor_gets_the_tasks(served: Served) -> None:
    admin = served.person("admin")
    huo = {"login": "huo", "name": "霍明", "post": "科员", "password": "a-longer-secret"}
    admin.post("/departments", CUSTOMS)
    admin("DELETE", "/departments/customs")
    admin.post("/departments", CUSTOMS | {"code": "customs-2"})

    refused = admin.post("/people", huo | {"appointments": [{"role": "officer", "department": "customs"}]})
    added = admin.post("/people", huo | {"appointments": [{"role": "officer", "department": "customs-2"}]})
    number = served.opens(["customs"]).accepted()

    assert (refused.status_code, added.status_code) == (422, 201)
    assert served.person("huo").task(number)


def test_a_removed_department_gets_no_task_no_question_and_no_copy(served: Served) -> None:
    admin, officer = served.person("admin"), served.person("taxation")
    admin.post("/departments", CUSTOMS)
    admin("DELETE", "/departments/customs")
    number = served.opens().accepted()
    task, to = officer.task(number), {"department": "customs"}
    officer.post(f"/inbox/{task}/claim")

    tried = [
        officer.post(f"/inbox/{task}/transfer", {"to": to, "reason": "归海关核查"}),
        officer.post(f"/inbox/{task}/consultations", {"to": to, "question": "是否涉及进出口？"}),
        officer.post(f"/cases/{number}/copies", {"to": [to]}),
    ]

    assert [answer.status_code for answer in tried] == [422, 422, 422]
    assert officer.task(number) == task


def test_a_division_stands_below_another_and_never_in_a_circle(served: Served) -> None:
    admin = served.person("admin")
    admin.post("/regions", YUNXI)
    below = admin.post("/regions", {"code": "429101100", "name": "城关镇", "parent": "429101"})

    assert (below.status_code, below.get_json()["parent"]) == (201, "429101")
    assert [row["code"] for row in admin.json("/regions?parent=429101")["rows"]] == ["429101100"]
    refused = admin.put("/regions/429101", {"name": "云溪市", "parent": "429101100"})
    assert (refused.status_code, refused.get_json()["errors"][0]["path"]) == (422, "parent")
    assert admin.put("/regions/429101", {"name": "云溪市人民政府"}).get_json()["name"] == "云溪市人民政府"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"code": "yunxi"}, 422),
        ({"name": "  "}, 422),
        ({"code": "42910"}, 422),
        ({"parent": "420000"}, 422),
        ({"code": "000000"}, 409),
    ],
    ids=["letters", "nameless", "short", "parent", "taken"],
)
def test_an_impossible_division_is_refused(served: Served, change: dict[str, str], status: int) -> None:
    assert served.person("admin").post("/regions", YUNXI | change).status_code == status


def test_somebody_elses_change_of_a_division_is_not_overwritten(served: Served) -> None:
    admin = served.person("admin")
    seen = admin.post("/regions", YUNXI).headers["ETag"]
    assert admin.put("/regions/429101", {"name": "云溪"}, If_Match=seen).status_code == 200

    assert admin.put("/regions/429101", {"name": "云"}, If_Match=seen).status_code == 412
