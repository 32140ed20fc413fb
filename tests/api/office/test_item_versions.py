"""Items are administered over HTTP: each change from a day on and on a paper; running cases keep their version."""

import tomllib
from typing import Any

import pytest

from tests.served import Served, application, item, joint_approval

TODAY = "2026-03-02"
PAPER = "云政办发〔2026〕7号"
GROUND = {"on": TODAY, "reason": "机构改革，承办部门调整", "document_number": "云政发〔2026〕3号"}


def document(**changes: Any) -> dict[str, Any]:
    """The item `opening`, as JSON, as an administrator sends it."""
    said = tomllib.loads(item().decode())
    return said | {"in_force_on": TODAY, "document_number": PAPER} | changes


def puts(served: Served, **changes: Any) -> Any:
    return served.person("admin").put("/items/opening", document(**changes))


def paths(answer: Any) -> list[str]:
    return [fault["path"] for fault in answer.get_json()["errors"]]


def test_an_administrator_publishes_a_new_version(served: Served) -> None:
    served.opens()

    answer = puts(served, limits={"promised": "7WD", "statutory": "20WD"})

    assert answer.status_code == 200
    published = answer.get_json()
    assert (published["version"], published["counts_from"], published["counts_today"]) == (2, TODAY, True)
    assert (published["document_number"], published["published_by"]["login"]) == (PAPER, "admin")
    assert served.person("applicant").json("/items/opening")["promised"] == "7WD"


def test_the_same_again_makes_no_version(served: Served) -> None:
    served.opens()
    first = puts(served, body="行政审批局").get_json()

    assert puts(served, body="行政审批局").get_json() == first
    assert [row["version"] for row in versions(served)] == [2, 1]


def versions(served: Served) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = served.person("admin").json("/items/opening/versions")["rows"]
    return rows


def test_a_running_case_keeps_the_version_it_was_accepted_under(served: Served) -> None:
    before = served.opens().accepted()
    puts(served, limits={"promised": "7WD"})
    after = served.accepted()

    shown = [served.person("applicant").json(f"/cases/{number}") for number in (before, after)]

    assert [case["item_version"] for case in shown] == [1, 2]
    limits = [[row["limit"] for row in case["deadlines"] if row["kind"] == "PROMISED"] for case in shown]
    assert limits == [["10WD"], ["7WD"]]


def test_a_version_to_come_counts_from_its_day_on_whatever_is_published_meanwhile(served: Served) -> None:
    served.opens()
    puts(served, in_force_on="2026-03-10", body="二局")
    puts(served, in_force_on=TODAY, body="三局")

    assert served.person("applicant").json("/items/opening")["body"] == "三局"
    served.world.days_pass(7.5)
    assert served.person("applicant").json("/items/opening")["body"] == "三局"
    served.world.days_pass(0.5)
    assert served.person("applicant").json("/items/opening")["body"] == "二局"
    assert [(row["version"], row["counts_today"]) for row in versions(served)] == [(3, False), (2, True), (1, False)]


def test_a_version_said_to_be_in_force_long_ago_counts_from_its_publication(served: Served) -> None:
    served.opens()

    published = puts(served, in_force_on="2025-01-01", body="行政审批局").get_json()

    assert (published["in_force_on"], published["counts_from"]) == ("2025-01-01", TODAY)
    assert served.person("applicant").json("/items/opening")["version"] == 2


def test_a_diagram_deployed_without_an_item_keeps_the_version(served: Served) -> None:
    served.opens()
    served.deploy(approval_bpmn=joint_approval(["taxation"]))

    assert [row["version"] for row in versions(served)] == [1]


