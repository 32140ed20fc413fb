"""Clocks of a case: which run when, what moves them, and that every act is on record with its deadlines."""

from datetime import timedelta

import pytest

from casework import clocks, items
from casework.clocks import Ground, Reach, Scope
from casework.tables import Case, Clock, ClockKind, ClockState
from engine import evidence
from engine.transaction import Database
from tests.clocked import DEPARTMENTS, NOTICE, Office, at, joint_approval
from tests.world import World

RECEIPT, PROMISED, STATUTORY = ClockKind.RECEIPT, ClockKind.PROMISED, ClockKind.STATUTORY
DEPARTMENT, CORRECTION, DELIVERY = ClockKind.DEPARTMENT, ClockKind.CORRECTION, ClockKind.DELIVERY
SHARES = {f"DEPARTMENT:{name}": "RUNNING" for name in DEPARTMENTS}


@pytest.fixture
def office(database: Database, world: World) -> Office:
    office = Office(database, world)
    office.deploy(joint_approval())
    return office


def last_second(day: str) -> object:
    """The second before the day is over."""
    return at(f"{day} 23:59:59")


@pytest.mark.parametrize(
    ("promise", "last_day"),
    [("1WD", "2026-02-14"), ("2WD", "2026-02-24")],
    ids=["make-up Saturday", "after the Spring Festival"],
)
def test_acceptance_scenario_3__a_promise_counts_working_days(
    office: Office, world: World, promise: str, last_day: str
) -> None:
    world.now = at("2026-02-13 10:00")
    office.submit(limits={"promised": promise})
    office.answers("accept", "accept")

    assert office.described(PROMISED)["due_at"] == last_second(last_day)
    assert office.clock(PROMISED).due_at == last_second(last_day) + timedelta(seconds=1)  # type: ignore[operator]


def test_acceptance_scenario_4__the_clock_stops_for_the_applicant(office: Office, world: World) -> None:
    world.now = at("2026-03-02 10:00")
    office.submit(shares={"taxation": "5WD"})
    office.answers("accept", "accept")
    world.now = at("2026-03-04 15:00")
    office.notice()

    paused = office.described(DEPARTMENT, "taxation")
    assert (paused["state"], paused["due_at"]) == (ClockState.PAUSED, None)
    assert paused["remaining"].amount == 3

    world.now = at("2026-03-13 09:00")
    office.message("case-supplemented")

    resumed = office.described(DEPARTMENT, "taxation")
    assert resumed["state"] == ClockState.RUNNING
    assert resumed["remaining"].amount == 3
    assert resumed["due_at"] == last_second("2026-03-18")
    (pause,) = resumed["pauses"]
    assert (pause["working_days"], pause["document"], pause["reason"]) == (7, NOTICE, "correction")


def test_on_receipt_the_five_days_of_article_32_run_from_the_day_of_receipt(office: Office, world: World) -> None:
    world.now = at("2026-03-05 10:00")
    office.submit(received_at=at("2026-03-02 16:00"))

    receipt = office.clock(RECEIPT)
    assert receipt.started_at == at("2026-03-02 16:00")
    assert receipt.due_at == receipt.statutory_due_at == at("2026-03-10 00:00")
    assert office.states() == {"RECEIPT": "RUNNING"}


def test_acceptance_stops_the_receipt_clock_and_starts_those_of_the_case_and_of_every_department(
    office: Office, world: World
) -> None:
    office.submit()
    world.now = at("2026-03-03 11:00")
    office.answers("accept", "accept")

    assert office.states() == {"RECEIPT": "STOPPED", "PROMISED": "RUNNING", "STATUTORY": "RUNNING", **SHARES}
    assert {office.clock(kind).started_at for kind in (PROMISED, STATUTORY)} == {at("2026-03-03 11:00")}
    assert office.clock(PROMISED).due_at == at("2026-04-01 00:00")
    assert office.clock(PROMISED).statutory_due_at == office.clock(STATUTORY).due_at == at("2026-05-10 00:00")
    assert office.clock(RECEIPT).used == pytest.approx(1 * 2 / 7)


