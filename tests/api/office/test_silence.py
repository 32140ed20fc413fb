"""What the law makes of silence after receipt, however the diagram is drawn (行政许可法 art. 32)."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from casework import cases, deemed_acceptance
from casework.tables import Correction, CorrectionState
from engine import jobs
from engine.errors import Conflict
from engine.ports import ENGINE
from tests.choreography import DONE, race
from tests.clocked import at
from tests.diagrams import (
    boundary,
    diagram,
    end,
    error,
    event_sub_process,
    flow,
    flows,
    message,
    node,
    properties,
    receive_task,
    start,
    throw,
    timer,
    user_task,
)
from tests.office import actor
from tests.served import APPLICATION_FORM, REVIEW, REVIEW_FORM, Served, accept, corrections, item, withdrawal

MONDAY, FIFTH_DAY, TOO_LATE = at("2026-03-02 10:00"), at("2026-03-09 17:00"), at("2026-03-10 00:00")


def due_work(served: Served) -> None:
    while jobs.run_due(served.database, "worker"):
        pass


def case(served: Served, number: str) -> dict[str, Any]:
    shown: dict[str, Any] = served.person("lead").json(f"/cases/{number}")
    return shown


def clock(served: Served, number: str, kind: str) -> dict[str, Any]:
    return next(one for one in case(served, number)["deadlines"] if one["kind"] == kind)


def review() -> Any:
    meaning = properties(act="review", outcomes=REVIEW)
    return user_task("review", meaning, name="审查", candidateGroups="taxation")


def ways_from_acceptance() -> list[Any]:
    """Accepted, the case is reviewed; declined, it is over."""
    return [
        end("declined"),
        flow("accept", "review", "${acceptance == 'accept'}"),
        flow("accept", "declined", "${acceptance == 'decline'}"),
    ]


def drawn_on_the_receipt_clock() -> bytes:
    """(a) The diagram draws what happens when the five days are over."""
    return diagram(
        start(),
        accept(),
        boundary("silence", "accept", timer(date="${due('receipt')}")),
        throw("deemed", properties(act="deem-accept")),
        review(),
        end(),
        flows("start", "accept"),
        ways_from_acceptance(),
        flows("silence", "deemed", "review", "end"),
        corrections(),
        withdrawal(),
    )


def drawn_without_a_timer() -> bytes:
    """(b) The diagram knows nothing of the five days."""
    return diagram(
        start(),
        accept(),
        review(),
        end(),
        flows("start", "accept"),
        ways_from_acceptance(),
        flows("review", "end"),
        corrections(),
        withdrawal(),
    )


def drawn_to_remind() -> bytes:
    """The diagram draws a timer on the receipt clock that accepts nothing."""
    return diagram(
        start(),
        accept(),
        boundary("late", "accept", timer(date="${due('receipt')}"), interrupting=False),
        end("noted"),
        review(),
        end(),
        flows("start", "accept"),
        ways_from_acceptance(),
        flows("late", "noted"),
        flows("review", "end"),
        corrections(),
        withdrawal(),
    )


def drawn_behind_a_check() -> bytes:
    """Something comes before acceptance, and is late."""
    return diagram(
        start(),
        user_task("check", name="预审", candidateGroups="window"),
        accept(),
        review(),
        end(),
        flows("start", "check", "accept"),
        ways_from_acceptance(),
        flows("review", "end"),
        corrections(),
        withdrawal(),
    )


def opened(served: Served, drawn: bytes, more: bytes = b"", **changes: str) -> Served:
    served.deploy(
        approval_bpmn=drawn,
        application_form=json.dumps(APPLICATION_FORM).encode(),
        review_form=json.dumps(REVIEW_FORM).encode(),
        item_toml=more + item(["taxation"], **changes),
    )
    served.world.now = MONDAY
    return served


@pytest.mark.parametrize(
    "drawn",
    [drawn_on_the_receipt_clock(), drawn_without_a_timer(), drawn_to_remind()],
    ids=["drawn", "not drawn", "only a reminder"],
)
def test_however_it_is_drawn_the_case_is_accepted_as_of_its_receipt(served: Served, drawn: bytes) -> None:
    opened(served, drawn)
    number = str(served.submits()["number"])

    served.world.now = TOO_LATE
    due_work(served)
    served.world.days_pass(0.01)
    due_work(served)

    shown = case(served, number)
    assert (shown["state"], shown["accepted_by_law"]) == ("ACCEPTED", True)
    assert shown["accepted_at"] == "2026-03-02T10:00:00.000+08:00"
    assert [one["name"] for one in shown["open_steps"]] == ["审查"]
    assert [one["kind"] for one in shown["timeline"]].count("case.accepted_by_law") == 1


def test_a_step_of_acceptance_that_comes_later_is_ended_at_once(served: Served) -> None:
    opened(served, drawn_behind_a_check())
    number = str(served.submits()["number"])
    served.world.now = TOO_LATE
    due_work(served)
    assert (case(served, number)["state"], case(served, number)["accepted_by_law"]) == ("ACCEPTED", True)

    served.person("window").does(number)
    due_work(served)

    assert [one["name"] for one in case(served, number)["open_steps"]] == ["审查"]


def test_what_is_accepted_in_time_waits_for_no_silence(served: Served) -> None:
    opened(served, drawn_without_a_timer())
    served.world.now = MONDAY
    number = served.accepted()

    served.world.now = TOO_LATE
    due_work(served)

    assert case(served, number)["accepted_by_law"] is False


def test_the_five_days_of_another_kind_of_item_mean_nothing_that_is_not_drawn(served: Served) -> None:
    opened(served, drawn_without_a_timer(), kind="行政确认")
    number = str(served.submits()["number"])

    served.world.now = TOO_LATE
    due_work(served)

    assert case(served, number)["state"] == "RECEIVED"


def asked_and_sent(served: Served, number: str) -> None:
    window = served.person("window")
    window.post(f"/inbox/{window.task(number)}/request-correction", {"items": ["更正人数"]})
    sent = window.post(f"/cases/{number}/correction-notice")
    assert sent.status_code == 201, sent.text


def test_a_notice_that_was_never_served_does_not_stop_the_five_days(served: Served) -> None:
    opened(served, drawn_without_a_timer())
    number = str(served.submits("window")["number"])
    asked_and_sent(served, number)
    assert clock(served, number, "RECEIPT")["state"] == "RUNNING"

    served.world.now = TOO_LATE
    due_work(served)

    shown = case(served, number)
    assert (shown["state"], shown["accepted_by_law"]) == ("ACCEPTED", True)
    assert [one["name"] for one in shown["open_steps"]] == ["审查"]
    with served.database.view(ENGINE) as tx:
        notice = tx.session.scalars(select(Correction)).one()
    assert (notice.state, notice.served_at) == (CorrectionState.LAPSED, None)
    again = served.person("taxation")
    wanted = again.post(f"/inbox/{again.task(number)}/request-correction", {"items": ["更正人数"]})
    assert wanted.status_code == 201, "nobody has been told yet"


def test_from_its_service_on_the_notice_stops_the_clock(served: Served) -> None:
    opened(served, drawn_without_a_timer())
    number = str(served.submits("window")["number"])
    asked_and_sent(served, number)
    slip = case(served, number)["corrections"][0]["number"]
    served.world.now = at("2026-03-04 09:00")
    service = {"means": "counter", "receiver": "陆嘉禾", "served_at": at("2026-03-03 16:00").isoformat()}

    recorded = served.person("window").post(f"/cases/{number}/slips/{slip}/serve", service)

    assert recorded.status_code in (200, 201), recorded.text
    receipt = clock(served, number, "RECEIPT")
    assert (receipt["state"], receipt["due_at"]) == ("PAUSED", None)
    served.world.now = TOO_LATE
    due_work(served)
    assert case(served, number)["accepted_by_law"] is False
    # The Tuesday of the service counted: four of the five days are left when the applicant answers a week later.
    served.world.now = at("2026-03-10 09:00")
    answer = served.person("window").post(f"/cases/{number}/supplement", {"form": {"staff": 8}})
    assert answer.status_code == 200, answer.text
    assert clock(served, number, "RECEIPT")["due_at"] == "2026-03-16T23:59:59.000+08:00"


def test_silence_after_the_answer_accepts_as_of_the_answer(served: Served) -> None:
    opened(served, drawn_without_a_timer())
    number = str(served.submits()["number"])
    asked_and_sent(served, number)
    served.world.now = at("2026-03-05 09:00")
    assert served.person("applicant").post(f"/cases/{number}/supplement", {"form": {"staff": 8}}).status_code == 200

    served.world.now = at("2026-03-20 09:00")
    due_work(served)

    assert case(served, number)["accepted_at"] == "2026-03-05T09:00:00.000+08:00"


@pytest.mark.parametrize(
    ("on_supplement", "due"),
    [("resume", "2026-03-11T23:59:59.000+08:00"), ("restart", "2026-03-12T23:59:59.000+08:00")],
)
def test_after_the_supplement_the_time_goes_on_or_starts_again(served: Served, on_supplement: str, due: str) -> None:
    """Received on Monday, told on Tuesday, answered on Thursday: four days are left, or five anew."""
    opened(served, drawn_without_a_timer(), f'on_supplement = "{on_supplement}"\n'.encode())
    number = str(served.submits()["number"])
    served.world.now = at("2026-03-03 09:00")
    asked_and_sent(served, number)
    served.world.now = at("2026-03-05 09:00")

    served.person("applicant").post(f"/cases/{number}/supplement", {"form": {"staff": 8}})

    assert clock(served, number, "RECEIPT")["due_at"] == due


def lapsing(outcome: str) -> Any:
    """The notice waits in a sub-process of its own; when its time is over the item's own consequence follows."""
    after = {
        "declined": [user_task("tell", properties(act="deliver"), name="不予受理", candidateGroups="window")],
        "withdrawn": [throw("tell", properties(act="withdraw"))],
    }[outcome]
    return event_sub_process(
        "corrections",
        start("noticed", message("correction-noticed"), isInterrupting=False),
        receive_task("answer", "case-supplemented", properties(act="correct")),
        boundary("lapsed", "answer", timer(date="${due('correction')}")),
        end("answered"),
        node("endEvent", "gone", error("correction-lapsed")),
        flows("noticed", "answer", "answered"),
        flows("lapsed", "gone"),
    ), event_sub_process(
        "lapse",
        start("over", error("correction-lapsed")),
        *after,
        end("ended"),
        flows("over", "tell", "ended"),
    )