def test_the_versions_tell_who_published_when_and_on_what_paper(served: Served) -> None:
    served.opens()
    served.world.days_pass(1)
    puts(served)

    newest, first = versions(served)

    assert (newest["published_by"]["name"], newest["published_at"]) == ("宋致远", "2026-03-03T09:00:00.000+08:00")
    assert (newest["document_number"], newest["deployment_id"]) == (PAPER, None)
    assert first["published_by"]["login"] == "lianban"
    assert first["deployment_id"] is not None
    whole = served.person("admin").json("/items/opening/versions/1")
    assert whole["document"]["body"] == "市场监督管理局"
    assert served.person("admin").get("/items/opening/versions/3").status_code == 404
    assert served.person("admin").get("/items/opening/versions/one").status_code == 404


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"in_force_on": None}, ["in_force_on"]),
        ({"document_number": None}, ["document_number"]),
        ({"code": "closing"}, ["code"]),
        ({"process": "nothing"}, ["process"]),
        ({"form": "nothing"}, ["form"]),
        ({"limits": {"promised": "soon"}}, ["limits.promised"]),
        ({"limits": {}}, ["limits.promised"]),
        ({"participants": []}, ["participants"]),
        ({"participants": [{"role": "customs", "lead": True}]}, ["participants[0].role"]),
        ({"participants": [{"role": "bank", "limit": "x"}]}, ["participants[0].limit", "participants"]),
        ({"in_force_on": "soon", "visits": 1}, ["in_force_on", "visits"]),
        ({"process": "nothing", "form": "nothing", "document_number": ""}, ["document_number", "process", "form"]),
        (
            {"process": "nothing", "document_number": None, "limits": {}},
            ["document_number", "limits.promised", "process"],
        ),
        ({"participants": [{"role": "customs"}, 7]}, ["participants[0].role", "participants[1]", "participants"]),
        ({"body": "局\x00"}, None),
    ],
    ids=[
        "no-day",
        "no-paper",
        "other-code",
        "unknown-process",
        "unknown-form",
        "no-limit",
        "promise-missing",
        "nobody",
        "unknown-department",
        "limit-and-no-lead",
        "day-and-unknown-key",
        "everything-it-names",
        "of-every-kind",
        "half-a-list",
        "unkeepable",
    ],
)
def test_every_fault_is_told_at_once_with_its_key(
    served: Served, changes: dict[str, Any], wrong: list[str] | None
) -> None:
    served.opens()

    refused = puts(served, **changes)

    assert refused.status_code == (400 if wrong is None else 422)
    if wrong is not None:
        assert sorted(paths(refused)) == sorted(wrong)
    assert [row["version"] for row in versions(served)] == [1]


def test_a_fault_is_told_in_the_readers_language(served: Served) -> None:
    served.opens()
    told = {
        language: served.person("admin", language)
        .put("/items/opening", document(limits={"promised": "soon"}, name=7))
        .get_json()["errors"]
        for language in ("zh", "en")
    }

    assert {fault["path"]: fault["detail"] for fault in told["zh"]}["name"] == "类型不对，应为文字。"
    assert {fault["path"]: fault["detail"] for fault in told["en"]}["name"] == "Not a valid string."
    assert all("soon" in fault["detail"] for faults in told.values() for fault in faults if "limits" in fault["path"])


def test_a_table_over_a_field_that_the_form_does_not_have_is_refused(served: Served) -> None:
    served.opens()
    matter = {"code": "fire", "name": "消防", "name_en": "Fire", "role": "bank", "when": [{"floor_area": "> 500"}]}

    refused = puts(served, matters=[matter])

    assert refused.status_code == 422
    assert "floor_area" in refused.get_json()["errors"][0]["detail"]


def test_somebody_elses_change_meanwhile_is_not_overwritten(served: Served) -> None:
    served.opens()
    admin = served.person("admin")
    seen = admin.get("/items/opening").headers["ETag"]
    assert admin.put("/items/opening", document(body="二局"), If_Match=seen).status_code == 200

    assert admin.put("/items/opening", document(body="三局"), If_Match=seen).status_code == 412
    assert admin.post("/items/opening/suspend", GROUND, If_Match=seen).status_code == 412


def test_a_new_item_begins_with_its_first_version(served: Served) -> None:
    served.opens()

    answer = served.person("admin").put("/items/reopening", document(code="reopening"))

    assert (answer.status_code, answer.get_json()["version"]) == (200, 1)
    assert served.person("applicant").post("/cases", application(item="reopening")).status_code == 201


def test_only_an_administrator_administers_items(served: Served) -> None:
    served.opens()
    for login in ("designer", "lead", "supervisor", "window"):
        assert served.person(login).put("/items/opening", document()).status_code == 403
        assert served.person(login).post("/items/opening/repeal", GROUND).status_code == 403


