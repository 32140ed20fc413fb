"""A case at the door: handed in once, accepted or declined by the window, withdrawn, corrected."""

import pytest
from sqlalchemy import select

from casework import departments, regions
from casework.departments import NewDepartment
from casework.tables import Material
from engine import deployments
from engine.ports import ENGINE
from tests.diagrams import diagram, end, flows, receive_task, start
from tests.served import APPLICANT, DEPARTMENTS, Served, application, item

YUNXI, TINGSONG = "429101", "429102"


def furnish(served: Served, town: str, *roles: str) -> None:
    """A division with the departments that play these roles."""
    with served.database.begin(ENGINE) as tx:
        regions.add(tx, town, town)
        for role in roles:
            departments.add(tx, NewDepartment(role, role, role, code=f"{role}-{town}", region=town))


def test_a_submission_gets_a_number_and_a_query_code(served: Served) -> None:
    served.opens()

    answer = served.person("applicant").post("/cases", application())

    receipt = answer.get_json()
    assert answer.status_code == 201
    assert answer.headers["Location"].endswith(f"/api/cases/{receipt['number']}")
    assert len(receipt["query_code"]) == 8
    assert (receipt["state"], receipt["state_name"]) == ("RECEIVED", "已收件")
    assert receipt["title"] == "临安知微生物科技有限公司"
    assert (receipt["channel"], receipt["is_backdated"]) == ("online", False)


def test_a_case_belongs_to_the_division_that_it_is_handed_in_to(served: Served) -> None:
    served.opens()
    furnish(served, YUNXI, "window")

    handed_in = [{"kind": "identity", "id": served.person("applicant").uploads()}]
    receipt = served.submits(region=YUNXI, materials=handed_in)

    assert (receipt["region"], receipt["number"][:6]) == (YUNXI, YUNXI)
    with served.database.view(ENGINE) as tx:
        assert set(tx.session.scalars(select(Material.region))) == {YUNXI}
    shown = served.person("applicant").json(f"/cases/{receipt['number']}")
    assert shown["state"] == "RECEIVED"


@pytest.mark.parametrize(
    ("named", "told"),
    [("999999", "没有行政区划“999999”"), ("", ""), (" 429101", "没有行政区划"), (TINGSONG, "没有综合窗口")],
    ids=["unknown", "empty", "with a space", "without a window"],
)
def test_a_division_that_cannot_receive_a_case_gets_none(served: Served, named: str, told: str) -> None:
    served.opens()
    furnish(served, YUNXI, "window")
    furnish(served, TINGSONG)

    refused = served.person("applicant").post("/cases", application(region=named))

    [fault] = refused.get_json()["errors"]
    assert (refused.status_code, fault["path"]) == (422, "region")
    assert told in fault["detail"]
    assert served.person("window").json("/cases")["rows"] == []


def test_an_item_of_one_division_is_not_handed_in_to_another(served: Served) -> None:
    served.opens()
    for town in (YUNXI, TINGSONG):
        furnish(served, town, "window")
    with served.database.begin(ENGINE) as tx:
        own = item().replace(b'code = "opening"', b'code = "opening-here"')
        deployments.deploy(tx, {"item.toml": own}, region=YUNXI, name="own")

    elsewhere = [
        served.person("applicant").post("/cases", application(item="opening-here", region=region)).status_code
        for region in (TINGSONG, "000000")
    ]

    assert elsewhere == [404, 404]
    assert served.submits(item="opening-here", region=YUNXI)["region"] == YUNXI


def test_every_fault_of_an_application_is_told_at_once_and_nothing_is_kept(served: Served) -> None:
    served.opens()
    wrong = APPLICANT | {"id_number": "110105194912310021"}

    refused = served.person("applicant").post(
        "/cases",
        application(applicant=wrong, form={"staff": 0}, materials=[{"kind": "seal", "id": "no-such-file"}]),
    )

    assert refused.status_code == 422
    assert {fault["path"] for fault in refused.get_json()["errors"]} == {
        "applicant.id_number",
        "form.company",
        "form.staff",
        "materials[0].kind",
        "materials[0].id",
    }
    assert served.person("window").json("/cases")["rows"] == []


def test_who_applies_has_a_name_that_can_be_read(served: Served) -> None:
    served.opens()
    for applicant in (APPLICANT | {"name": "　\u200b"}, APPLICANT | {"agent": {"name": " "}}):
        refused = served.person("window").post("/cases", application(applicant=applicant))
        (fault,) = refused.get_json()["errors"]
        assert (refused.status_code, fault["path"].rpartition(".")[2]) == (422, "name")


@pytest.mark.parametrize("login", ["taxation", "lead", "supervisor", "designer", "admin"])
def test_only_applicants_agents_and_the_window_submit(served: Served, login: str) -> None:
    assert served.opens().person(login).post("/cases", application()).status_code == 403


