"""A step for who submitted the case, such as to agree to an appointment; nobody else's, and no act of the office."""

import json

import pytest

from tests.diagrams import Element, diagram, end, flow, flows, properties, start, user_task
from tests.served import APPLICATION_FORM, DEPARTMENTS, REVIEW, Served, accept, item

AGREEMENT = {
    "id": "agreement",
    "type": "default",
    "components": [{"id": "f1", "type": "textfield", "key": "remark", "label": "说明"}],
}
AGREED = {"outcome": "agreed", "form": {"remark": "届时到场"}}


def office_with(served: Served, meaning: Element) -> Served:
    """The window accepts, taxation says something, then the applicant is asked."""
    asked = user_task(
        "asked",
        meaning,
        name="确认时间\nAgree to the time",
        assignee="${submitted_by}",
        formRef="agreement",
        formRefBinding="latest",
    )
    drawn = diagram(
        start(),
        accept(),
        user_task("review", properties(act="review", outcomes=REVIEW), name="审查\nReview", candidateGroups="taxation"),
        asked,
        end(),
        end("declined"),
        flows("start", "accept"),
        flow("accept", "review", "${acceptance == 'accept'}"),
        flow("accept", "declined", "${acceptance == 'decline'}"),
        flows("review", "asked", "end"),
    )
    served.deploy(
        approval_bpmn=drawn,
        application_form=json.dumps(APPLICATION_FORM).encode(),
        agreement_form=json.dumps(AGREEMENT).encode(),
        item_toml=item(),
    )
    return served


@pytest.fixture
def office(served: Served) -> Served:
    return office_with(served, properties(outcomes="agreed 同意 Agreed; other 另约 Another time"))


def asked(office: Served, login: str = "applicant") -> str:
    """The number of a case, submitted by this person, in which the applicant is asked."""
    number = office.accepted() if login == "applicant" else str(office.submits(login)["number"])
    if login != "applicant":
        assert office.person("window").post(f"/cases/{number}/accept").status_code == 200
    office.person("taxation").does(number, "object", "欠税未清")
    return number


@pytest.mark.parametrize("login", ["applicant", "agent", "window"])
def test_who_submitted_the_case_finds_the_step_in_the_inbox_and_completes_it(office: Served, login: str) -> None:
    number, person = asked(office, login), office.person(login)
    [row] = person.json(f"/inbox?case_number={number}")["rows"]

    kept = person.put(f"/inbox/{row['id']}/draft", {"form": {"remark": "待定"}})
    done = person.post(f"/inbox/{row['id']}/complete", AGREED)

    assert (row["name"], kept.status_code, done.status_code) == ("确认时间", 200, 200)
    assert office.person("lead").json(f"/cases/{number}")["state"] == "CONCLUDED"


def test_the_step_shows_the_application_and_nothing_departments_tell_each_other(office: Served) -> None:
    number, applicant = asked(office), office.person("applicant")

    shown = applicant.json(f"/inbox/{applicant.task(number)}")

    assert shown["application"]["company"] == "临安知微生物科技有限公司"
    assert [outcome["value"] for outcome in shown["outcomes"]] == ["agreed", "other"]
    assert shown["opinions"] == []
    assert "欠税未清" not in str(shown)


@pytest.mark.parametrize("login", ["agent", "window", "window-head", *DEPARTMENTS])
def test_to_everybody_else_the_step_is_not_there(office: Served, login: str) -> None:
    number = asked(office)
    task = office.person("applicant").task(number)

    assert office.person(login).get(f"/inbox/{task}").status_code == 404
    assert office.person(login).post(f"/inbox/{task}/complete", AGREED).status_code == 404


@pytest.mark.parametrize("verb", ["release", "claim"])
def test_the_applicant_can_only_answer_it(office: Served, verb: str) -> None:
    applicant = office.person("applicant")
    task = applicant.task(asked(office))

    assert applicant.post(f"/inbox/{task}/{verb}").status_code == 403
    wanted = applicant.post(f"/inbox/{task}/request-correction", {"items": ["材料"]})
    assert wanted.status_code == 403


@pytest.mark.parametrize("act", ["review", "decide", "coordinate", "deliver"])
def test_an_act_of_the_office_stays_the_offices_whoever_it_is_assigned_to(served: Served, act: str) -> None:
    office = office_with(served, properties(act=act, outcomes="approve 准予 Approve; refuse 不予许可 Refuse"))
    applicant = office.person("applicant")
    task = applicant.task(asked(office))

    refused = applicant.post(f"/inbox/{task}/complete", {"outcome": "approve", "form": {}})

    assert refused.status_code == 403
    assert "办结任务须由" in refused.get_json()["detail"]


@pytest.mark.parametrize(
    ("leaver", "to", "moved"), [("applicant", "agent", 0), ("window", "agent", 0), ("window", "window-2", 1)]
)
def test_it_is_handed_over_only_between_colleagues(office: Served, leaver: str, to: str, moved: int) -> None:
    number = asked(office, leaver)
    task = office.person(leaver).task(number)

    answer = office.person("admin").post(f"/people/{leaver}/hand-over", {"to": to, "reason": "离岗"}).get_json()

    assert (answer["moved"], answer["refused"]) == (moved, 1 - moved)
    assert office.person(to if moved else leaver).post(f"/inbox/{task}/complete", AGREED).status_code == 200


@pytest.mark.parametrize("to", [None, "taxation"])
def test_an_applicant_s_step_is_handed_over_to_nobody(office: Served, to: str | None) -> None:
    asked(office)

    answer = office.person("admin").post("/people/applicant/hand-over", {"reason": "离职", "to": to}).get_json()

    assert [row["problem"]["detail"] for row in answer["holdings"]] == [
        "该环节须由申请人本人办理，不能移交；请联系申请人办理，或由其撤件。"
    ]


def test_a_window_clerk_s_own_step_goes_to_a_colleague_who_has_to_be_named(office: Served) -> None:
    """The clerk submitted the case for an applicant and leaves."""
    number = asked(office, "window")
    leaves = office.person("admin")

    nowhere = leaves.post("/people/window/hand-over", {"reason": "调岗"}).get_json()
    handed = leaves.post("/people/window/hand-over", {"reason": "调岗", "to": "window-2"}).get_json()

    assert "指定同一部门的接收人" in nowhere["holdings"][0]["problem"]["detail"]
    assert handed["moved"] == 1
    assert len(office.person("window-2").json(f"/inbox?case_number={number}")["rows"]) == 1
