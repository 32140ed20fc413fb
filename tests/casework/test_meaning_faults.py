"""What a designer is told when a diagram would not mean to the office what it was drawn for."""

import pytest

from casework import meaning, meaning_faults
from tests.diagrams import Element, only_process, properties, receive_task, service_task, straight, user_task

BOTH_WAYS = {"accept": "accept 受理; decline! 不予受理", "decide": "approve 准予许可; refuse! 不予许可"}


def window(**said: str) -> Element:
    return user_task("step", properties(**said), candidateGroups="window")


def system(**said: str) -> Element:
    return service_task("step", properties(**said), type="external", topic="registry")


def told(step: Element) -> list[str]:
    """The English sentence of every fault; each is found at the step."""
    faults = meaning_faults.faults(only_process(straight(step)))
    assert {fault.element_id for fault in faults} <= {"step"}
    return [fault.sentence.en for fault in faults]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("akt", "act"),
        ("Act", "act"),
        ("departmnt", "department"),
        ("limits", "limit"),
        ("aftre", "after"),
        ("outcoms", "outcomes"),
        ("outcomme", "outcome"),
    ],
)
def test_a_misspelt_property_name_is_told_with_the_name_that_was_meant(typed: str, meant: str) -> None:
    (fault,) = told(window(**{typed: "anything"}))
    assert f"“{typed}”" in fault
    assert f"“{meant}”" in fault


@pytest.mark.parametrize("own", ["colour", "filter", "fact", "owner", "actuary_table", "x", ""])
def test_a_designers_own_property_is_left_alone(own: str) -> None:
    assert told(window(**{own: "anything"})) == []


def test_a_limit_where_it_would_do_nothing_is_told() -> None:
    (fault,) = told(system(limit="inspection"))
    assert "here it does nothing" in fault
    assert told(window(limit="inspection")) == []
    assert told(receive_task("step", "case-supplemented", properties(act="correct", limit="rectification"))) == []


@pytest.mark.parametrize("act", ["accept", "review", "decide", "coordinate", "deliver"])
def test_what_only_a_person_does_is_no_act_of_a_service_task(act: str) -> None:
    (fault,) = told(system(act=act))
    assert "user tasks only" in fault


def test_an_acceptance_that_no_person_can_make_leaves_the_case_accepted_on_submission() -> None:
    assert meaning.accepts_by_itself(only_process(straight(system(act="accept"))))
    assert not meaning.accepts_by_itself(only_process(straight(window(act="accept"))))


@pytest.mark.parametrize(
    ("act", "offered", "missing"),
    [
        ("accept", "", "accept, decline"),
        ("accept", "accept 受理", "decline"),
        ("decide", "agree 同意; object! 不同意", "approve, refuse"),
        ("decide", "approve 准予许可", "refuse"),
    ],
)
def test_acceptance_and_decision_offer_both_ways(act: str, offered: str, missing: str) -> None:
    (fault,) = told(window(act=act, outcomes=offered))
    assert fault.endswith(f": {missing}.")


@pytest.mark.parametrize("act", BOTH_WAYS)
def test_a_step_that_offers_both_ways_is_right(act: str) -> None:
    assert told(window(act=act, outcomes=BOTH_WAYS[act])) == []


def test_a_user_task_that_nobody_would_see_is_told() -> None:
    (fault,) = told(user_task("step"))
    assert "nobody would ever see it" in fault


@pytest.mark.parametrize("to", [{"candidateGroups": "fire"}, {"candidateUsers": "li"}, {"assignee": "${officer}"}])
def test_any_candidate_or_an_assignee_will_do(to: dict[str, str]) -> None:
    assert told(user_task("step", **to)) == []


@pytest.mark.parametrize(("signers", "faults"), [("2", 0), ("9", 0), ("1", 1), ("10", 1), ("two", 1), ("", 0)])
def test_as_many_sign_as_two_to_nine(signers: str, faults: int) -> None:
    assert ["2 to 9" in fault for fault in told(window(signers=signers))] == [True] * faults


def test_nobody_signs_what_a_system_does() -> None:
    (fault,) = told(system(signers="2"))
    assert "user tasks only" in fault


def test_a_decision_to_which_nothing_else_is_left_offers_the_refusal_alone() -> None:
    assert told(window(act="decide", outcomes="refuse! 不予许可")) == []
