"""Acceptance scenario 36, segmented completion: three buildings, each accepted separately, closed with the last."""

from typing import Any

import pytest

from tests.acceptance.completion import FOUR, LEAD, OPINION, SMALL, CompletionAcceptance

BUILDINGS = ("1 号楼", "2 号楼", "3 号楼")
LISTED = [
    {"name": name, "code": f"B-0{place}", "use": "residential", "floor_area": 90, "storeys": 3}
    for place, name in enumerate(BUILDINGS, 1)
]
ISSUED: Any = {"building_opinion_number": "云建联验〔2026〕7-1号", "building_opinion_issued_on": "2026-03-12"}
DECIDED: Any = {"opinion_number": "云建联验〔2026〕7号", "opinion_issued_on": "2026-03-12"}
HANDED: Any = {"delivered_document": "联合验收意见书", "delivery_method": "window", "receiver_name": "陆嘉禾"}


@pytest.fixture
def number(acceptances: CompletionAcceptance) -> str:
    """A project of three buildings that the window has accepted."""
    return acceptances.is_accepted(**SMALL, buildings=LISTED)


def passes(office: CompletionAcceptance, number: str, building: str) -> None:
    """All departments pass a building, and its own opinion is issued."""
    office.visits(number, ["planning"], building)
    office.is_recorded(number, ["planning"], f"勘验记录：{building}")
    office.is_checked_by_the_others(number, building)
    office.is_done(number, LEAD, OPINION + building, "issued", **ISSUED)


def test_36_segmented_completion__each_building_is_accepted_separately(
    acceptances: CompletionAcceptance, number: str
) -> None:
    passes(acceptances, number, "2 号楼")

    waiting = acceptances.open_steps(number)
    assert {name for _, name in waiting} == {"是否到场勘验：1 号楼", "是否到场勘验：3 号楼"}
    assert len(waiting) == 2 * len(FOUR)
    assert acceptances.case(number)["state"] == "ACCEPTED"


def test_36_segmented_completion__the_project_closes_when_the_last_building_passes(
    acceptances: CompletionAcceptance, number: str
) -> None:
    for building in ("3 号楼", "1 号楼"):
        passes(acceptances, number, building)
        assert acceptances.open_steps(number, "联合验收意见书") == []

    passes(acceptances, number, "2 号楼")

    assert acceptances.open_steps(number) == [(LEAD, "联合验收意见书")]
    acceptances.is_done(number, LEAD, "联合验收意见书", "approve", **DECIDED)
    acceptances.is_done(number, "window", "送达", "delivered", **HANDED)
    case = acceptances.case(number)
    assert (case["state"], case["decision"], case["open_steps"]) == ("CONCLUDED", "APPROVED", [])


def test_36_segmented_completion__a_building_that_fails_takes_no_other_with_it(
    acceptances: CompletionAcceptance, number: str
) -> None:
    acceptances.visits(number, ["planning"], "1 号楼")
    acceptances.is_recorded(number, ["planning"], "勘验记录：1 号楼", "fail")
    acceptances.is_checked_by_the_others(number, "1 号楼")
    assert len(acceptances.open_steps(number)) == 2 * len(FOUR)

    for building in ("2 号楼", "3 号楼"):
        passes(acceptances, number, building)

    assert acceptances.open_steps(number) == [(LEAD, "验收不合格决定")]
    acceptances.is_done(number, LEAD, "验收不合格决定", "refuse", "1 号楼未通过规划核实")
    assert acceptances.case(number)["decision"] == "REFUSED"


def test_36_segmented_completion__withdrawal_ends_every_building(
    acceptances: CompletionAcceptance, number: str
) -> None:
    passes(acceptances, number, "2 号楼")
    acceptances.visits(number, ["planning"], "1 号楼")

    withdrawn = acceptances.person("applicant").post(f"/cases/{number}/withdraw", {"reason": "拟一并申请"})

    assert withdrawn.status_code == 200
    assert acceptances.open_steps(number) == [("window", "退回材料")]
