"""Acceptance scenario 34, bulk acts: one call completes many tasks, and what is wrong with one stops no other."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from casework import cases, logins
from casework.applicants import Applicant
from casework.applications import Application
from casework.tables import Case, CaseState
from engine import evidence
from engine.ports import ENGINE
from engine.tables import Act, Answer, UserTask
from tests.diagrams import properties, straight, user_task
from tests.served import APPLICANT, APPLICATION_FORM, REVIEW_FORM, Served, application, item, opened
from tests.world import World

DECISION = "approve 准予 Approve; refuse 不予许可 Refuse"
APPROVED = {"outcome": "approve", "form": {"finding": "符合规定"}}


@pytest.fixture
def office(database_url: str, world: World) -> Iterator[Served]:
    """An office with an instant item (即办件): accepted on submission, decided by taxation in one step."""
    decide = user_task(
        "decide",
        properties(act="decide", outcomes=DECISION),
        name="决定\nDecision",
        candidateGroups="taxation",
        formRef="review",
        formRefBinding="latest",
    )
    with opened(database_url, world) as database:
        served = Served(database, world)
        served.deploy(
            approval_bpmn=straight(decide),
            application_form=json.dumps(APPLICATION_FORM).encode(),
            review_form=json.dumps(REVIEW_FORM).encode(),
            item_toml=item(("taxation",), code="instant"),
        )
        yield served


def submitted(office: Served, number: int) -> list[str]:
    """The open tasks of so many cases, handed in by one person in one go."""
    with office.database.view(ENGINE) as tx:
        known = logins.by_login(tx, "applicant")
    assert known is not None
    with office.database.begin(known.actor) as tx:
        for _ in range(number):
            cases.submit(tx, Application("instant", Applicant(**APPLICANT), application()["form"]))
    with office.database.view(ENGINE) as tx:
        return list(tx.session.scalars(select(UserTask.id).order_by(UserTask.id)))


def completes(office: Served, tasks: list[dict[str, Any]], **headers: str) -> Any:
    answer = office.person("taxation").post("/inbox/complete", {"tasks": tasks}, **headers)
    assert answer.status_code == 200, answer.text
    return answer


def concluded(office: Served) -> int:
    with office.database.view(ENGINE) as tx:
        return tx.session.scalar(select(func.count()).where(Case.state == CaseState.CONCLUDED)) or 0


def test_34_bulk_acts__three_of_two_hundred_are_invalid(office: Served) -> None:
    tasks = submitted(office, 200)
    wanted: list[dict[str, Any]] = [{"id": task} | APPROVED for task in tasks]
    wanted[7] |= {"form": {}}
    wanted[70] |= {"outcome": "refuse", "comment": " "}
    wanted[199] |= {"revision": 9}

    answer = completes(office, wanted).get_json()

    assert (answer["succeeded"], answer["refused"]) == (197, 3)
    assert [one["id"] for one in answer["tasks"]] == tasks
    refused = {place: one for place, one in enumerate(answer["tasks"]) if one["status"] != 200}
    assert {place: one["status"] for place, one in refused.items()} == {7: 422, 70: 422, 199: 412}
    assert refused[7]["problem"]["errors"][0]["path"] == "finding"
    assert refused[70]["problem"]["errors"][0]["detail"] == "选择“不予许可”须说明理由。"
    assert refused[199]["problem"]["detail"] == "该记录已被他人更新，请刷新后重试。"
    assert concluded(office) == 197
    assert len(office.person("taxation").json("/inbox")["rows"]) == 3


def test_34_bulk_acts__repeated_under_the_same_key(office: Served) -> None:
    first, second = submitted(office, 2)
    tasks = [{"id": first} | APPROVED, {"id": second} | APPROVED | {"form": {}}]

    once = completes(office, tasks, Idempotency_Key="batch-1")
    office.person("taxation").post(f"/inbox/{second}/complete", APPROVED)
    again = completes(office, tasks, Idempotency_Key="batch-1")

    assert again.data == once.data
    assert again.headers["Idempotency-Replayed"] == "true"
    assert [one["status"] for one in once.get_json()["tasks"]] == [200, 422]
    without_key = completes(office, tasks).get_json()
    assert [one["status"] for one in without_key["tasks"]] == [409, 409]


def test_34_bulk_acts__a_request_that_broke_off_half_way_is_sent_again(office: Served) -> None:
    """The first task was signed under the request's key when the server was lost; the answer never was kept."""
    tasks = [{"id": task} | APPROVED for task in submitted(office, 3)]
    completes(office, tasks, Idempotency_Key="batch-1")
    with office.database.begin(ENGINE) as tx:
        tx.session.execute(delete(Answer).where(Answer.key.in_(["batch-1", "batch-1#2"])))

    again = completes(office, tasks, Idempotency_Key="batch-1").get_json()

    assert [one["status"] for one in again["tasks"]] == [200, 200, 409]


def test_34_bulk_acts__each_is_evidence_of_its_own_case(office: Served) -> None:
    tasks = submitted(office, 2)

    completes(office, [{"id": task} | APPROVED | {"comment": "同意"} for task in tasks])

    with office.database.view(ENGINE) as tx:
        acts = tx.session.scalars(select(Act).where(Act.kind == "task.completed")).all()
        assert {(act.subject, act.actor, act.reason) for act in acts} == {(task, "taxation", "同意") for task in tasks}
        assert len({act.operation for act in acts}) == 2
        assert [evidence.verify(tx, act.root_id) for act in acts] == [None, None]


def test_34_bulk_acts__what_may_not_be_known_of_is_not_found(office: Served) -> None:
    tasks = [{"id": submitted(office, 1)[0]} | APPROVED, {"id": "nonsense"} | APPROVED]

    answer = office.person("bank").post("/inbox/complete", {"tasks": tasks}).get_json()

    assert [one["status"] for one in answer["tasks"]] == [404, 404]


def test_34_bulk_acts__many_are_claimed_at_once(office: Served) -> None:
    tasks = submitted(office, 3)
    office.person("taxation-2").post(f"/inbox/{tasks[1]}/claim")

    answer = office.person("taxation").post("/inbox/claim", {"tasks": [{"id": task} for task in tasks]}).get_json()

    assert [one["status"] for one in answer["tasks"]] == [200, 409, 200]
    assert len(office.person("taxation").json("/inbox?claimed=mine")["rows"]) == 2


@pytest.mark.parametrize("number", [0, 501])
def test_34_bulk_acts__at_most_five_hundred(office: Served, number: int) -> None:
    tasks = [{"id": "019cac0f-2680-70d5-8de0-8a62a3683564"} | APPROVED] * number

    refused = office.person("taxation").post("/inbox/complete", {"tasks": tasks})

    assert (refused.status_code, refused.get_json()["errors"][0]["path"]) == (422, "tasks")
