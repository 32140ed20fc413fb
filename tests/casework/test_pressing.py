"""When a task presses is kept with the task and each of its candidates, and is always what its clock says."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from casework.task_clocks import with_clocks
from engine.columns import MILLISECOND, NEVER
from engine.ports import ENGINE
from engine.tables import Candidate, TaskState, UserTask
from tests.served import Served

TO_THE_POLICE = {"to": {"department": "public-security"}, "reason": "不属本部门职责"}

Act = Callable[[Served, str], Any]


def task(served: Served, login: str, number: str) -> str:
    return f"/inbox/{served.person(login).task(number)}"


def later(served: Served, days: float) -> Served:
    served.world.days_pass(days)
    return served


ACTS: Mapping[str, Act] = {
    "the window accepts: the departments' shares begin": lambda served, number: served.person("window").post(
        f"/cases/{number}/accept"
    ),
    "somebody reminds": lambda served, number: served.person("lead").post(
        f"/cases/{number}/remind", {"message": "请尽快办理", "department": "taxation"}
    ),
    "a correction is asked for": lambda served, number: served.person("bank").post(
        f"{task(served, 'bank', number)}/request-correction", {"items": ["补充账号"]}
    ),
    "the notice is out: time stands still": lambda served, number: served.person("lead").post(
        f"/cases/{number}/correction-notice"
    ),
    "the applicant supplements: time goes on": lambda served, number: (
        later(served, 3).person("applicant").post(f"/cases/{number}/supplement", {"form": {"staff": 30}})
    ),
    "a share is done": lambda served, number: served.person("bank").does(number, "agree", finding="符合"),
    "a task goes to another department": lambda served, number: served.person("taxation-head").post(
        f"{task(served, 'taxation', number)}/transfer", TO_THE_POLICE
    ),
}


def presses(served: Served) -> dict[str, tuple[datetime, set[datetime | None]]]:
    """What every open task should press at by the rows of its clock, and what is kept with it and its candidates."""
    with served.database.view(ENGINE) as tx:
        rows = tx.session.execute(with_clocks(select(UserTask)).where(UserTask.state == TaskState.CREATED)).all()
        found = {}
        for row in rows:
            clock = row.step_clock or row.share_clock
            due_at = (clock.due_at if clock else row.UserTask.due_at) or NEVER
            offers = select(Candidate.pressing_at).where(Candidate.task_id == row.UserTask.id)
            kept = {row.UserTask.pressing_at, *tx.session.scalars(offers)}
            found[row.UserTask.id] = due_at - MILLISECOND * bool(row.UserTask.reminders), kept
    return found


def test_a_task_presses_when_its_clock_says_whatever_happens(served: Served) -> None:
    served.opens()
    number = str(served.submits()["number"])
    seen = set()
    for act in (lambda served, number: None, *ACTS.values()):
        answer = act(served, number)
        assert answer is None or answer.status_code < 300, answer.text

        found = presses(served)

        assert all(kept == {expected} for expected, kept in found.values()), found
        seen |= {expected for expected, _ in found.values()}
    assert NEVER in seen
    assert len(seen) > 4
