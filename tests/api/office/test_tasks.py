"""A task at the door: claimed, filled in, signed or objected to, by those it waits for and nobody else."""

import pytest
from sqlalchemy import func, select

from casework.tables import Clock
from engine.ports import ENGINE
from engine.tables import Act, UserTask
from tests.served import REVIEW_FORM, Served

SIGNED = {"outcome": "agree", "comment": "同意", "form": {"finding": "符合规定"}}


@pytest.fixture
def number(served: Served) -> str:
    served.opens()
    applicant = served.person("applicant")
    materials = [
        {"kind": "identity", "id": applicant.uploads("身份证.pdf")},
        {"kind": "premises", "id": applicant.uploads("租赁合同.pdf")},
    ]
    return served.accepted(materials=materials)


def test_a_task_shows_form_values_application_materials_and_outcomes(served: Served, number: str) -> None:
    officer = served.person("taxation")

    shown = officer.json(f"/inbox/{officer.task()}")

    assert shown["form"] == REVIEW_FORM
    assert shown["values"] == {"company": "临安知微生物科技有限公司"}
    assert shown["application"] == {"company": "临安知微生物科技有限公司", "staff": 12, "secret": "N-17"}
    assert [material["name"] for material in shown["materials"]] == ["身份证明", "住所文件"]
    assert shown["outcomes"] == [
        {"value": "agree", "label": "同意", "comment_required": False},
        {"value": "object", "label": "不同意", "comment_required": True},
    ]
    assert shown["applicant"]["name"] == "陆嘉禾"


def test_outcomes_and_names_are_told_in_english_too(served: Served, number: str) -> None:
    officer = served.person("taxation", "en")

    shown = officer.json(f"/inbox/{officer.task()}")

    assert [outcome["label"] for outcome in shown["outcomes"]] == ["Agree", "Object"]
    assert (shown["name"], shown["item_name"]) == ("Review", "Opening a company")


def test_an_outside_participant_sees_only_what_the_item_names_for_it(served: Served, number: str) -> None:
    served.person("taxation").does(number, "object", "欠税未清")
    bank = served.person("bank")

    shown = bank.json(f"/inbox/{bank.task()}")

    assert shown["application"] == {"company": "临安知微生物科技有限公司"}
    assert [material["kind"] for material in shown["materials"]] == ["premises"]
    assert shown["opinions"] == []
    assert "欠税未清" not in str(shown)
    assert "N-17" not in str(shown)


def test_the_opinion_of_another_department_is_there_the_moment_it_is_given(served: Served, number: str) -> None:
    served.person("taxation").does(number, "object", "欠税未清")
    officer = served.person("market-regulation")

    shown = officer.json(f"/inbox/{officer.task()}")

    assert [(one["department"]["code"], one["comment"]) for one in shown["opinions"][1:]] == [("taxation", "欠税未清")]


@pytest.mark.parametrize("login", ["bank", "applicant", "window", "supervisor", "lead", "admin"])
@pytest.mark.parametrize("verb", ["", "/claim", "/complete"])
def test_a_task_for_which_the_caller_is_no_candidate_is_not_found(
    served: Served, number: str, login: str, verb: str
) -> None:
    task = served.person("taxation").task()

    answer = (
        served.person(login).post(f"/inbox/{task}{verb}", SIGNED if verb == "/complete" else {})
        if verb
        else (served.person(login).get(f"/inbox/{task}"))
    )

    assert answer.status_code == 404


def test_an_unknown_task_is_not_found(served: Served) -> None:
    officer = served.person("taxation")
    for path in ("/inbox/nonsense", "/inbox/019cac0f-2680-70d5-8de0-8a62a3683564"):
        assert officer.get(path).status_code == 404
        assert officer.post(f"{path}/complete", SIGNED).status_code == 404


