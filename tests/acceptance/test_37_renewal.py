"""Acceptance scenario 37: a renewal in time that nobody decides on is granted by law when the old permit expires."""

import json
from typing import Any

import pytest

from engine import jobs
from tests.acceptance.registration import Registration
from tests.clocked import at
from tests.diagrams import diagram as drawn_as
from tests.diagrams import end, event_sub_process, flow, flows, message, properties, start, user_task
from tests.served import APPLICATION_FORM, accept, application, corrections, item
from tests.slips.pages import text

LAST_DAY = "2026-05-31"
"""A Sunday: the permit ends with the day, whatever day it is."""
DAY_BEFORE, EXPIRED = at("2026-05-31 23:59"), at("2026-06-01 00:00")
IN_TIME, TOO_LATE = at("2026-05-01 10:00"), at("2026-05-02 10:00")
"""行政许可法 art. 50: thirty days before 31 May is 1 May, a day off; the window is open all the same."""
RENEWAL = b'[renewal]\nexpires_on = "permit_expires_on"\n'
DATE = {
    "id": "f8",
    "type": "datetime",
    "subtype": "date",
    "key": "permit_expires_on",
    "dateLabel": "许可有效期至",
}
FORM = APPLICATION_FORM | {"components": [*APPLICATION_FORM["components"], DATE]}
DECIDE = "approve 准予 Approve; refuse 不予 Refuse"


def decided(*more: Any) -> bytes:
    """The window accepts, taxation decides, the window delivers."""
    meaning = properties(act="decide", outcomes=DECIDE, outcome="decision")
    return drawn_as(
        start(),
        accept(),
        user_task("decide", meaning, name="决定", candidateGroups="taxation"),
        user_task("deliver", properties(act="deliver"), name="送达", candidateGroups="window"),
        end("refused"),
        end(),
        flows("start", "accept", "decide"),
        flow("decide", "deliver", "${decision == 'approve'}"),
        flow("decide", "refused", "${decision == 'refuse'}"),
        flows("deliver", "end"),
        corrections(),
        *more,
    )


def granted_by_message() -> Any:
    """The diagram itself hears that the law has granted it."""
    return event_sub_process(
        "granted",
        start("renewed", message("renewal-granted")),
        user_task("issue", properties(act="deliver"), name="发证", candidateGroups="window"),
        end("issued"),
        flows("renewed", "issue", "issued"),
    )


def opens(office: Registration, diagram: bytes, more: bytes = RENEWAL) -> None:
    office.deploy(
        approval_bpmn=diagram,
        application_form=json.dumps(FORM).encode(),
        item_toml=item(["taxation"]) + more,
    )


def renews(office: Registration, **changes: Any) -> str:
    """The number of a renewal of the permit."""
    form = {"company": "临安知微生物科技有限公司", "permit_expires_on": LAST_DAY}
    return str(office.submits(form=form, **changes)["number"])


def due_work(office: Registration) -> None:
    while jobs.run_due(office.database, "worker"):
        pass


@pytest.mark.parametrize(
    ("more", "step"), [((), "送达"), ((granted_by_message(),), "发证")], ids=["decision drawn", "message drawn"]
)
def test_37_renewal__undecided_when_the_permit_expires_it_is_granted_by_law(
    office: Registration, more: tuple[Any, ...], step: str
) -> None:
    opens(office, decided(*more))
    office.world.now = IN_TIME
    number = renews(office)
    office.person("window").post(f"/cases/{number}/accept")
    office.world.now = DAY_BEFORE
    due_work(office)
    assert office.case(number)["state"] == "ACCEPTED"

    office.world.now = EXPIRED
    due_work(office)

    case = office.case(number)
    assert (case["state"], case["decision"], case["decided_by_law"]) == ("DECIDED", "APPROVED", True)
    assert case["decided_at"] == "2026-06-01T00:00:00.000+08:00"
    assert [row["name"] for row in office.inbox("window", number)] == [step]
    told = [(one["text"], one["basis"]) for one in case["timeline"] if one["kind"] == "case.granted_by_law"]
    assert told == [("依法视为准予延续", "行政许可法第五十条")]


def test_37_renewal__the_slip_of_what_the_law_has_granted_says_why(office: Registration) -> None:
    opens(office, decided())
    office.world.now = IN_TIME
    number = renews(office)
    office.person("window").post(f"/cases/{number}/accept")
    office.world.now = EXPIRED
    due_work(office)

    applicant = office.person("applicant")
    decisions = [one for one in applicant.json(f"/cases/{number}/slips")["rows"] if one["kind"] == "decision"]
    assert len(decisions) == 1
    printed = text(applicant.get(f"/cases/{number}/slips/{decisions[0]['number']}.pdf").data)
    for said in ("准予", "视为准予延续", "第五十条"):
        assert said in printed


def test_37_renewal__decided_in_time_it_stays_as_decided(office: Registration) -> None:
    opens(office, decided())
    office.world.now = IN_TIME
    number = renews(office)
    office.person("window").post(f"/cases/{number}/accept")
    refused = office.completes(number, "taxation", "决定", "refuse", "不再具备法定条件")
    assert refused.status_code == 200, refused.text

    office.world.now = EXPIRED
    due_work(office)

    case = office.case(number)
    assert (case["decision"], case["decided_by_law"]) == ("REFUSED", False)


def test_37_renewal__one_that_comes_too_late_is_decided_by_the_office_alone(office: Registration) -> None:
    opens(office, decided())
    office.world.now = TOO_LATE
    number = renews(office)
    office.person("window").post(f"/cases/{number}/accept")

    office.world.now = EXPIRED
    due_work(office)

    assert office.case(number)["decision"] is None


def test_37_renewal__an_item_may_refuse_what_comes_too_late_and_none_renews_what_has_expired(
    office: Registration,
) -> None:
    opens(office, decided(), RENEWAL + b'late = "refuse"\n')
    form = {"company": "临安知微生物科技有限公司", "permit_expires_on": LAST_DAY}
    answers = []
    for now in (TOO_LATE, EXPIRED):
        office.world.now = now
        whole = {"item": "opening", **whose_it_is(), "form": form}
        answers.append(office.person("applicant").post("/cases", whole))

    assert [answer.status_code for answer in answers] == [422, 422]
    late, expired = (answer.get_json()["errors"][0] for answer in answers)
    assert (late["path"], expired["path"]) == ("form.permit_expires_on", "form.permit_expires_on")
    assert "30 日前" in late["detail"]
    assert "重新申请" in expired["detail"]


def whose_it_is() -> dict[str, Any]:
    """What an application says besides its item and its form."""
    return {key: value for key, value in application().items() if key not in ("item", "form")}


def test_37_renewal__while_the_applicant_owes_corrections_the_silence_is_not_the_offices(
    office: Registration,
) -> None:
    opens(office, decided())
    office.world.now = IN_TIME
    number = renews(office)
    window = office.person("window")
    window.post(f"/inbox/{window.task(number)}/request-correction", {"items": ["补充年检报告"]})
    assert window.post(f"/cases/{number}/correction-notice").status_code == 201

    office.world.now = EXPIRED
    due_work(office)

    assert (office.case(number)["state"], office.case(number)["decision"]) == ("CORRECTING", None)
