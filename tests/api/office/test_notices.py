"""Nobody is left uninformed: what the applicant and the departments are told, how it leaves, and when it cannot."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from casework import notices
from casework.notices import KIND, Message, NoticeKind, PostRoom
from casework.senders import PostSender
from casework.tables import Case
from engine import jobs
from engine.errors import Sentence
from engine.ports import ENGINE
from tests.diagrams import diagram, end, flows, properties, start, user_task
from tests.receiver import Gateway
from tests.served import APPLICANT, Served, accept, corrections, withdrawal

SECRET = b"sixteen bytes and more"
DECISION = "approve 准予 Approve; refuse 不予许可 Refuse"
AGENT = {"name": "沈知遥", "id_number": None, "phone": "13605710002"}
MINUTES = 1 / 24 / 60


def decided_by_the_lead() -> bytes:
    """Accepted by the window, decided by market regulation while taxation reviews, delivered by the window."""
    return diagram(
        start(),
        accept(),
        user_task("decide", properties(act="decide", outcomes=DECISION), candidateGroups="market-regulation"),
        user_task("deliver", properties(act="deliver"), name="送达\nDelivery", candidateGroups="window"),
        end(),
        flows("start", "accept", "decide", "deliver", "end"),
        corrections(),
        withdrawal(),
    )


@pytest.fixture
def opening(served: Served) -> Served:
    return served.opens(drawn=decided_by_the_lead())


def carried(served: Served, sender: Callable[..., None], *kinds: str) -> None:
    """From now on one sender carries these kinds of notices, or all."""
    room = PostRoom({"gateway": sender}, dict.fromkeys(kinds or ("*",), "gateway"))
    served.database.ports = replace(served.database.ports, errands={KIND: room})


@pytest.fixture
def posted(opening: Served) -> list[tuple[Message, str]]:
    """Every message that left, with its key."""
    left: list[tuple[Message, str]] = []
    carried(opening, lambda message, key: left.append((message, key)))
    return left


@pytest.fixture
def gateway(opening: Served) -> Gateway:
    """An office's gateway that is down until the test brings it up, and carries every notice."""
    gateway = Gateway()
    with gateway.up():
        carried(opening, PostSender(gateway.url, SECRET))
    return gateway


def told(served: Served, number: str, login: str = "applicant", language: str | None = None) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = served.person(login, language).json(f"/cases/{number}/notices")["rows"]
    return rows


def kinds(rows: list[dict[str, Any]]) -> list[str]:
    return [row["kind"] for row in rows]


def test_the_applicant_is_told_at_every_turn_of_the_case(opening: Served) -> None:
    number = opening.accepted()
    opening.person("market-regulation").does(number, "approve")
    opening.person("window").does(number)

    assert kinds(told(opening, number)) == [
        "case-received",
        "case-accepted",
        "case-approved",
        "result-ready",
        "result-delivered",
    ]


def test_the_receipt_names_number_and_query_code_in_both_languages(opening: Served) -> None:
    receipt = opening.submits()
    number, code = receipt["number"], receipt["query_code"]

    [zh], [en] = told(opening, number), told(opening, number, language="en")

    assert zh["text"] == f"您申请的“企业开办”已收件，办件编号 {number}，查询码 {code}，凭此可随时查询进度。"
    assert en["text"].startswith(f"Your application “Opening a company” was received under number {number}.")
    assert code in en["text"]


def test_acceptance_promises_the_last_day_of_the_limit(opening: Served) -> None:
    """Ten working days from Monday 2 March 2026, the day itself not counted (民法典 art. 201)."""
    number = opening.accepted()

    assert told(opening, number)[-1]["text"].endswith("已受理。承诺于 2026-03-16 23:59 前办结。")


def test_a_refusal_is_told_as_one(opening: Served) -> None:
    number = opening.accepted()
    opening.person("market-regulation").does(number, "refuse", "不符合法定条件")

    assert kinds(told(opening, number))[2:] == ["case-refused", "result-ready"]


def test_who_is_declined_is_told_why_and_is_promised_no_result(served: Served) -> None:
    number = served.opens().submits()["number"]
    served.person("window").post(f"/cases/{number}/decline", {"comment": "应向市级机关申请"})
    served.person("window").does(number)

    assert kinds(told(served, number)) == ["case-received", "case-declined"]
    assert told(served, number)[-1]["text"] == f"您申请的“企业开办”（{number}）不予受理。理由：应向市级机关申请"


