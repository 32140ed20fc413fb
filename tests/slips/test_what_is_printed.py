"""What the applicant reads on the page that a case's course brings about: reasons, remedies, whom to turn to."""

import json

import pytest

from casework.slips import SlipKind
from tests.clocked import at
from tests.served import Served, item
from tests.slips.conftest import Submits
from tests.slips.pages import text
from tests.slips.test_occasions import deciding, slips

__all__ = ["deciding"]

RECONSIDERATION, ACTION = "六十日内依法申请行政复议", "六个月内依法向人民法院提起行政诉讼"
"""行政复议法 art. 20, 行政诉讼法 art. 46: what a refusal has to tell (行政许可法 art. 38)."""


def page(served: Served, number: str, kind: SlipKind) -> str:
    """The text of a slip as the applicant prints it."""
    slip = slips(served, number)[kind]
    answer = served.person("applicant").get(f"/cases/{number}/slips/{slip.number}.pdf")
    assert answer.status_code == 200, answer.text
    return text(answer.data)


def test_a_refusal_gives_the_reasons_and_how_to_appeal(deciding: Served) -> None:
    number = deciding.accepted()
    deciding.person("taxation").does(number, "refuse", "消防间距不足六米")

    printed = page(deciding, number, SlipKind.DECISION)

    for said in ("不予许可", "消防间距不足六米", "第三十八条", RECONSIDERATION, ACTION):
        assert said in printed
    assert "营业执照" not in printed


@pytest.mark.parametrize("authority", [None, "省药品监督管理局"], ids=["unnamed", "named"])
def test_a_decline_gives_the_reasons_whom_to_turn_to_and_how_to_appeal(
    served: Served, online: Submits, authority: str | None
) -> None:
    number = online()
    body = {"comment": "不属于本机关职权范围", "competent_authority": authority}
    assert served.person("window").post(f"/cases/{number}/decline", body).status_code == 200

    printed = page(served, number, SlipKind.DECLINE)

    for said in ("不予受理", "不属于本机关职权范围", "第三十二条", RECONSIDERATION, ACTION):
        assert said in printed
    assert ("请向有权受理的行政机关" in printed, "省药品监督管理局" in printed) == (bool(authority), bool(authority))


def test_an_acceptance_marks_the_deadline_that_a_calendar_to_come_may_move_and_no_other(served: Served) -> None:
    """2027 is not published: the promise ends on 4 December, the limit of the law in the new year."""
    served.opens()
    served.deploy(item_toml=item(statutory="45WD"))
    served.world.now = at("2026-11-20 10:00")

    printed = page(served, served.accepted(), SlipKind.ACCEPTANCE)

    assert "承诺办结期限2026年12月4日（含当日）法定办结期限2027年1月25日（含当日）（暂定）" in printed
    assert "注明“暂定”的期限" in printed


@pytest.mark.parametrize("outcome", ["approve", "refuse"])
def test_from_the_decision_ten_working_days_are_left_to_deliver_it(deciding: Served, outcome: str) -> None:
    number = deciding.accepted()
    deciding.person("taxation").does(number, outcome, "材料齐全" if outcome == "approve" else "材料不实")

    clocks = deciding.person("window").json(f"/cases/{number}/clocks")["rows"]
    (delivery,) = (clock for clock in clocks if clock["kind"] == "DELIVERY")
    decision = json.loads(slips(deciding, number)[SlipKind.DECISION].content)["facts"]

    assert delivery["started_at"] == "2026-03-02T09:00:00.000+08:00"
    assert decision["decided_at"] == "2026-03-02T09:00:00+08:00"
    assert (delivery["statutory_limit"], delivery["statutory_due_at"]) == ("10WD", "2026-03-16T23:59:59.000+08:00")


def test_an_approval_says_when_the_result_is_delivered(deciding: Served) -> None:
    number = deciding.accepted()
    deciding.person("taxation").does(number, "approve")

    printed = page(deciding, number, SlipKind.DECISION)

    assert "十日内" in printed
    assert "第四十四条" in printed
    assert RECONSIDERATION not in printed
