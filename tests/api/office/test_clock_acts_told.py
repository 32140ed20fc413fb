"""What is kept and told of acts on clocks: evidence, the course of the case, notices, and what a reversal undoes."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from casework import cases, special_procedures
from casework.special_procedures import Wanted
from casework.tables import Slip
from engine.ports import ENGINE
from engine.tables import Act
from tests.api.office.test_clock_acts import AS_ACCEPTED, EVIDENT, EXCLUDE, EXTEND, PAUSE, RESUME, REVERSE, SERVED
from tests.served import opened
from tests.terms import Terms
from tests.world import World


@pytest.fixture
def terms(staffed_url: str, world: World) -> Iterator[Terms]:
    with opened(staffed_url, world) as database:
        yield Terms(database, world).opens_for()


@pytest.fixture
def number(terms: Terms) -> str:
    return terms.accepted_at("2026-03-02 10:00")


def test_the_head_of_the_lead_department_pauses_the_whole_case_and_the_applicant_is_told(
    terms: Terms, number: str
) -> None:
    assert terms.does(number, "planning-head", "pause", "PROMISED", **PAUSE).status_code == 200

    assert set(terms.last_days(number).values()) == {None}
    told = [row["text"] for row in terms.person("applicant").json("/notices/mine")["rows"]]
    assert any("中止办理" in text and "申请人申请中止" in text for text in told)


def test_a_reversed_exclusion_counts_for_nothing(terms: Terms, number: str) -> None:
    terms.does(number, "fire-head", "exclude", "fire", **EXCLUDE)
    terms.comes("2026-03-05 10:00")

    reversed_ = terms.does(number, "fire-head", "reverse", "fire", **REVERSE)

    assert reversed_.status_code == 200, reversed_.text
    assert terms.last_days(number) == AS_ACCEPTED
    (pause,) = reversed_.get_json()["pauses"]
    assert pause["reversed_at"] is not None
    assert terms.does(number, "fire-head", "reverse", "fire", **REVERSE).status_code == 409


def test_a_reversed_pause_of_the_case_counts_for_nothing_on_any_of_its_clocks(terms: Terms, number: str) -> None:
    terms.does(number, "planning-head", "pause", "PROMISED", **PAUSE)
    terms.comes("2026-03-04 10:00")
    terms.does(number, "planning-head", "resume", "PROMISED", **RESUME)
    assert terms.last_days(number)["fire"] == "2026-03-11"

    assert terms.does(number, "planning-head", "reverse", "STATUTORY", **REVERSE).status_code == 200
    assert terms.last_days(number) == AS_ACCEPTED


def test_an_extension_that_was_reversed_is_gone_and_may_be_granted_anew(terms: Terms, number: str) -> None:
    assert terms.does(number, "government-leader", "extend", "STATUTORY", **EXTEND).status_code == 200
    assert terms.last_days(number)["STATUTORY"] == "2026-05-28"
    assert terms.does(number, "government-leader", "extend", "STATUTORY", **EXTEND).status_code == 409

    reversed_ = terms.does(number, "government-leader", "reverse", "STATUTORY", **REVERSE)
    assert reversed_.status_code == 200, reversed_.text
    assert terms.last_days(number) == AS_ACCEPTED

    assert terms.does(number, "government-leader", "extend", "STATUTORY", **EXTEND).status_code == 200
    assert terms.last_days(number)["STATUTORY"] == "2026-05-28"


def test_the_applicant_is_told_that_what_they_were_told_of_is_reversed(terms: Terms, number: str) -> None:
    terms.does(number, "government-leader", "extend", "STATUTORY", **EXTEND)
    terms.does(number, "government-leader", "reverse", "STATUTORY", **REVERSE)
    terms.does(number, "fire-head", "exclude", "fire", **EXCLUDE)
    terms.does(number, "fire-head", "reverse", "fire", **REVERSE)

    told = [row["text"] for row in terms.person("applicant").json("/notices/mine")["rows"]]
    assert ["延期" in text or "检测" in text for text in told if "已撤销" in text] == [True, True]
    assert all("2026-03-16" in text for text in told if "已撤销" in text)


def test_a_special_procedure_is_reversed_before_its_notice_is_served(terms: Terms) -> None:
    number = terms.accepted_at("2026-03-02 10:00", "window")
    with terms.database.begin(ENGINE) as tx:
        case = cases.by_number(tx, number)
        until = datetime.fromisoformat(EXCLUDE["expected_end"])
        wanted = Wanted("fire", "testing", EXCLUDE["legal_basis"], until, "fire-head")
        slip = special_procedures.begin(tx, case, wanted).document
    before = terms.last_days(number)

    assert terms.does(number, "planning-head", "reverse", "planning", **REVERSE).status_code == 409
    reversed_ = terms.does(number, "fire-head", "reverse", "fire", **REVERSE)
    assert reversed_.status_code == 200, reversed_.text

    told = SERVED | {"served_at": "2026-03-02T10:00:00+08:00"}
    assert terms.person("window").post(f"/cases/{number}/slips/{slip}/serve", told).status_code == 200
    assert terms.last_days(number) == before
    course = [one["kind"] for one in terms.person("lead").json(f"/cases/{number}")["timeline"]]
    assert "procedure.reversed" in course


@pytest.mark.parametrize(
    ("login", "act", "clock", "said", "line", "applicant_reads"),
    [
        ("fire-head", "pause", "fire", PAUSE, "部门时限中止", False),
        ("planning-head", "pause", "PROMISED", PAUSE, "承诺时限中止", True),
    ],
    ids=["of a share", "of the case"],
)
def test_the_course_tells_of_a_pause_once_and_to_whom_it_concerns(
    terms: Terms, number: str, login: str, act: str, clock: str, said: Any, line: str, applicant_reads: bool
) -> None:
    terms.does(number, login, act, clock, **said)

    paused = {
        reader: [
            one["text"]
            for one in terms.person(reader).json(f"/cases/{number}")["timeline"]
            if one["kind"] == "clock.paused"
        ]
        for reader in ("lead", "applicant")
    }
    assert paused == {"lead": [line], "applicant": [line] if applicant_reads else []}


def test_the_course_tells_of_an_extension_of_the_laws_limit_alone(terms: Terms, number: str) -> None:
    terms.comes("2026-03-18 10:00")
    terms.does(number, "government-leader", "extend", "STATUTORY", **EXTEND)

    course = terms.person("applicant").json(f"/cases/{number}")["timeline"]
    assert [one["text"] for one in course if one["kind"] == "clock.extended"] == ["法定时限延长至2026-05-28 23:59"]


def test_an_extension_of_a_clock_that_stands_still_is_told_without_a_date(terms: Terms, number: str) -> None:
    terms.does(number, "planning-head", "pause", "PROMISED", **PAUSE)
    terms.does(number, "government-leader", "extend", "STATUTORY", **EXTEND)

    course = terms.person("lead").json(f"/cases/{number}")["timeline"]
    [extended] = [one["text"] for one in course if one["kind"] == "clock.extended"]
    assert extended == "承诺时限延长，截止日期待恢复计算后确定"


def test_a_head_does_not_reverse_what_the_leader_granted(terms: Terms, number: str) -> None:
    terms.does(number, "government-leader", "extend", "STATUTORY", **EXTEND)

    assert terms.does(number, "planning-head", "reverse", "STATUTORY", **REVERSE).status_code == 403


def test_an_expected_end_is_told_as_it_was_said(terms: Terms, number: str) -> None:
    at_ten = {"expected_end": "2026-03-20T10:00:00+08:00"}
    terms.does(number, "fire-head", "exclude", "fire", **EXCLUDE | at_ten)
    terms.does(number, "planning-head", "pause", "PROMISED", **PAUSE | at_ten)

    (row, *_) = terms.person("supervisor").json("/supervision/pauses")["rows"]
    told = [one["text"] for one in terms.person("applicant").json("/notices/mine")["rows"]]
    with terms.database.view(ENGINE) as tx:
        slip = tx.session.scalars(select(Slip).where(Slip.kind == "special-procedure")).one()
    assert datetime.fromisoformat(row["expected_end_at"]) == datetime.fromisoformat(at_ten["expected_end"])
    assert [text for text in told if "检测" in text or "中止" in text] == [
        text for text in told if "2026-03-20 10:00" in text
    ]
    assert len([text for text in told if "2026-03-20 10:00" in text]) == 2
    assert json.loads(slip.content)["facts"]["time"].startswith("2026-03-20T10:00")


def test_every_act_is_evidence_with_its_ground_and_both_deadlines(terms: Terms, number: str) -> None:
    terms.does(number, "fire-head", "exclude", "fire", **EXCLUDE)

    course = terms.person("lead").json(f"/cases/{number}")["timeline"]
    excluded = [entry for entry in course if entry["kind"] == "clock.excluded"]
    assert [entry["text"] for entry in excluded] == ["承诺时限因特别程序停止计算"]
    assert {entry["basis"] for entry in excluded} == {"行政许可法第四十五条"}
    assert excluded[0]["document"].startswith("000000TC20260302")


@pytest.mark.parametrize(
    ("login", "act", "clock", "said"),
    [
        ("fire-head", "pause", "fire", PAUSE),
        ("fire-head", "exclude", "fire", EXCLUDE),
        ("government-leader", "extend", "STATUTORY", EXTEND),
    ],
    ids=["pause", "exclude", "extend"],
)
def test_the_number_of_the_paper_stays_with_the_act_and_with_its_reversal(
    terms: Terms, number: str, login: str, act: str, clock: str, said: Any
) -> None:
    terms.does(number, login, act, clock, **said | {"document_number": "临政审〔2026〕3号"})
    terms.does(number, login, "reverse", clock, **REVERSE, document_number="临政审〔2026〕4号")

    kinds = (f"clock.{EVIDENT[act]}", "clock.reversed")
    with terms.database.view(ENGINE) as tx:
        acts = tx.session.scalars(select(Act).where(Act.kind.in_(kinds)).order_by(Act.seq)).all()
    done = {(one.kind, one.actor, one.reason, one.basis, one.document) for one in acts}
    assert done == {
        (kinds[0], login, said["reason_code"], said["legal_basis"], "临政审〔2026〕3号"),
        (kinds[1], login, REVERSE["reason_code"], REVERSE["legal_basis"], "临政审〔2026〕4号"),
    }
    deadlines = {one.subject: (one.old, one.new) for one in acts if one.kind == kinds[0]}
    assert {one.subject: (one.new, one.old) for one in acts if one.kind == kinds[1]} == deadlines
    assert all(before != after for before, after in deadlines.values())


def test_the_number_of_the_paper_is_shown_beside_that_of_the_slip(terms: Terms, number: str) -> None:
    paper = {"document_number": "临政审〔2026〕3号"}
    excluded = terms.does(number, "fire-head", "exclude", "fire", **EXCLUDE | paper)
    extended = terms.does(number, "government-leader", "extend", "STATUTORY", **EXTEND | paper)

    (pause,), (extension,) = excluded.get_json()["pauses"], extended.get_json()["extensions"]
    assert pause["document"] == extension["paper"] == "临政审〔2026〕3号"
    assert extension["document"].startswith("000000YQ20260302")


def test_the_applicant_sees_why_time_stood_still_and_not_who_decided_it(terms: Terms, number: str) -> None:
    terms.does(number, "planning-head", "pause", "PROMISED", **PAUSE)

    (pause,) = terms.clocks(number, "applicant")["PROMISED"]["pauses"]

    assert (pause["reason_name"], pause["asked_by"], pause["department"]) == ("申请人申请中止", None, None)
    assert "fire" not in terms.clocks(number, "applicant")