def test_while_an_item_is_suspended_no_case_starts_and_running_ones_go_on(served: Served) -> None:
    running = str(served.opens().submits()["number"])
    admin, applicant = served.person("admin"), served.person("applicant")

    assert admin.post("/items/opening/suspend", GROUND).get_json()["state"] == "SUSPENDED"

    assert (applicant.json("/items/opening")["state"], applicant.json("/items/opening")["in_force"]) == (
        "SUSPENDED",
        False,
    )
    assert applicant.post("/cases", application()).status_code == 409
    assert served.person("window").post(f"/cases/{running}/accept").status_code == 200
    assert [row["code"] for row in applicant.json("/items?state=SUSPENDED")["rows"]] == ["opening"]
    assert applicant.json("/items?in_force=true")["rows"] == []

    assert admin.post("/items/opening/resume", GROUND).status_code == 200
    assert applicant.post("/cases", application()).status_code == 201


def test_a_suspension_from_a_day_to_come_counts_from_that_day_on(served: Served) -> None:
    served.opens()
    answer = served.person("admin").post("/items/opening/suspend", GROUND | {"on": "2026-03-04"})

    assert answer.get_json()["counts_from"] == "2026-03-04"
    assert served.submits()
    served.world.days_pass(2)
    assert served.person("applicant").post("/cases", application()).status_code == 409


def test_a_new_version_of_a_suspended_item_does_not_resume_it(served: Served) -> None:
    served.opens()
    served.person("admin").post("/items/opening/suspend", GROUND)

    assert puts(served, body="行政审批局").status_code == 200
    assert served.person("applicant").json("/items/opening")["state"] == "SUSPENDED"


def test_a_repealed_item_is_repealed_for_ever(served: Served) -> None:
    served.opens()
    admin = served.person("admin")
    assert admin.post("/items/opening/repeal", GROUND).status_code == 200

    refused = [admin.post(f"/items/opening/{act}", GROUND) for act in ("resume", "suspend", "repeal")]
    refused.append(puts(served, body="行政审批局"))

    assert [answer.status_code for answer in refused] == [409] * 4
    assert served.person("applicant").json("/items/opening")["state"] == "REPEALED"


def test_a_change_that_does_not_follow_from_the_last_is_refused(served: Served) -> None:
    served.opens()
    admin = served.person("admin")
    assert admin.post("/items/opening/resume", GROUND).status_code == 409
    assert admin.post("/items/opening/suspend", GROUND | {"on": "2026-04-01"}).status_code == 200
    assert admin.post("/items/opening/suspend", GROUND).status_code == 409

    early = admin.post("/items/opening/resume", GROUND)

    assert (early.status_code, paths(early)) == (422, ["on"])


@pytest.mark.parametrize("missing", ["on", "reason", "document_number"])
def test_a_change_says_from_when_why_and_on_what_paper(served: Served, missing: str) -> None:
    served.opens()
    ground = {key: value for key, value in GROUND.items() if key != missing}

    refused = served.person("admin").post("/items/opening/suspend", ground)

    assert (refused.status_code, paths(refused)) == (422, [missing])


@pytest.mark.parametrize("blank", ["reason", "document_number"])
def test_blanks_are_no_reason_and_no_paper(served: Served, blank: str) -> None:
    served.opens()

    refused = served.person("admin").post("/items/opening/suspend", GROUND | {blank: "  "})

    assert (refused.status_code, paths(refused)) == (422, [blank])


def test_the_changes_tell_who_when_why_and_on_what_paper(served: Served) -> None:
    served.opens()
    admin = served.person("admin")
    admin.post("/items/opening/suspend", GROUND)
    admin.post("/items/opening/repeal", GROUND | {"reason": "法律修改"})

    rows = served.person("lead").json("/items/opening/changes")["rows"]

    assert [(row["state"], row["reason"]) for row in rows] == [
        ("REPEALED", "法律修改"),
        ("SUSPENDED", "机构改革，承办部门调整"),
    ]
    assert {(row["changed_by"]["name"], row["document_number"]) for row in rows} == {("宋致远", "云政发〔2026〕3号")}
    assert {row["changed_at"] for row in rows} == {"2026-03-02T09:00:00.000+08:00"}
    assert served.person("applicant").get("/items/opening/changes").status_code == 403