def test_an_item_without_a_statutory_limit_has_no_clock_for_it(office: Office) -> None:
    office.limits = {"promised": "3WD"}
    office.submit()
    office.answers("accept", "accept")

    assert "STATUTORY" not in office.states()
    assert office.clock(PROMISED).statutory_due_at is None


def test_a_department_without_a_limit_of_its_own_has_no_clock(office: Office) -> None:
    office.submit(shares={"taxation": "5WD"}, departments=["taxation", "bank"])
    office.answers("accept", "accept")

    assert "DEPARTMENT:taxation" in office.states()
    assert "DEPARTMENT:bank" not in office.states()


def test_a_declined_application_leaves_no_clock_running(office: Office) -> None:
    office.submit()
    with office.locked() as tx:
        case = tx.session.get_one(Case, office.root_id)
        clocks.case_declined(tx, case, items.document(tx, case.item_id))

    assert office.states() == {"RECEIPT": "STOPPED"}
    assert [act.reason for act in office.acts("clock.stopped")] == ["declined"]


def test_a_department_that_answers_stops_its_own_clock_only(office: Office, world: World) -> None:
    office.submit()
    office.answers("accept", "accept")
    world.now = at("2026-03-04 17:00")
    office.answers("review", "agree", department="taxation")

    done = office.clock(DEPARTMENT, "taxation")
    assert (done.state, done.stopped_at, done.used) == (ClockState.STOPPED, world.now, 2.0)
    assert done.due_at == at("2026-03-10 00:00")
    assert office.states() == {
        **{"RECEIPT": "STOPPED", "PROMISED": "RUNNING", "STATUTORY": "RUNNING"},
        **SHARES,
        "DEPARTMENT:taxation": "STOPPED",
    }


def decided(office: Office) -> None:
    office.submit(shares={"taxation": "5WD"})
    office.answers("accept", "accept")
    office.answers("review", "agree")
    office.answers("decide", "approve")


def test_the_decision_meets_the_law_and_starts_the_ten_days_of_article_44(office: Office, world: World) -> None:
    decided(office)

    assert office.states()["STATUTORY"] == "STOPPED"
    assert office.clock(DELIVERY).due_at == at("2026-03-17 00:00")
    assert office.clock(DELIVERY).started_at == world.now


def test_the_promise_is_kept_when_nothing_but_delivery_is_left(office: Office) -> None:
    office.submit(shares={"taxation": "5WD"})
    office.answers("accept", "accept")
    office.answers("review", "agree")
    assert office.states()["PROMISED"] == "RUNNING"

    office.answers("decide", "approve")
    assert office.states()["PROMISED"] == "STOPPED"


def test_delivery_stops_the_last_clock(office: Office, world: World) -> None:
    decided(office)
    world.now = at("2026-03-06 12:00")
    office.answers("deliver", "delivered")

    assert office.has_ended()
    assert set(office.states().values()) == {"STOPPED"}
    assert office.clock(DELIVERY).stopped_at == world.now


def test_acceptance_scenario_16__withdrawal_voids_every_clock_and_nothing_is_overdue(
    office: Office, world: World
) -> None:
    office.submit()
    office.answers("accept", "accept")
    office.answers("review", "agree", department="bank")
    world.now = at("2026-06-01 09:00")
    office.message("case-withdrawn")

    assert office.has_ended()
    assert office.states() == {
        **dict.fromkeys(("PROMISED", "STATUTORY", *SHARES), "VOID"),
        **{"RECEIPT": "STOPPED", "DEPARTMENT:bank": "STOPPED"},
    }
    assert office.clock(PROMISED).due_at is None
    assert {office.described(DEPARTMENT, name)["signal"] for name in DEPARTMENTS} == {clocks.Signal.NONE}


