"""A department's own system follows what happens: in order, once each, nothing of others, nothing lost."""

import json
import sys
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import update
from werkzeug.test import TestResponse

from api.application import create_app
from api.office import ROUTES
from api.waiting import WaitingRoom
from casework import cleaning
from casework.feed import reading
from casework.feed.numbering import new_era
from casework.people import Appointment, NewPerson, enter
from casework.tables import Case, ChangeSequence, Role
from engine.ports import ENGINE
from tests.served import Person, Served
from tests.statements import statements

Row = dict[str, Any]
PATIENCE = 60.0


class System:
    """A department's own system: it keeps the cursor it was given last."""

    def __init__(self, person: Person) -> None:
        self.person, self.cursor = person, ""

    def asks(self, **query: object) -> TestResponse:
        if self.cursor:
            query["after"] = self.cursor
        return self.person.get("/events?" + "&".join(f"{name}={value}" for name, value in query.items()))

    def hears(self, **query: object) -> list[Row]:
        answer = self.asks(**query)
        assert answer.status_code == 200, answer.text
        self.cursor = answer.get_json()["next"]
        rows: list[Row] = answer.get_json()["rows"]
        return rows


@pytest.fixture
def opening(served: Served) -> Served:
    return served.opens()


@pytest.fixture
def taxation(opening: Served) -> System:
    return System(opening.person("taxation"))


def kinds(rows: list[Row]) -> list[str]:
    return [row["kind"] for row in rows]


def test_a_department_hears_of_its_tasks_and_of_its_cases_in_the_order_they_changed(
    opening: Served, taxation: System
) -> None:
    number = opening.accepted()
    officer = opening.person("taxation")
    task = officer.task(number)
    officer.post(f"/inbox/{task}/claim")
    officer.post(f"/inbox/{task}/release")
    officer.does(number, "agree", finding="符合规定")

    rows = taxation.hears()

    assert kinds(rows) == [
        "case-moved",
        "case-moved",
        "task-created",
        "task-assigned",
        "task-released",
        "task-completed",
    ]
    assert [row["details"] for row in rows] == [
        {"state": "RECEIVED"},
        {"state": "ACCEPTED"},
        {},
        {"assignee": "taxation"},
        {},
        {"outcome": "agree"},
    ]
    assert {row["case_number"] for row in rows} == {number}
    assert rows[2]["task"] == {
        "id": task,
        "name": "taxation 审查",
        "activity": "review-taxation",
        "act": "review",
        "department": "taxation",
    }


def test_who_goes_on_from_the_cursor_hears_only_what_is_new(opening: Served, taxation: System) -> None:
    opening.accepted()
    taxation.hears()

    assert taxation.hears() == []
    number = opening.accepted()

    assert {row["case_number"] for row in taxation.hears()} == {number}
    assert taxation.hears() == []


def test_every_change_has_a_cursor_to_go_on_from(opening: Served, taxation: System) -> None:
    opening.accepted()
    first, *others = taxation.hears()

    taxation.cursor = first["cursor"]

    assert taxation.hears() == others


def test_pages_follow_each_other_without_gap_or_repetition(opening: Served, taxation: System) -> None:
    for _ in range(3):
        opening.accepted()
    whole = System(opening.person("taxation")).hears()

    pages = [taxation.hears(limit=2) for _ in range(5)]

    assert [row for page in pages for row in page] == whole
    assert len(whole) == 9