def test_a_notice_of_corrections_lists_everything_that_is_missing(opening: Served) -> None:
    number = opening.accepted()
    officer = opening.person("market-regulation")
    officer.post(f"/inbox/{officer.task()}/request-correction", {"items": ["住所证明缺页", "章程未签名"]})

    assert opening.person("lead").post(f"/cases/{number}/correction-notice").status_code == 201

    last = told(opening, number)[-1]
    assert last["kind"] == "correction-sent"
    assert "请一次补齐：1. 住所证明缺页；2. 章程未签名。" in last["text"]


def test_the_applicant_is_told_of_a_step_that_waits_for_the_applicant(served: Served) -> None:
    """And nobody is told of a step that the diagram gives to an official."""
    rectify = user_task("rectify", name="整改\nRectification", assignee="${submitted_by}")
    check = user_task("check", name="复验\nCheck", assignee="taxation")
    served.opens(
        drawn=diagram(start(), accept(), rectify, check, end(), flows("start", "accept", "rectify", "check", "end"))
    )
    number = served.accepted()
    task = served.person("applicant").task(number)
    served.person("applicant").post(f"/inbox/{task}/complete", {"form": {}})

    assert kinds(told(served, number)) == ["case-received", "case-accepted", "applicant-asked"]
    assert told(served, number)[-1]["text"].endswith("请登录办理或到窗口办理。事项：整改。")
    assert told(served, number, language="en")[-1]["text"].endswith("It is: Rectification.")


def test_a_withdrawal_is_told_to_the_applicant_and_to_each_department_whose_task_it_closed(served: Served) -> None:
    number = served.opens().accepted()
    served.person("taxation").does(number, "agree", finding="符合规定")

    served.person("applicant").post(f"/cases/{number}/withdraw", {})

    assert kinds(told(served, number))[-1] == "case-withdrawn"
    to_departments = {login: kinds(mine(served, login)) for login in ("market-regulation", "bank", "taxation")}
    assert to_departments == {"market-regulation": ["tasks-closed"], "bank": ["tasks-closed"], "taxation": []}


