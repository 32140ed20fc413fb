"""What an enterprise registration owes its people beside the numbered scenarios: bank, applicant, corrections."""

from datetime import UTC, datetime, timedelta

from tests.acceptance.registration import ALL_SEVEN, PACKAGE, Registration

FRIDAY_MORNING = datetime(2026, 2, 13, 1, 0, tzinfo=UTC)
AFTER_THE_FESTIVAL = datetime(2026, 2, 24, 7, 0, tzinfo=UTC)
ASKED = {
    "market-regulation": "住所租赁合同缺少出租方签章",
    "human-resources": "参保人数与从业人数不一致，请核对",
}


def test_a_failed_bank_appointment_ends_as_rebooked_and_holds_nothing_up(office: Registration) -> None:
    number = office.is_accepted()
    office.is_signed(number, *(login for login in ALL_SEVEN if login != "bank"))

    without_reasons = office.signs(number, "bank", outcome="rebook", form={})
    rebooked = office.signs(number, "bank", outcome="rebook", form={}, comment="网点当日预约已满，客户经理另行联系")

    assert (without_reasons.status_code, rebooked.status_code) == (422, 200)
    assert [fault["path"] for fault in without_reasons.get_json()["errors"]] == ["comment"]
    office.is_signed(number, "window")
    case = office.case(number)
    assert (case["state"], case["decision"]) == ("CONCLUDED", "APPROVED")
    assert [one["label"] for one in case["opinions"] if one["outcome"] == "rebook"] == ["改约"]


def test_the_public_sees_the_progress_but_nothing_personal(office: Registration) -> None:
    receipt = office.applies()
    number, code = receipt["number"], receipt["query_code"]
    office.person("window").post(f"/cases/{number}/accept")
    office.is_signed(number, "market-regulation", comment="住所证明齐全")

    progress = office.anybody.get(f"/public/progress?number={number}&query_code={code}")

    said = progress.get_json()
    assert (said["state_name"], said["decision_name"], said["applicant_name"]) == ("已决定", "准予许可", "顾*和")
    assert len([step for step in said["steps"] if step["state_name"] == "办理中"]) == 6
    secrets = ("顾清和", "42910119870316041X", "13972801617", "陆嘉禾", "周文清", "住所证明齐全", "禾穗", code)
    assert [secret for secret in secrets if secret in progress.text] == []
    assert office.anybody.get(f"/public/progress?number={number}&query_code=22222222").status_code == 404


def test_the_bank_sees_only_the_fields_named_for_it(office: Registration) -> None:
    lease = {"kind": "premises", "id": office.person("applicant").uploads("租赁合同.pdf")}
    number = office.is_accepted(materials=[lease])
    office.is_signed(number, "market-regulation", comment="住所证明齐全")
    bank = office.person("bank")

    task, case = bank.get(f"/inbox/{bank.task(number)}"), bank.get(f"/cases/{number}")

    assert PACKAGE.item is not None
    named = PACKAGE.item.participants["bank"].fields
    assert named is not None
    application = task.get_json()["application"]
    assert {"company_name", "legal_representative", "phone"} <= application.keys()
    assert application.keys() <= {name.partition(".")[0] for name in named}
    assert application["legal_representative"] == {"name": "顾清和", "mobile": "13972801617"}
    secrets = ("禾穗", "温若岚", "兴业路", "农业机械装备制造", "住所证明齐全", "租赁合同")
    assert [secret for secret in secrets if secret in task.text or secret in case.text] == []
    assert (task.get_json()["materials"], task.get_json()["opinions"]) == ([], [])
    assert bank.get(f"/cases/{number}/materials/{lease['id']}").status_code == 404
    officer = office.person("taxation").get(f"/cases/{number}")
    assert [secret for secret in ("住所证明齐全", "租赁合同") if secret not in officer.text] == []


def test_the_notice_of_corrections_stops_the_promise_until_the_applicant_answers(office: Registration) -> None:
    office.world.now = FRIDAY_MORNING
    number = office.is_accepted()
    assert office.clocks(number)["PROMISED"]["due_at"] == "2026-02-14T23:59:59.000+08:00"
    office.time_passes(2 / 24)
    for login, text in ASKED.items():
        officer = office.person(login)
        asked = officer.post(f"/inbox/{officer.task(number)}/request-correction", {"items": [text]})
        assert asked.status_code == 201

    notice = office.person("lead").post(f"/cases/{number}/correction-notice").get_json()

    assert [one["text"] for one in notice["items"]] == list(ASKED.values())
    paused = office.clocks(number)
    assert office.case(number)["state"] == "CORRECTING"
    assert {paused[kind]["state"] for kind in ("PROMISED", "STATUTORY", *ALL_SEVEN)} == {"PAUSED"}
    assert (paused["PROMISED"]["due_at"], paused["CORRECTION"]["state"]) == (None, "RUNNING")

    office.time_passes((AFTER_THE_FESTIVAL - office.world.now) / timedelta(days=1))
    answered = office.person("applicant").post(f"/cases/{number}/supplement", {"form": {"insured_employees": 16}})

    assert (answered.status_code, answered.get_json()["state"]) == (200, "ACCEPTED")
    promise = office.clocks(number)["PROMISED"]
    assert (promise["state"], promise["due_at"]) == ("RUNNING", "2026-02-25T23:59:59.000+08:00")
    assert [(one["document"], one["working_days"]) for one in promise["pauses"]] == [(notice["number"], 2)]
    officer = office.person("human-resources")
    assert officer.json(f"/inbox/{officer.task(number)}")["application"]["insured_employees"] == 16