def test_a_window_enters_an_earlier_receipt_and_it_is_marked(served: Served) -> None:
    served.opens()
    earlier = "2026-02-27T16:30:00"

    receipt = served.submits("window", received_at=earlier, channel="post")

    assert receipt["is_backdated"] is True
    assert receipt["received_at"] == "2026-02-27T16:30:00.000+08:00"
    assert receipt["channel"] == "post"
    refused = served.person("applicant").post("/cases", application(received_at=earlier))
    assert refused.status_code == 403


def test_only_a_window_says_by_which_channel_an_application_came(served: Served) -> None:
    assert served.opens().person("applicant").post("/cases", application(channel="post")).status_code == 403


def test_a_receipt_before_the_item_is_in_force_is_refused(served: Served) -> None:
    window = served.opens().person("window")

    refused = window.post("/cases", application(received_at="2025-12-31T23:59:00+08:00"))

    assert [fault["path"] for fault in refused.get_json()["errors"]] == ["received_at"]
    assert window.post("/cases", application(received_at="2026-01-01T00:00:00+08:00")).status_code == 201


def test_a_receipt_in_the_future_is_refused(served: Served) -> None:
    refused = served.opens().person("window").post("/cases", application(received_at="2026-03-03T09:00:00+08:00"))

    assert [fault["path"] for fault in refused.get_json()["errors"]] == ["received_at"]


def test_acceptance_brings_the_case_to_every_department_in_the_same_instant(served: Served) -> None:
    served.opens()
    number = served.submits()["number"]
    assert all(served.person(login).json("/inbox")["rows"] == [] for login in DEPARTMENTS)

    accepted = served.person("window").post(f"/cases/{number}/accept", {"comment": "材料齐全"})

    assert accepted.get_json()["state"] == "ACCEPTED"
    tasks = [served.person(login).json("/inbox")["rows"] for login in DEPARTMENTS]
    assert [[row["case_number"] for row in rows] for rows in tasks] == [[number]] * len(DEPARTMENTS)
    assert len({rows[0]["created_at"] for rows in tasks}) == 1


def test_declining_needs_reasons_and_ends_the_examination(served: Served) -> None:
    number = served.opens().submits()["number"]
    window = served.person("window")

    refused = window.post(f"/cases/{number}/decline", {"comment": "  "})
    declined = window.post(f"/cases/{number}/decline", {"comment": "不属于本机关职权范围"})

    assert [fault["path"] for fault in refused.get_json()["errors"]] == ["comment"]
    assert declined.get_json()["state"] == "DECLINED"
    assert served.person("taxation").json("/inbox")["rows"] == []


def test_a_department_does_not_accept(served: Served) -> None:
    number = served.opens().submits()["number"]

    assert served.person("taxation").post(f"/cases/{number}/accept").status_code == 403


def test_a_verb_nothing_waits_for_names_the_step_where_the_case_stands(served: Served) -> None:
    number = served.opens().accepted()

    again = served.person("window").post(f"/cases/{number}/accept")
    early = served.person("applicant").post(f"/cases/{number}/supplement", {"form": {"staff": 5}})

    assert again.status_code == early.status_code == 409
    assert "审查" in again.get_json()["detail"]


def test_the_steps_are_named_in_the_reader_s_language(served: Served) -> None:
    number = served.opens(("taxation",)).accepted()

    again = [served.person("window", language).post(f"/cases/{number}/accept").get_json() for language in ("zh", "en")]

    assert [refusal["detail"] for refusal in again] == [
        f"办件{number}现处于“taxation 审查”环节，不能进行此操作。",
        f"Case {number} stands at “Review”; this cannot be done now.",
    ]


def test_a_case_that_waits_where_no_person_works_is_not_over(served: Served) -> None:
    drawn = diagram(start(), receive_task("printing", "licence-printed"), end(), flows("start", "printing", "end"))
    number = served.opens(drawn=drawn).submits()["number"]

    refused = served.person("window").post(f"/cases/{number}/accept")

    assert refused.get_json()["detail"] == f"办件{number}现处于“printing”环节，不能进行此操作。"


def test_withdrawal_closes_every_open_task(served: Served) -> None:
    number = served.opens().accepted()

    withdrawn = served.person("applicant").post(f"/cases/{number}/withdraw", {"reason": "合伙人退出"})

    assert withdrawn.get_json()["state"] == "WITHDRAWN"
    assert all(served.person(login).json("/inbox")["rows"] == [] for login in DEPARTMENTS)
    case = served.person("lead").json(f"/cases/{number}")
    assert {clock["state"] for clock in case["deadlines"]} == {"STOPPED", "VOID"}
    assert served.person("applicant").post(f"/cases/{number}/withdraw").status_code == 409


def test_nobody_withdraws_the_case_of_another(served: Served) -> None:
    number = served.opens().accepted()

    assert served.person("agent").post(f"/cases/{number}/withdraw").status_code == 404