def test_claiming_takes_the_task_and_releasing_gives_it_back(served: Served, number: str) -> None:
    officer, colleague = served.person("taxation"), served.person("taxation-2")
    task = officer.task()

    assert officer.post(f"/inbox/{task}/claim").get_json()["assignee"] == "taxation"
    assert colleague.post(f"/inbox/{task}/claim").status_code == 409
    assert colleague.post(f"/inbox/{task}/complete", SIGNED).status_code == 409
    assert officer.post(f"/inbox/{task}/release").get_json()["assignee"] is None
    assert colleague.post(f"/inbox/{task}/claim").status_code == 200
    assert officer.post(f"/inbox/{task}/release").status_code == 409


def test_giving_back_what_nobody_holds_changes_nothing(served: Served, number: str) -> None:
    officer = served.person("taxation")
    before = served.person("window").json(f"/cases/{number}")["timeline"]

    assert officer.post(f"/inbox/{officer.task()}/release").get_json()["assignee"] is None
    assert officer.post(f"/engine-rest/task/{officer.task()}/unclaim").status_code == 204

    assert served.person("window").json(f"/cases/{number}")["timeline"] == before


def test_the_head_assigns_also_what_a_colleague_holds(served: Served, number: str) -> None:
    officer, head = served.person("taxation"), served.person("taxation-head")
    task = officer.task()
    officer.post(f"/inbox/{task}/claim")

    assigned = head.post(f"/inbox/{task}/assign", {"assignee": "taxation-2"})

    assert assigned.get_json()["assignee"] == "taxation-2"
    assert served.person("taxation-2").json("/inbox?claimed=mine")["rows"][0]["id"] == task


@pytest.mark.parametrize("assignee", ["bank", "applicant", "nobody", "lead"])
def test_only_people_of_the_department_can_be_assigned(served: Served, number: str, assignee: str) -> None:
    head = served.person("taxation-head")

    refused = head.post(f"/inbox/{head.task()}/assign", {"assignee": assignee})

    assert (refused.status_code, refused.get_json()["errors"][0]["path"]) == (422, "assignee")


def test_only_the_head_assigns(served: Served, number: str) -> None:
    officer = served.person("taxation")

    assert officer.post(f"/inbox/{officer.task()}/assign", {"assignee": "taxation-2"}).status_code == 403
    assert served.person("bank-head").post(f"/inbox/{officer.task()}/assign", {"assignee": "bank"}).status_code == 404


def test_a_draft_is_kept_with_the_task_and_shown_over_the_variables(served: Served, number: str) -> None:
    officer = served.person("taxation")
    task = officer.task()

    kept = officer.put(f"/inbox/{task}/draft", {"form": {"finding": "尚待核实"}})

    assert kept.status_code == 200
    assert officer.json(f"/inbox/{task}")["values"]["finding"] == "尚待核实"
    assert "尚待核实" not in str(served.person("market-regulation").json(f"/cases/{number}"))


def test_completing_an_unclaimed_task_claims_it(served: Served, number: str) -> None:
    officer = served.person("taxation")

    done = officer.post(f"/inbox/{officer.task()}/complete", SIGNED).get_json()

    assert (done["state"], done["assignee"], done["outcome"]) == ("COMPLETED", "taxation", "agree")


def test_a_finished_task_shows_what_was_handed_in(served: Served, number: str) -> None:
    officer = served.person("taxation")
    task = officer.task()
    officer.post(f"/inbox/{task}/complete", SIGNED)

    shown = officer.json(f"/inbox/{task}")

    assert (shown["state"], shown["outcome"], shown["comment"]) == ("COMPLETED", "agree", "同意")
    assert shown["values"]["finding"] == "符合规定"


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ({"outcome": "approve", "form": {"finding": "可"}}, {"outcome"}),
        ({"form": {"finding": "可"}}, {"outcome"}),
        ({"outcome": "object", "comment": " ", "form": {}}, {"comment"}),
        ({"outcome": "agree", "form": {}}, {"finding"}),
        ({"outcome": "maybe", "form": {"finding": 5}}, {"outcome", "finding"}),
        ({"outcome": "agree", "form": {}, "colour": "red"}, {"colour"}),
    ],
)
def test_what_does_not_hold_is_told_whole_and_leaves_the_case_untouched(
    served: Served, number: str, body: dict[str, object], paths: set[str]
) -> None:
    officer = served.person("taxation")
    task = officer.task()
    before = _rows(served)

    refused = officer.post(f"/inbox/{task}/complete", body)

    assert refused.status_code == 422
    assert {fault["path"] for fault in refused.get_json()["errors"]} == paths
    assert _rows(served) == before