def test_who_is_far_behind_is_led_through_what_is_not_theirs(opening: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """One read looks at so many changes, whomever they concern: of fifteen, four at a time in four reads."""
    monkeypatch.setattr(reading, "WINDOW", 4)
    opening.accepted()
    opening.person("bank").does(opening.accepted(), "agree", finding="符合规定")
    bank = System(opening.person("bank"))
    answers: list[Row] = []

    while not answers or answers[-1]["more"]:
        answers.append(bank.asks(wait=20).get_json())
        bank.cursor = answers[-1]["next"]

    assert max(len(answer["rows"]) for answer in answers) <= 4
    assert [row["kind"] for answer in answers for row in answer["rows"]].count("task-completed") == 1
    assert len(answers) == 4


def test_a_withdrawal_closes_the_task_and_moves_the_case(opening: Served, taxation: System) -> None:
    number = opening.accepted()
    taxation.hears()
    opening.person("applicant").post(f"/cases/{number}/withdraw", {})

    rows = taxation.hears()

    assert sorted(kinds(rows))[-1] == "task-closed"
    assert {"state": "WITHDRAWN"} in [row["details"] for row in rows]


def test_corrections_are_heard_of_when_they_are_sent_and_when_they_are_answered(
    opening: Served, taxation: System
) -> None:
    number = opening.accepted()
    officer = opening.person("taxation")
    officer.post(f"/inbox/{officer.task()}/request-correction", {"items": ["更正欠税说明"]})
    taxation.hears()

    opening.person("lead").post(f"/cases/{number}/correction-notice")
    sent = taxation.hears()
    opening.person("applicant").post(f"/cases/{number}/supplement", {"form": {"company": "临安知微科技有限公司"}})
    answered = taxation.hears()

    assert sorted(kinds(sent)) == ["case-moved", "correction-sent"]
    assert sorted(kinds(answered)) == ["case-moved", "correction-answered"]
    assert {"document": "000000BZ20260302000001"} in [row["details"] for row in sent]


def test_nobody_hears_of_what_is_not_theirs(opening: Served) -> None:
    opening.accepted()
    bank, police = System(opening.person("bank")), System(opening.person("public-security"))

    tasks = [row["task"]["department"] for row in bank.hears() if row["task"]]

    assert tasks == ["bank"]
    assert police.hears() == []


def test_a_confidential_case_is_heard_of_by_its_participants_only(opening: Served, taxation: System) -> None:
    lead = System(opening.person("lead"))
    number = opening.accepted()
    with opening.database.begin(ENGINE) as tx:
        tx.session.execute(update(Case).where(Case.number == number).values(is_confidential=True))

    assert lead.hears() == []
    assert taxation.hears() != []


@pytest.mark.parametrize("login", ["applicant", "designer", "supervisor"])
def test_only_those_who_work_on_cases_follow_them(opening: Served, login: str) -> None:
    assert opening.person(login).get("/events").status_code == 403


def test_a_connected_system_of_a_department_follows_with_that_departments_eyes(opening: Served) -> None:
    with opening.database.begin(ENGINE) as tx:
        system = NewPerson("tax-system", "税务业务系统", "业务系统", (Appointment(Role.WORKER, "taxation"),))
        enter(tx, system, "no password opens this")
    opening.accepted()

    assert System(opening.person("tax-system")).hears() == System(opening.person("taxation")).hears()


def test_the_latest_place_is_after_everything_so_far(opening: Served, taxation: System) -> None:
    opening.accepted()
    taxation.cursor = "latest"

    assert taxation.hears() == []
    number = opening.accepted()

    assert {row["case_number"] for row in taxation.hears()} == {number}


def test_a_cursor_from_before_the_first_change_stays_good(opening: Served, taxation: System) -> None:
    assert taxation.hears() == []
    opening.accepted()

    assert len(taxation.hears()) == 3


def forgets(served: Served, days: float) -> None:
    """So many days pass, and the office cleans up."""
    served.world.days_pass(days)
    with served.database.begin(ENGINE) as tx:
        cleaning.clean(tx)


def test_changes_are_kept_ninety_days_and_who_comes_later_is_told_to_start_again(
    opening: Served, taxation: System
) -> None:
    late = System(opening.person("taxation"))
    late.hears()
    opening.accepted()
    forgets(opening, 89.9)
    assert len(taxation.hears()) == 3
    forgets(opening, 0.2)

    answer = late.asks()

    assert (answer.status_code, answer.get_json()["code"]) == (410, "changes-forgotten")
    assert "after=latest" in answer.get_json()["detail"]
    assert taxation.hears() == []
    assert System(opening.person("taxation")).hears() == []


def test_a_place_that_this_database_never_gave_out_is_refused(opening: Served, taxation: System) -> None:
    opening.accepted()
    taxation.hears()
    with opening.database.begin(ENGINE) as tx:
        tx.session.execute(update(ChangeSequence).values(era=new_era()))

    answer = taxation.asks()

    assert (answer.status_code, answer.get_json()["code"]) == (409, "unknown-place")


def test_a_forged_place_that_is_no_number_is_unreadable(opening: Served, taxation: System) -> None:
    taxation.hears()
    era, _ = json.loads(urlsafe_b64decode(taxation.cursor + "=="))
    forged = urlsafe_b64encode(json.dumps([era, True]).encode()).decode()

    assert opening.person("taxation").get(f"/events?after={forged}").status_code == 400


@pytest.mark.parametrize("after", ["x", "WzFd", "WyJhIiwiYiJd", "%F0%9F%98%80"], ids=["text", "one", "words", "face"])
def test_what_is_no_cursor_is_unreadable(opening: Served, after: str) -> None:
    assert opening.person("taxation").get(f"/events?after={after}").status_code == 400


@pytest.mark.parametrize("query", ["wait=21", "wait=-1", "limit=0", "limit=501", "wait=soon"])
def test_nobody_may_wait_longer_or_ask_for_more_than_is_fair(opening: Served, query: str) -> None:
    assert opening.person("taxation").get(f"/events?{query}").status_code == 422


def waiting() -> int:
    """How many requests wait for a change at this moment: their frames stand in the waiting room."""
    moment = WaitingRoom._pass_a_moment.__code__
    count = 0
    for frame in list(sys._current_frames().values()):
        while frame is not None:
            count += frame.f_code is moment
            frame = frame.f_back  # type: ignore[assignment]
    return count


def until_waiting(requests: int, *unless: Future[Any]) -> None:
    """Comes back once so many requests wait, or one of these is over."""
    while waiting() < requests and not any(one.done() for one in unless):
        pass


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as threads:
        yield threads


def test_who_waits_holds_no_connection_and_hears_of_the_next_change(
    opening: Served, taxation: System, threads: ThreadPoolExecutor
) -> None:
    taxation.hears()
    opening.person("applicant"), opening.person("window")

    heard = threads.submit(taxation.hears, wait=20)
    until_waiting(1, heard)
    connections = opening.database.engine.pool.checkedout()  # type: ignore[attr-defined]
    number = opening.accepted()

    assert connections == 0
    assert {row["case_number"] for row in heard.result(PATIENCE)} == {number}


def test_a_change_of_others_wakes_nobody_but_is_not_looked_at_again(
    opening: Served, threads: ThreadPoolExecutor
) -> None:
    police = System(opening.person("public-security"))
    before = police.hears() or police.cursor

    opening.accepted()
    assert police.hears(wait=1) == []

    assert police.cursor != before


def test_at_most_so_many_requests_wait_and_the_others_are_answered_at_once(
    opening: Served, threads: ThreadPoolExecutor
) -> None:
    opening.app = create_app(opening.database, ROUTES, waiting_seats=2)
    systems = [System(opening.person(login)) for login in ("taxation", "bank", "market-regulation")]
    for system in systems:
        system.hears()

    seated = [threads.submit(system.hears, wait=20) for system in systems[:2]]
    until_waiting(2, *seated)
    assert systems[2].hears(wait=20) == []
    assert waiting() == 2

    opening.accepted()
    assert all(heard.result(PATIENCE) for heard in seated)


def test_one_system_cannot_take_all_the_seats(opening: Served, threads: ThreadPoolExecutor) -> None:
    systems = [System(opening.person("taxation")) for _ in range(3)]
    for system in systems:
        system.hears()

    seated = [threads.submit(system.hears, wait=20) for system in systems[:2]]
    until_waiting(2, *seated)
    assert systems[2].hears(wait=20) == []

    opening.accepted()
    assert all(heard.result(PATIENCE) for heard in seated)


def test_a_seat_is_free_again_when_the_wait_is_over(opening: Served, threads: ThreadPoolExecutor) -> None:
    opening.app = create_app(opening.database, ROUTES, waiting_seats=1)
    system = System(opening.person("taxation"))
    assert system.hears(wait=1) == []

    heard = threads.submit(system.hears, wait=20)
    until_waiting(1, heard)
    opening.accepted()

    assert heard.result(PATIENCE) != []


def test_a_command_writes_all_its_changes_with_one_statement(opening: Served, taxation: System) -> None:
    number = opening.submits()["number"]
    taxation.cursor = "latest"
    taxation.hears()

    with statements(opening.database.engine) as sent:
        assert opening.person("window").post(f"/cases/{number}/accept").status_code == 200

    assert sum(one.startswith("INSERT INTO change") for one in sent) == 1
    assert len(taxation.hears()) == 2