def test_a_cancelled_case_counts_for_nothing(office: Office) -> None:
    office.submit()
    office.cancel()

    assert office.states() == {"RECEIPT": "VOID"}


def test_a_notice_of_corrections_stops_every_clock_and_runs_the_applicants(office: Office, world: World) -> None:
    office.submit()
    office.answers("accept", "accept")
    office.notice()

    assert office.states() == {
        **{"RECEIPT": "STOPPED", "PROMISED": "PAUSED", "STATUTORY": "PAUSED", "CORRECTION": "RUNNING"},
        **dict.fromkeys(SHARES, "PAUSED"),
    }
    assert office.clock(CORRECTION).due_at == at("2026-03-18 00:00")


def test_the_answer_to_the_notice_sets_every_clock_going(office: Office, world: World) -> None:
    office.submit()
    office.answers("accept", "accept")
    office.notice()
    world.now = at("2026-03-09 09:00")
    office.message("case-supplemented")

    assert office.states() == {
        **{"RECEIPT": "STOPPED", "PROMISED": "RUNNING", "STATUTORY": "RUNNING", "CORRECTION": "STOPPED"},
        **SHARES,
    }
    assert office.clock(PROMISED).due_at == at("2026-04-08 00:00")


def test_a_second_notice_excludes_its_own_time_too(office: Office, world: World) -> None:
    world.now = at("2026-03-02 09:00")
    office.submit(shares={"taxation": "5WD"})
    office.answers("accept", "accept")
    for asked, answered in (("2026-03-03 09:00", "2026-03-05 09:00"), ("2026-03-06 09:00", "2026-03-10 09:00")):
        world.now = at(asked)
        office.notice()
        world.now = at(answered)
        office.message("case-supplemented")

    found = office.described(DEPARTMENT, "taxation")
    assert [pause["working_days"] for pause in found["pauses"]] == [2, 2]
    assert found["due_at"] == last_second("2026-03-13")


def paused(office: Office, reason: str, scope: Scope = clocks.WHOLE_CASE) -> list[Clock]:
    with office.locked() as tx:
        return clocks.pause(tx, office.root_id, Ground(reason, "行政许可法第四十五条", "专审〔2026〕3号"), scope)


def resumed(office: Office, reason: str, scope: Scope = clocks.WHOLE_CASE) -> list[Clock]:
    with office.locked() as tx:
        return clocks.resume(tx, office.root_id, Ground(reason), scope)


def test_overlapping_pauses_count_once_and_the_clock_goes_on_with_the_last(office: Office, world: World) -> None:
    world.now = at("2026-03-02 09:00")
    office.submit(shares={"taxation": "5WD"})
    office.answers("accept", "accept")
    world.now = at("2026-03-03 09:00")
    office.notice()
    world.now = at("2026-03-05 09:00")
    paused(office, "inspection")
    world.now = at("2026-03-09 09:00")
    office.message("case-supplemented")
    assert office.clock(DEPARTMENT, "taxation").state == ClockState.PAUSED

    world.now = at("2026-03-11 09:00")
    resumed(office, "inspection")

    found = office.clock(DEPARTMENT, "taxation")
    assert found.state == ClockState.RUNNING
    assert found.due_at == at("2026-03-18 00:00")


def test_pausing_again_for_the_same_reason_changes_nothing(office: Office) -> None:
    office.submit()
    assert [clock.kind for clock in paused(office, "inspection")] == [RECEIPT]
    recorded = len(office.acts())

    assert paused(office, "inspection") == []
    assert len(office.acts()) == recorded


def test_resuming_what_was_not_paused_changes_nothing(office: Office) -> None:
    office.submit()
    paused(office, "inspection")

    assert resumed(office, "hearing") == []
    assert office.clock(RECEIPT).state == ClockState.PAUSED


