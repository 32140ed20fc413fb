"""The course of a case gives rise to its slips: receipt, acceptance or decline, decision, proof of delivery."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from casework.slips import ServiceMeans, SlipKind
from casework.tables import Slip
from engine.ports import ENGINE
from tests.diagrams import diagram, end, flows, properties, start, user_task
from tests.served import APPLICANT, PDF, Served, accept, item
from tests.slips.conftest import Issuer, Submits
from tests.statements import statements

DECISION = "approve 准予许可 Approve; refuse! 不予许可 Refuse"
RESULT = b'[[results]]\nname = "\xe8\x90\xa5\xe4\xb8\x9a\xe6\x89\xa7\xe7\x85\xa7"\nrole = "taxation"\n'
DELIVERY_FORM = {
    "id": "delivery",
    "type": "default",
    "components": [
        {"id": "f1", "type": "textfield", "key": "delivery_method", "label": "送达方式"},
        {"id": "f2", "type": "textfield", "key": "receiver_name", "label": "领取人"},
    ],
}


def decided_and_delivered() -> bytes:
    """The window accepts, a department decides, the window delivers."""
    return diagram(
        start(),
        accept(),
        user_task(
            "decide", properties(act="decide", outcomes=DECISION, outcome="decision"), candidateGroups="taxation"
        ),
        user_task(
            "deliver",
            properties(act="deliver"),
            candidateGroups="window",
            formRef="delivery",
            formRefBinding="latest",
        ),
        end(),
        flows("start", "accept", "decide", "deliver", "end"),
    )


@pytest.fixture
def deciding(served: Served) -> Served:
    served.opens(drawn=decided_and_delivered())
    served.deploy(
        delivery_form=json.dumps(DELIVERY_FORM).encode(),
        item_toml=item() + RESULT,
    )
    return served


def slips(served: Served, number: str) -> dict[SlipKind, Slip]:
    with served.database.view(ENGINE) as tx:
        found = tx.session.scalars(select(Slip).order_by(Slip.id)).all()
    of_case = [slip for slip in found if json.loads(slip.content)["case_number"] == number]
    assert len({slip.kind for slip in of_case}) == len(of_case)
    return {slip.kind: slip for slip in of_case}


def facts(slip: Slip) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(slip.content)["facts"]
    return said


def test_who_hands_in_gets_a_receipt_with_the_papers_and_the_day_of_the_answer(served: Served, issues: Issuer) -> None:
    paper = served.person("applicant").uploads("身份证.pdf", PDF)
    number = served.submits(materials=[{"kind": "identity", "id": paper}])["number"]

    receipt = slips(served, number)[SlipKind.RECEIPT]

    assert receipt.number == "000000SJ20260302000001"
    assert facts(receipt) == {
        "materials": ["身份证明"],
        "until": "2026-03-10T00:00:00+08:00",
        "is_provisional": False,
    }


def test_acceptance_names_both_limits(served: Served, online: Submits) -> None:
    number = online()
    served.person("window").post(f"/cases/{number}/accept")

    acceptance = slips(served, number)[SlipKind.ACCEPTANCE]

    assert acceptance.issued_by == "window"
    assert facts(acceptance)["promised_until"] == "2026-03-17T00:00:00+08:00"
    assert facts(acceptance)["statutory_until"] == "2026-03-31T00:00:00+08:00"


def test_a_decline_gives_its_reasons(served: Served, online: Submits) -> None:
    number = online()
    served.person("window").post(f"/cases/{number}/decline", {"comment": "不属于本机关职权范围"})

    issued = slips(served, number)

    assert facts(issued[SlipKind.DECLINE])["reason"] == "不属于本机关职权范围"
    assert SlipKind.ACCEPTANCE not in issued


def test_own_papers_handed_back_after_a_decline_are_no_delivery(served: Served, online: Submits) -> None:
    number = online()
    served.person("window").post(f"/cases/{number}/decline", {"comment": "不属于本机关职权范围"})
    served.person("window").does(number)

    assert SlipKind.DELIVERY not in slips(served, number)


def test_a_decision_is_in_the_name_of_the_department(deciding: Served) -> None:
    number = deciding.accepted()
    deciding.person("taxation").does(number, "refuse", "资料不实")

    decision = slips(deciding, number)[SlipKind.DECISION]

    assert facts(decision) == {
        "decision": "REFUSED",
        "decided_at": "2026-03-02T09:00:00+08:00",
        "reason": "资料不实",
        "authority": "税务局",
        "results": ["营业执照"],
    }


def window_case(served: Served) -> str:
    """A case that the window received, accepted, and a department approved."""
    body = {"item": "opening", "applicant": APPLICANT, "form": {"company": "临安知微科技有限公司"}}
    number: str = served.person("window").post("/cases", body).get_json()["number"]
    served.person("window").post(f"/cases/{number}/accept")
    served.person("taxation").does(number, "approve")
    return number


def test_what_is_handed_over_is_proven_and_serves_the_decision(deciding: Served) -> None:
    number = window_case(deciding)
    assert slips(deciding, number)[SlipKind.DECISION].served_at is None
    deciding.person("window").does(number, delivery_method="window", receiver_name="陆嘉禾")

    issued = slips(deciding, number)

    decision, proof = issued[SlipKind.DECISION], issued[SlipKind.DELIVERY]
    assert facts(proof) == {
        "things": [f"办结通知书（{decision.number}）", "营业执照"],
        "means": "直接送达",
        "receiver": "陆嘉禾",
        "delivered_at": "2026-03-02T09:00:00+08:00",
    }
    assert {(slip.means, slip.receiver) for slip in (decision, proof)} == {(ServiceMeans.COUNTER, "陆嘉禾")}


@pytest.mark.parametrize("method", ["post", "", "by pigeon"], ids=["by post", "unsaid", "unknown"])
def test_by_post_the_decision_is_served_when_the_clerk_knows_it_arrived(deciding: Served, method: str) -> None:
    number = window_case(deciding)
    deciding.person("window").does(number, delivery_method=method)

    issued = slips(deciding, number)

    assert (issued[SlipKind.DECISION].served_at, issued[SlipKind.DELIVERY].served_at) == (None, None)


def test_online_the_decision_is_served_at_once_and_the_delivery_when_it_is_taken(deciding: Served) -> None:
    number = deciding.accepted()
    deciding.person("taxation").does(number, "approve")
    assert slips(deciding, number)[SlipKind.DECISION].means == ServiceMeans.ELECTRONIC
    deciding.person("window").does(number, delivery_method="post")

    assert slips(deciding, number)[SlipKind.DELIVERY].served_at is None


def test_a_review_costs_no_statement_for_slips(served: Served, online: Submits) -> None:
    number = online()
    served.person("window").post(f"/cases/{number}/accept")
    officer = served.person("taxation")
    body = {"outcome": "agree", "form": {"finding": "符合规定"}}

    with statements(served.database.engine) as sent:
        assert officer.post(f"/inbox/{officer.task(number)}/complete", body).status_code == 200

    assert [sql for sql in sent if "slip" in sql.lower()] == []
