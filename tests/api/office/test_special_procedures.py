"""Special procedures (特别程序) as the diagram takes them: applied for, approved, told in writing, held, over."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.served import opened
from tests.terms import Terms
from tests.world import World

TESTING: Any = {"procedure_kind": "testing", "procedure_until": "2026-03-20", "procedure_grounds": "耐火极限检测"}
HEARING: Any = TESTING | {"procedure_kind": "hearing"}
ARRANGED: Any = {
    "hearing_requested_on": "2026-03-02",
    "hearing_on": "2026-03-16",
    "hearing_place": "三号会议室",
    "hearing_notified": "申请人、相邻业主",
}
RECORD: Any = {"hearing_parties": "申请人、相邻业主", "hearing_record": "相邻业主同意调整后的方案"}


@pytest.fixture
def terms(staffed_url: str, world: World) -> Iterator[Terms]:
    with opened(staffed_url, world) as database:
        yield Terms(database, world).opens_for()


@pytest.fixture
def number(terms: Terms) -> str:
    return terms.accepted_at("2026-03-02 10:00")


def applied_for(terms: Terms, number: str, said: Any = TESTING) -> None:
    assert terms.person("fire").post(f"/cases/{number}/special-procedures").status_code == 201
    answer = terms.answers(number, "fire", "填写申请", "submitted", **said)
    assert answer.status_code == 200, answer.text


def approved(terms: Terms, number: str, said: Any = TESTING) -> None:
    applied_for(terms, number, said)
    answer = terms.answers(number, "fire-head", "审批特别程序", "approve")
    assert answer.status_code == 200, answer.text


def state(terms: Terms, number: str, clock: str = "fire") -> str:
    return str(terms.clocks(number)[clock]["state"])


def test_time_runs_until_the_head_approves_and_when_the_head_refuses(terms: Terms, number: str) -> None:
    applied_for(terms, number)
    assert state(terms, number) == "RUNNING"

    assert terms.answers(number, "fire-head", "审批特别程序", "refuse", "无须检测").status_code == 200
    assert state(terms, number) == "RUNNING"
    assert terms.person("fire").json(f"/inbox?case_number={number}")["rows"][0]["name"] == "fire 审查"


def test_what_the_head_sends_back_is_written_again(terms: Terms, number: str) -> None:
    applied_for(terms, number)
    terms.answers(number, "fire-head", "审批特别程序", "return", "请写明检测机构")

    answer = terms.answers(number, "fire", "填写申请", "submitted", **TESTING, procedure_body="省消防产品质检中心")

    assert answer.status_code == 200
    assert terms.answers(number, "fire-head", "审批特别程序", "approve").status_code == 200
    assert state(terms, number) == "EXCLUDED"


def test_the_applicant_is_told_which_procedure_and_how_long(terms: Terms, number: str) -> None:
    approved(terms, number)

    told = [row["text"] for row in terms.person("applicant").json("/notices/mine")["rows"]]
    assert any("检测" in text and "2026-03-20" in text for text in told)
    slips = [one["kind"] for one in terms.person("applicant").json(f"/cases/{number}/slips")["rows"]]
    assert "special-procedure" in slips


def test_only_a_department_at_work_applies_and_not_before_acceptance(terms: Terms, number: str) -> None:
    assert terms.person("taxation").post(f"/cases/{number}/special-procedures").status_code == 404
    assert terms.person("lead").post(f"/cases/{number}/special-procedures").status_code == 403
    assert terms.person("supervisor").post(f"/cases/{number}/special-procedures").status_code == 403


def test_it_ends_at_the_latest_when_its_longest_time_is_over(terms: Terms) -> None:
    terms.opens_for(changed={"promised": '10WD"\nspecial_procedure = "15WD'})
    number = terms.accepted_at("2026-03-02 10:00")
    approved(terms, number)

    terms.comes("2026-03-24 00:00")

    assert state(terms, number) == "RUNNING"
    assert terms.last_days(number)["fire"] == "2026-03-31"
    assert terms.person("fire").json(f"/inbox?case_number={number}")["rows"][0]["name"] in ("登记结果", "fire 审查")


def test_an_end_that_lies_too_far_is_refused(terms: Terms, number: str) -> None:
    terms.person("fire").post(f"/cases/{number}/special-procedures")

    answer = terms.answers(number, "fire", "填写申请", "submitted", **TESTING | {"procedure_until": "2026-12-31"})

    assert (answer.status_code, [one["path"] for one in answer.get_json()["errors"]]) == (422, ["procedure_until"])


@pytest.mark.parametrize(
    ("on", "wrong"),
    [("2026-03-10", True), ("2026-03-11", False), ("2026-03-30", False), ("2026-03-31", True)],
    ids=["six days after the notice", "seven days", "twenty days after the request", "twenty-one days"],
)
def test_a_hearing_is_announced_seven_days_before_and_held_within_twenty(
    terms: Terms, number: str, on: str, wrong: bool
) -> None:
    approved(terms, number, HEARING)

    answer = terms.answers(number, "fire", "安排听证", "announced", **ARRANGED | {"hearing_on": on})

    assert answer.status_code == (422 if wrong else 200), answer.text
    assert [one["path"] for one in answer.get_json().get("errors", [])] == (["hearing_on"] if wrong else [])


def test_who_examines_the_case_does_not_hold_its_hearing(terms: Terms, number: str) -> None:
    reviewer = terms.person("fire")
    assert reviewer.post(f"/inbox/{terms.step(number, 'fire', 'fire 审查')}/claim").status_code == 200
    approved(terms, number, HEARING)
    assert terms.answers(number, "fire", "安排听证", "announced", **ARRANGED).status_code == 200

    refused = terms.answers(number, "fire", "主持听证", "held", **RECORD)
    assert refused.status_code == 403
    assert "第四十八条" in refused.get_json()["detail"]
    assert reviewer.post(f"/inbox/{terms.step(number, 'fire', '主持听证')}/claim").status_code == 403

    assert terms.answers(number, "fire-2", "主持听证", "held", **RECORD).status_code == 200
    assert state(terms, number) == "RUNNING"


def test_a_procedure_that_is_over_when_its_service_is_recorded_excludes_what_lay_between(terms: Terms) -> None:
    number = terms.accepted_at("2026-03-02 10:00", "window")
    approved(terms, number)
    window = terms.person("window")
    slips = {one["kind"]: one["number"] for one in window.json(f"/cases/{number}/slips")["rows"]}
    terms.comes("2026-03-05 10:00")
    assert terms.answers(number, "fire", "登记结果", "obtained", procedure_conclusion="合格").status_code == 200
    assert terms.last_days(number)["fire"] == "2026-03-09"

    said = {"means": "counter", "receiver": "陆嘉禾", "served_at": "2026-03-03T10:00:00+08:00"}
    served = window.post(f"/cases/{number}/slips/{slips['special-procedure']}/serve", said)

    assert served.status_code == 200, served.text
    assert (state(terms, number), terms.last_days(number)["fire"]) == ("RUNNING", "2026-03-11")