def test_a_pause_of_one_department_leaves_the_others_and_the_case_running(office: Office) -> None:
    office.submit()
    office.answers("accept", "accept")
    scope = Scope(Reach.DEPARTMENT, "taxation")
    paused(office, "expert-review", scope)

    assert [name for name, state in office.states().items() if state == "PAUSED"] == ["DEPARTMENT:taxation"]
    resumed(office, "expert-review", scope)
    assert "PAUSED" not in office.states().values()


def test_a_pause_on_the_last_day_leaves_that_day_after_it(office: Office, world: World) -> None:
    world.now = at("2026-03-02 09:00")
    office.submit(shares={"taxation": "1WD"})
    office.answers("accept", "accept")
    world.now = at("2026-03-03 16:00")
    office.notice()
    world.now = at("2026-03-13 10:00")
    office.message("case-supplemented")

    assert office.described(DEPARTMENT, "taxation")["due_at"] == last_second("2026-03-13")


def test_a_pause_does_not_revive_a_clock_that_has_run_out(office: Office, world: World) -> None:
    office.submit(shares={"taxation": "1WD"})
    office.answers("accept", "accept")
    world.now = at("2026-03-05 09:00")
    office.notice()

    found = office.described(DEPARTMENT, "taxation")
    assert (found["state"], found["due_at"]) == (ClockState.PAUSED, last_second("2026-03-03"))
    assert found["signal"] == clocks.Signal.RED


def test_a_clock_stopped_while_it_stands_still_has_a_last_deadline(office: Office, world: World) -> None:
    world.now = at("2026-03-02 09:00")
    office.submit(shares={"taxation": "5WD"})
    office.answers("accept", "accept")
    world.now = at("2026-03-03 09:00")
    office.notice()
    world.now = at("2026-03-05 09:00")
    office.answers("review", "agree")

    done = office.clock(DEPARTMENT, "taxation")
    assert (done.state, done.used, done.due_at) == (ClockState.STOPPED, 1.0, at("2026-03-12 00:00"))


def test_every_act_names_the_actor_the_ground_and_the_deadline_before_and_after(office: Office, world: World) -> None:
    world.now = at("2026-03-02 10:00")
    office.submit(shares={"taxation": "5WD"})
    office.answers("accept", "accept")
    world.now = at("2026-03-04 15:00")
    office.notice()
    world.now = at("2026-03-13 09:00")
    office.message("case-supplemented")
    office.answers("review", "agree")

    share = [act for act in office.acts() if act.subject == "department:taxation"]
    assert [(act.kind, act.old, act.new, act.reason) for act in share] == [
        ("clock.started", None, "2026-03-09T16:00:00Z", "task-created"),
        ("clock.paused", "2026-03-09T16:00:00Z", None, "correction"),
        ("clock.resumed", None, "2026-03-18T16:00:00Z", "correction"),
        ("clock.stopped", "2026-03-18T16:00:00Z", "2026-03-18T16:00:00Z", "task-completed"),
    ]
    assert {act.actor for act in share} == {"taxation"}
    assert (share[1].document, share[1].basis) == (NOTICE, "行政许可法第三十二条")
    received = next(act for act in office.acts() if act.subject == "receipt")
    assert (received.kind, received.basis) == ("clock.started", "行政许可法第三十二条")


def test_the_acts_of_clocks_and_of_tasks_stand_in_one_chain(office: Office) -> None:
    decided(office)

    kinds = [act.kind for act in office.acts("")]
    assert {"case.started", "clock.started", "task.completed", "clock.stopped"} <= set(kinds)
    with office.database.view(office.actor) as tx:
        assert evidence.verify(tx, office.root_id) is None


def test_the_end_foreseen_of_a_pause_is_on_record(office: Office) -> None:
    office.submit()
    with office.locked() as tx:
        ground = Ground("inspection", expected_end_at=at("2026-03-20 18:00"))
        clocks.pause(tx, office.root_id, ground)

    (act,) = office.acts("clock.paused")
    assert act.property == "expected_end=2026-03-20T10:00:00Z"