def test_what_a_department_asks_for_twice_is_kept_once(served: Served) -> None:
    number = served.opens().accepted()
    for login, asked in (("taxation", ["补充账号", " 补充账号 "]), ("taxation", ["补充账号"]), ("bank", ["补充账号"])):
        officer = served.person(login)
        answer = officer.post(f"/inbox/{officer.task()}/request-correction", {"items": asked})
        assert answer.status_code == 201, answer.text

    listed = served.person("lead").json(f"/cases/{number}")["corrections"][0]["items"]
    assert [one["text"] for one in listed] == ["补充账号", "补充账号"]


def test_corrections_are_collected_from_departments_and_told_at_once(served: Served) -> None:
    number = served.opens().accepted()
    for login, text in (("market-regulation", "章程缺少签署日期"), ("taxation", "补充银行账号")):
        officer = served.person(login)
        asked = officer.post(f"/inbox/{officer.task()}/request-correction", {"items": [text]})
        assert asked.status_code == 201
    applicant = served.person("applicant")
    assert applicant.json(f"/cases/{number}")["corrections"] == []

    early = served.person("window").post(f"/cases/{number}/correction-notice")
    sent = served.person("lead").post(f"/cases/{number}/correction-notice")

    assert early.status_code == 403
    assert sent.get_json()["number"] == "000000BZ20260302000001"
    told = applicant.json(f"/cases/{number}")
    assert told["state"] == "CORRECTING"
    assert [one["text"] for one in told["corrections"][0]["items"]] == ["章程缺少签署日期", "补充银行账号"]
    promised = next(clock for clock in told["deadlines"] if clock["kind"] == "PROMISED")
    assert (promised["state"], promised["due_at"]) == ("PAUSED", None)

    supplemented = applicant.post(f"/cases/{number}/supplement", {"form": {"staff": 30}})

    assert supplemented.get_json()["state"] == "ACCEPTED"
    assert applicant.json(f"/cases/{number}")["corrections"][0]["state"] == "ANSWERED"
    assert served.person("taxation").json(f"/inbox/{served.person('taxation').task()}")["application"]["staff"] == 30


def test_a_supplement_that_fails_leaves_the_case_as_it_was(served: Served) -> None:
    number = served.opens().accepted()
    officer = served.person("taxation")
    officer.post(f"/inbox/{officer.task()}/request-correction", {"items": ["更正人数"]})
    served.person("lead").post(f"/cases/{number}/correction-notice")

    refused = served.person("applicant").post(f"/cases/{number}/supplement", {"form": {"staff": "many"}})

    assert refused.status_code == 422
    assert served.person("applicant").json(f"/cases/{number}")["state"] == "CORRECTING"


@pytest.fixture
def corrected(served: Served) -> str:
    """The number of a case whose applicant was asked to correct it."""
    number = served.opens().accepted()
    officer = served.person("taxation")
    officer.post(f"/inbox/{officer.task()}/request-correction", {"items": ["更正"]})
    served.person("lead").post(f"/cases/{number}/correction-notice")
    return number


@pytest.mark.parametrize(("form", "path"), [({"staff": 0}, "staff"), ({"company": ""}, "company")])
def test_a_correction_is_held_against_the_whole_application_form(
    served: Served, corrected: str, form: dict[str, object], path: str
) -> None:
    applicant = served.person("applicant")

    refused = applicant.post(f"/cases/{corrected}/supplement", {"form": form})

    assert refused.status_code == 422
    assert [fault["path"] for fault in refused.get_json()["errors"]] == [path]
    assert applicant.json(f"/cases/{corrected}")["state"] == "CORRECTING"


@pytest.mark.parametrize(
    "body", [{}, {"form": {}, "materials": []}, {"form": {"staff": 12}}], ids=["nothing", "empty", "as before"]
)
def test_a_notice_of_corrections_is_not_answered_with_nothing(
    served: Served, corrected: str, body: dict[str, object]
) -> None:
    applicant = served.person("applicant")

    refused = applicant.post(f"/cases/{corrected}/supplement", body)

    assert refused.status_code == 422
    assert "须改正的内容" in refused.get_json()["errors"][0]["detail"]
    assert applicant.json(f"/cases/{corrected}")["state"] == "CORRECTING"


def test_a_case_is_called_by_its_corrected_name_and_keeps_what_was_not_handed_in_again(
    served: Served, corrected: str
) -> None:
    applicant, officer = served.person("applicant"), served.person("taxation")

    supplemented = applicant.post(f"/cases/{corrected}/supplement", {"form": {"company": "临安新知有限公司"}})

    assert supplemented.get_json()["title"] == "临安新知有限公司"
    kept = {"company": "临安新知有限公司", "staff": 12, "secret": "N-17"}
    assert officer.json(f"/inbox/{officer.task()}")["application"] == kept


def test_the_same_submission_under_the_same_key_is_one_case(served: Served) -> None:
    served.opens()
    applicant = served.person("applicant")

    first, second = (applicant.post("/cases", application(), Idempotency_Key="s-1") for _ in range(2))

    assert first.get_json() == second.get_json()
    assert len(applicant.json("/cases")["rows"]) == 1