def _rows(served: Served) -> tuple[object, ...]:
    """What a completion would change."""
    with served.database.view(ENGINE) as tx:
        return (
            tx.session.scalar(select(func.count()).select_from(Act)),
            tuple(tx.session.execute(select(UserTask.id, UserTask.revision, UserTask.state).order_by(UserTask.id))),
            tuple(tx.session.execute(select(Clock.id, Clock.revision).order_by(Clock.id))),
        )


def test_a_second_completion_answers_as_the_first_under_the_same_key_else_409(served: Served, number: str) -> None:
    officer = served.person("taxation")
    task = officer.task()

    first = officer.post(f"/inbox/{task}/complete", SIGNED, Idempotency_Key="c-1")
    again = officer.post(f"/inbox/{task}/complete", SIGNED, Idempotency_Key="c-1")

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.get_json() == first.get_json()
    assert officer.post(f"/inbox/{task}/complete", SIGNED, Idempotency_Key="c-2").status_code == 409
    assert officer.post(f"/inbox/{task}/complete", SIGNED).status_code == 409
    with served.database.view(ENGINE) as tx:
        signed = select(func.count()).where(Act.kind == "task.completed", Act.subject == task)
        assert tx.session.scalar(signed) == 1


def test_a_stale_tag_is_412_and_a_finished_task_409_whatever_the_tag(served: Served, number: str) -> None:
    officer = served.person("taxation")
    task = officer.task()
    seen = officer.get(f"/inbox/{task}").headers["ETag"]

    claimed = officer.post(f"/inbox/{task}/claim", If_Match=seen)

    assert claimed.headers["ETag"] != seen
    assert officer.post(f"/inbox/{task}/complete", SIGNED, If_Match=seen).status_code == 412
    assert officer.post(f"/inbox/{task}/complete", SIGNED, If_Match=claimed.headers["ETag"]).status_code == 200
    assert officer.post(f"/inbox/{task}/complete", SIGNED, If_Match=seen).status_code == 409


def test_the_coordinator_never_signs(served: Served, number: str) -> None:
    task = served.person("taxation").task()

    assert served.person("lead").post(f"/inbox/{task}/complete", SIGNED).status_code == 404


def test_a_correction_needs_words_and_an_open_task(served: Served, number: str) -> None:
    officer = served.person("taxation")
    task = officer.task()

    empty = officer.post(f"/inbox/{task}/request-correction", {"items": ["  "]})
    officer.post(f"/inbox/{task}/complete", SIGNED)
    late = officer.post(f"/inbox/{task}/request-correction", {"items": ["补充账号"]})

    assert (empty.status_code, late.status_code) == (422, 409)


def test_a_correction_asked_for_under_a_stale_tag_is_412(served: Served, number: str) -> None:
    officer = served.person("taxation")
    path = f"/inbox/{officer.task()}"
    seen = officer.get(path).headers["ETag"]
    officer.post(f"{path}/claim")
    wanted = {"items": ["补交租赁合同"]}

    assert officer.post(f"{path}/request-correction", wanted, If_Match=seen).status_code == 412
    now = officer.get(path).headers["ETag"]
    assert officer.post(f"{path}/request-correction", wanted, If_Match=now).status_code == 201


def test_the_last_signature_opens_exactly_one_delivery(served: Served, number: str) -> None:
    for login in ("taxation", "bank"):
        served.person(login).does(number, "agree", finding="符合")
        assert served.person("window").json("/inbox")["rows"] == []

    served.person("market-regulation").does(number, "agree", finding="符合")

    assert [row["act"] for row in served.person("window").json("/inbox")["rows"]] == ["deliver"]
