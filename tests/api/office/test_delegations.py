"""Delegating (委派): a colleague works on the task and gives it back; its owner answers for it."""

from typing import Any

import pytest

from tests.served import Person, Served

WHY = "请先核对账目"
SIGNED = {"outcome": "agree", "form": {"finding": "符合"}}


@pytest.fixture
def task(served: Served) -> str:
    """A task that taxation holds."""
    served.opens().accepted()
    officer = served.person("taxation")
    task = officer.task()
    officer.post(f"/inbox/{task}/claim")
    return task


def delegates(person: Person, task: str, to: str = "taxation-2", reason: str = WHY) -> Any:
    return person.post(f"/inbox/{task}/delegate", {"to": to, "reason": reason})


def resolves(person: Person, task: str, comment: str = "账目相符", **form: object) -> Any:
    return person.post(f"/inbox/{task}/resolve", {"comment": comment, "form": form})


def test_the_delegate_works_on_it_and_gives_it_back_to_its_owner_who_signs(served: Served, task: str) -> None:
    owner, delegate = served.person("taxation"), served.person("taxation-2")

    delegated = delegates(owner, task).get_json()
    assert (delegated["assignee"], delegated["owner"], delegated["delegation_state"]) == (
        "taxation-2",
        "taxation",
        "PENDING",
    )
    assert delegate.json("/inbox?claimed=mine")["rows"][0]["owner"] == "taxation"

    resolved = resolves(delegate, task, finding="账目相符").get_json()
    assert (resolved["assignee"], resolved["owner"], resolved["delegation_state"]) == (
        "taxation",
        "taxation",
        "RESOLVED",
    )
    assert owner.json(f"/inbox/{task}")["values"]["finding"] == "账目相符"
    assert delegate.post(f"/inbox/{task}/complete", SIGNED).status_code == 409
    assert owner.post(f"/inbox/{task}/complete", SIGNED).status_code == 200


def test_a_delegated_task_is_only_resolved_by_the_delegate(served: Served, task: str) -> None:
    owner, delegate = served.person("taxation"), served.person("taxation-2")
    delegates(owner, task)

    refused = delegate.post(f"/inbox/{task}/complete", SIGNED)

    assert (refused.status_code, "请反馈意见交回委派人" in refused.get_json()["detail"]) == (409, True)
    assert owner.post(f"/inbox/{task}/complete", SIGNED).status_code == 409
    for verb, body in [
        ("release", {}),
        ("transfer", {"to": {"login": "taxation-head"}, "reason": WHY}),
        ("delegate", {"to": "taxation-head", "reason": WHY}),
    ]:
        assert delegate.post(f"/inbox/{task}/{verb}", body).status_code == 409, verb
    assert resolves(owner, task).status_code == 409


def test_the_owner_takes_it_back(served: Served, task: str) -> None:
    owner, delegate = served.person("taxation"), served.person("taxation-2")
    delegates(owner, task)

    taken = owner.post(f"/inbox/{task}/claim").get_json()

    assert (taken["assignee"], taken["delegation_state"]) == ("taxation", None)
    assert resolves(delegate, task).status_code == 409
    assert owner.post(f"/inbox/{task}/complete", SIGNED).status_code == 200


def test_the_head_assigns_or_transfers_what_is_delegated_and_the_delegation_is_over(served: Served, task: str) -> None:
    owner, head = served.person("taxation"), served.person("taxation-head")
    delegates(owner, task)

    assigned = head.post(f"/inbox/{task}/assign", {"assignee": "taxation"}).get_json()
    assert (assigned["assignee"], assigned["delegation_state"]) == ("taxation", None)

    delegates(owner, task)
    transfer = {"to": {"login": "taxation-head"}, "reason": WHY}
    assert head.post(f"/inbox/{task}/transfer", transfer).get_json()["owner"] is None


def test_it_can_be_delegated_again_once_it_is_back(served: Served, task: str) -> None:
    owner, delegate = served.person("taxation"), served.person("taxation-2")
    delegates(owner, task)
    assert delegates(served.person("taxation-head"), task, "taxation-head").status_code == 409
    resolves(delegate, task)

    assert delegates(owner, task).get_json()["delegation_state"] == "PENDING"


@pytest.mark.parametrize(
    ("changed", "status"),
    [({"to": "bank"}, 422), ({"to": "applicant"}, 422), ({"to": "taxation"}, 409), ({"reason": " "}, 422)],
)
def test_it_takes_a_reason_and_another_person_of_the_department(
    served: Served, task: str, changed: dict[str, str], status: int
) -> None:
    assert delegates(served.person("taxation"), task, **changed).status_code == status


def test_nothing_is_given_back_without_a_word_or_that_was_not_delegated(served: Served, task: str) -> None:
    owner, delegate = served.person("taxation"), served.person("taxation-2")
    assert resolves(owner, task).status_code == 409
    delegates(owner, task)

    assert resolves(delegate, task, "  ").status_code == 422
    assert resolves(delegate, task, finding=5).status_code == 422
    assert resolves(served.person("bank"), task).status_code == 404
    assert delegate.json(f"/inbox/{task}")["delegation_state"] == "PENDING"


def test_the_course_says_who_asked_whom_and_what_was_found(served: Served, task: str) -> None:
    owner = served.person("taxation")
    delegates(owner, task)
    resolves(served.person("taxation-2"), task)

    number = owner.json(f"/inbox/{task}")["case_number"]
    lines = owner.json(f"/cases/{number}")["timeline"]

    told = [
        (line["kind"], line["who"]["login"], line["to_person"]["login"], line["reason"])
        for line in lines
        if line["kind"] in ("task.delegated", "task.resolved")
    ]
    assert told == [
        ("task.delegated", "taxation", "taxation-2", WHY),
        ("task.resolved", "taxation-2", "taxation", "账目相符"),
    ]