@pytest.mark.parametrize(("outcome", "state"), [("declined", "RECEIVED"), ("withdrawn", "WITHDRAWN")])
def test_what_a_missed_correction_means_is_the_diagrams_choice(served: Served, outcome: str, state: str) -> None:
    waits, lapses = lapsing(outcome)
    opened(
        served,
        diagram(
            start(),
            accept(),
            review(),
            end(),
            end("declined"),
            flows("start", "accept"),
            flow("accept", "review", "${acceptance == 'accept'}"),
            flow("accept", "declined", "${acceptance == 'decline'}"),
            flows("review", "end"),
            waits,
            lapses,
        ),
    )
    number = str(served.submits()["number"])
    asked_and_sent(served, number)

    served.world.now = at("2026-03-17 00:00")
    due_work(served)

    assert case(served, number)["corrections"][0]["state"] == "LAPSED"
    assert case(served, number)["state"] == state


def test_who_declines_names_the_competent_authority(served: Served) -> None:
    opened(served, drawn_without_a_timer())
    number = str(served.submits()["number"])
    reasons = {"comment": "不属于本机关职权范围", "competent_authority": "市交通运输局"}

    answer = served.person("window").post(f"/cases/{number}/decline", reasons)

    assert answer.status_code == 200, answer.text
    shown = served.person("applicant").json(f"/cases/{number}")
    assert (shown["state"], shown["competent_authority"]) == ("DECLINED", "市交通运输局")
    assert "告知向市交通运输局申请" in [one["text"] for one in shown["timeline"]]


@pytest.mark.parametrize("law_is_first", [True, False], ids=["the law first", "the clerk first"])
def test_a_clerk_and_the_law_in_the_same_second_accept_once(served: Served, law_is_first: bool) -> None:
    opened(served, drawn_without_a_timer())
    number = str(served.submits()["number"])
    served.world.now, window = TOO_LATE, actor(served.database, "window")
    with served.database.begin(ENGINE) as tx:
        [lease] = [one for one in jobs.claim(tx, "worker", 50) if one.kind == deemed_acceptance.KIND]

    def law() -> None:
        jobs.run(served.database, lease)

    def clerk() -> None:
        with served.database.begin(window) as tx:
            cases.accept(tx, number)

    outcomes = race(served.database, law, clerk) if law_is_first else race(served.database, clerk, law)

    assert outcomes == ((DONE, Conflict) if law_is_first else (DONE, DONE))
    shown = case(served, number)
    assert (shown["accepted_by_law"], shown["accepted_at"]) == (True, "2026-03-02T10:00:00.000+08:00")
    assert [one["name"] for one in shown["open_steps"]] == ["审查"]
    assert [one["kind"] for one in shown["timeline"]].count("case.accepted_by_law") == 1
