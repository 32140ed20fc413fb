"""Who does a user task and who may claim it, in BPMN's own words (Camunda 7 reads them like its attributes)."""

import pytest

from engine.diagram.model import Assignment
from tests.diagrams import element, faults_of, only_process, performer, straight, user_task


def assignment(*roles: object, **attributes: str) -> Assignment:
    said = only_process(straight(user_task("work", *roles, **attributes))).nodes["work"].assignment
    assert said is not None
    return said


def test_a_human_performer_is_the_assignee() -> None:
    said = assignment(performer("humanPerformer", "${clerk}"))
    assert said.assignee is not None
    assert said.assignee.text == "${clerk}"


@pytest.mark.parametrize(
    ("owner", "users", "groups"),
    [
        ("fire", [], ["fire"]),
        ("user(li), group(fire)", ["li"], ["fire"]),
        ("user(${clerk}),taxation", ["${clerk}"], ["taxation"]),
        ("group(${urgent ? a : b})", [], ["${urgent ? a : b}"]),
    ],
)
def test_potential_owners_are_candidates(owner: str, users: list[str], groups: list[str]) -> None:
    said = assignment(performer("potentialOwner", owner))
    assert [one.text for one in said.candidate_users] == users
    assert [one.text for one in said.candidate_groups] == groups


def test_candidates_of_both_spellings_count_together() -> None:
    said = assignment(performer("potentialOwner", "user(li)"), candidateGroups="fire", candidateUsers="wang")
    assert [one.text for one in said.candidate_users] == ["wang", "li"]
    assert [one.text for one in said.candidate_groups] == ["fire"]


def test_a_role_of_a_resource_that_is_declared_elsewhere_is_refused() -> None:
    role = element("potentialOwner", element("resourceRef", "fire"))
    assert {at for at, _ in faults_of(straight(user_task("work", role)))} == {"work"}
