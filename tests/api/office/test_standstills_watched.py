"""What supervision is told of whoever stops or lengthens a clock: one row an act, and a word when it lasts too long."""

from collections.abc import Iterator
from typing import Any

import pytest

from engine import jobs
from tests.served import opened
from tests.terms import Terms
from tests.world import World

PAUSE: Any = {
    "reason_code": "applicant-request",
    "legal_basis": "申请人书面申请",
    "document_number": "临政审中〔2026〕7号",
    "expected_end": "2026-03-20T18:00:00+08:00",
}
RESUME: Any = {"reason_code": "cause-ended"}
EXTEND: Any = {"reason_code": "complex", "legal_basis": "行政许可法第四十二条", "reason": "须补充勘察"}
REVERSE: Any = {"reason_code": "by-mistake", "legal_basis": "行政机关自行纠正"}


@pytest.fixture
def terms(staffed_url: str, world: World) -> Iterator[Terms]:
    with opened(staffed_url, world) as database:
        yield Terms(database, world).opens_for()


@pytest.fixture
def number(terms: Terms) -> str:
    return terms.accepted_at("2026-03-02 10:00")


def test_supervision_lists_an_extension_of_both_limits_as_the_one_act_that_it_is(terms: Terms, number: str) -> None:
    assert terms.does(number, "government-leader", "extend", "STATUTORY", **EXTEND).status_code == 200
    supervisor = terms.person("supervisor")

    def figure() -> int:
        counted: int = supervisor.json("/supervision/board")["standstills"]["extension"]["number"]
        return counted

    (row,) = supervisor.json("/supervision/pauses?kind=extension")["rows"]
    assert (row["case_number"], row["amount"], row["reversed_at"], figure()) == (number, "15WD", None, 1)

    assert terms.does(number, "government-leader", "reverse", "STATUTORY", **REVERSE).status_code == 200
    (row,) = supervisor.json("/supervision/pauses?kind=extension")["rows"]
    assert (row["reversed_at"] is None, figure()) == (False, 0)


@pytest.mark.parametrize(("ended", "told"), [(False, 1), (True, 0)], ids=["still paused", "ended in time"])
def test_whoever_asked_for_a_pause_is_told_once_when_it_outlasts_its_expected_end(
    terms: Terms, number: str, ended: bool, told: int
) -> None:
    assert terms.does(number, "planning-head", "pause", "PROMISED", **PAUSE).status_code == 200
    if ended:
        terms.comes("2026-03-20 10:00")
        assert terms.does(number, "planning-head", "resume", "PROMISED", **RESUME).status_code == 200

    for instant in ("2026-03-20 17:59", "2026-03-20 18:01", "2026-03-23 10:00"):
        terms.comes(instant)
        while jobs.run_due(terms.database, "worker"):
            pass

    mine = terms.person("planning-head").json("/notices/mine")["rows"]
    assert [row["kind"] for row in mine].count("pause-outlasted") == told