def mine(served: Served, login: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = served.person(login).json("/notices/mine")["rows"]
    return rows


def test_notices_are_read_by_whom_they_are_for(opening: Served) -> None:
    number = opening.accepted()

    assert kinds(mine(opening, "applicant")) == ["case-accepted", "case-received"]
    assert mine(opening, "agent") == []
    assert opening.person("agent").get(f"/cases/{number}/notices").status_code == 404


def test_what_a_window_handed_in_is_not_told_to_its_clerk(opening: Served) -> None:
    number = opening.submits("window")["number"]

    assert mine(opening, "window") == []
    assert kinds(told(opening, number, "window")) == ["case-received"]


def test_officials_see_that_it_was_sent_but_neither_the_whole_number_nor_the_query_code(
    opening: Served, posted: list[tuple[Message, str]]
) -> None:
    receipt = opening.submits()
    number = receipt["number"]
    jobs.run_due(opening.database, "w")

    [row] = told(opening, number, "window")
    course = [line["text"] for line in opening.person("window").json(f"/cases/{number}")["timeline"]]

    assert (row["state"], row["to"]["phone"]) == ("SENT", "139****0001")
    assert receipt["query_code"] not in row["text"]
    assert "向申请人发出收件凭证" in course
    assert receipt["query_code"] in posted[0][0].text.zh


def test_an_outside_participant_sees_none_of_what_the_applicant_is_told(served: Served) -> None:
    number = served.opens().accepted()

    assert told(served, number, "bank") == []


def test_the_senders_get_the_whole_number_of_who_acts_for_the_applicant(
    opening: Served, posted: list[tuple[Message, str]]
) -> None:
    opening.submits(applicant={**APPLICANT, "agent": AGENT})
    opening.submits(applicant=APPLICANT)

    jobs.run_due(opening.database, "w")

    assert [(message.name, message.phone) for message, _ in posted] == [
        ("沈知遥", "13605710002"),
        ("陆嘉禾", "13905710001"),
    ]


def test_only_the_kinds_that_a_sender_carries_leave_the_office(opening: Served) -> None:
    left: list[str] = []
    carried(opening, lambda message, key: left.append(message.kind), "case-accepted")

    number = opening.accepted()
    jobs.run_due(opening.database, "w")

    assert left == ["case-accepted"]
    assert [row["state"] for row in told(opening, number)] == ["KEPT", "SENT"]


def runs(served: Served, minutes: float = 0) -> None:
    """So much time passes, and what is due is done."""
    served.world.days_pass(minutes * MINUTES)
    jobs.run_due(served.database, "w")


def listed(served: Served, state: str, login: str = "supervisor") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = served.person(login).json(f"/notices?state={state}")["rows"]
    return rows


def test_a_gateway_that_is_down_delays_no_case_and_gets_its_notices_when_it_is_back(
    opening: Served, gateway: Gateway
) -> None:
    number = opening.accepted()
    runs(opening)
    opening.person("market-regulation").does(number, "approve")
    assert [(row["failures"], row["state"]) for row in listed(opening, "WAITING")][1:] == [(0, "WAITING")] + [
        (1, "WAITING")
    ] * 2

    with gateway.up():
        runs(opening, minutes=1)

    assert sorted(json.loads(one.body)["kind"] for one in gateway.received) == [
        "case-accepted",
        "case-approved",
        "case-received",
        "result-ready",
    ]
    assert listed(opening, "WAITING") == listed(opening, "FAILED") == []
    assert {one.headers["idempotency-key"] for one in gateway.received} == {
        row["id"] for row in listed(opening, "SENT")
    }


def test_after_the_last_try_a_notice_waits_for_a_person_who_sends_it_again(opening: Served, gateway: Gateway) -> None:
    """At once, then after 1, 5 and 30 minutes, 2 and 12 hours."""
    number = opening.submits()["number"]
    for minutes in (0, 1, 5, 30, 120):
        runs(opening, minutes)
        assert listed(opening, "FAILED") == []
    runs(opening, 720)

    [failed] = listed(opening, "FAILED")
    assert (failed["failures"], failed["case_number"], failed["next_try_at"]) == (6, number, None)
    assert "ConnectError" in failed["failure"]
    with gateway.up():
        answer = opening.person("supervisor").post(f"/notices/{failed['id']}/retry")
        runs(opening)

    assert (answer.status_code, answer.get_json()) == (200, {"id": failed["id"], "sender": "gateway"})
    assert [one.headers["idempotency-key"] for one in gateway.received] == [failed["id"]]
    assert listed(opening, "FAILED") == []
    assert opening.person("admin").json("/incidents")["rows"] == []


def test_a_notice_that_failed_goes_to_the_sender_that_carries_its_kind_now(opening: Served, gateway: Gateway) -> None:
    opening.submits()
    for minutes in (0, 1, 5, 30, 120, 720):
        runs(opening, minutes)
    [failed] = listed(opening, "FAILED")
    by_sms: list[str] = []
    room = PostRoom({"sms": lambda message, key: by_sms.append(key)}, {"*": "sms"})
    opening.database.ports = replace(opening.database.ports, errands={KIND: room})

    answer = opening.person("admin").post(f"/notices/{failed['id']}/retry")
    runs(opening)

    assert answer.get_json()["sender"] == "sms"
    assert by_sms == [failed["id"]]


def test_a_notice_that_is_sent_or_that_nobody_carries_is_not_sent_again(
    opening: Served, posted: list[tuple[Message, str]]
) -> None:
    opening.submits()
    runs(opening)
    [(_, sent)] = posted
    carried(opening, lambda message, key: None, "case-refused")
    opening.submits()
    [kept] = listed(opening, "KEPT")

    supervisor = opening.person("supervisor")
    assert [supervisor.post(f"/notices/{one}/retry").status_code for one in (sent, kept["id"])] == [409, 409]
    assert supervisor.post("/notices/nothing/retry").status_code == 404
    assert len(posted) == 1


def test_a_sender_that_this_server_does_not_have_is_named(opening: Served) -> None:
    room = PostRoom({}, {"*": "sms"})
    opening.database.ports = replace(opening.database.ports, errands={KIND: room})
    opening.submits()

    runs(opening)

    [waiting] = listed(opening, "WAITING")
    assert "“sms”" in waiting["failure"]


@pytest.mark.parametrize("login", ["window", "taxation", "taxation-head", "lead", "applicant", "designer"])
def test_only_administrators_and_supervisors_see_what_could_not_be_sent(opening: Served, login: str) -> None:
    person = opening.person(login)

    assert person.get("/notices?state=FAILED").status_code == 403
    assert person.post("/notices/x/retry").status_code == 403


def test_notices_of_a_confidential_case_are_in_nobodys_list(opening: Served) -> None:
    opening.submits()
    with opening.database.begin(ENGINE) as tx:
        tx.session.execute(update(Case).values(is_confidential=True))

    assert opening.person("admin").json("/notices")["rows"] == []


def test_a_person_or_a_department_is_told_in_a_commands_own_words(opening: Served) -> None:
    with opening.database.begin(ENGINE) as tx:
        text = Sentence("请尽快办理。", "Please hurry.")
        notices.tell(tx, notices.person("taxation"), NoticeKind.TASK_REMINDED, text)
        notices.tell(tx, notices.department("bank"), NoticeKind.CASE_COPIED, text)

    assert [(row["kind_name"], row["text"]) for row in mine(opening, "taxation")] == [("催办", "请尽快办理。")]
    assert kinds(mine(opening, "bank")) == ["case-copied"]
