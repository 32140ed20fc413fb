"""Somebody leaves: what they held goes to a colleague or back to the department, each move in the case's evidence."""

from typing import Any

import pytest
from sqlalchemy import select

from casework.tables import Case, Notice
from engine import evidence
from engine.ports import ENGINE
from engine.store import instance_rows
from engine.tables import Act
from tests.served import Served, serving
from tests.world import World

REASON = "调往市纪委监委，2026年3月起不再承办"


def leaves(served: Served, login: str = "taxation", by: str = "admin", **said: Any) -> Any:
    return served.person(by).post(f"/people/{login}/hand-over", {"reason": REASON} | said)


def holds(served: Served, number: str, login: str = "taxation") -> str:
    """The id of the task that somebody has claimed."""
    task = served.person(login).task(number)
    assert served.person(login).post(f"/inbox/{task}/claim").status_code == 200
    return task


def acts(served: Served, number: str) -> list[tuple[str, str, str | None, str | None, str | None, str | None]]:
    with served.database.view(ENGINE) as tx:
        root = select(Case.root_id).where(Case.number == number).scalar_subquery()
        rows = tx.session.scalars(select(Act).where(Act.root_id == root, Act.kind.endswith("handed_over")))
        return [(act.kind, act.actor, act.property, act.old, act.new, act.reason) for act in rows]


@pytest.fixture
def two_cases(served: Served) -> list[str]:
    served.opens()
    return [served.accepted(), served.accepted()]


def test_everything_goes_to_a_colleague_with_who_from_to_and_why(served: Served, two_cases: list[str]) -> None:
    tasks = [holds(served, number) for number in two_cases]

    answer = leaves(served, to="taxation-2").get_json()

    assert (answer["moved"], answer["refused"]) == (2, 0)
    assert [(row["id"], row["case_number"], row["step"], row["status"]) for row in answer["holdings"]] == [
        (task, number, "taxation 审查", 200) for task, number in zip(tasks, two_cases, strict=True)
    ]
    for number in two_cases:
        assert acts(served, number) == [("task.handed_over", "admin", "assignee", "taxation", "taxation-2", REASON)]
        assert served.person("taxation-2").does(number, "agree", finding="符合规定")


def test_everything_goes_back_to_the_departments_inbox(served: Served, two_cases: list[str]) -> None:
    task = holds(served, two_cases[0])
    served.person("taxation").put(f"/inbox/{task}/draft", {"form": {"finding": "已核"}})

    assert leaves(served).get_json()["moved"] == 1

    assert served.person("taxation-2").post(f"/inbox/{task}/claim").status_code == 200
    assert served.person("taxation-2").json(f"/inbox/{task}")["values"]["finding"] == "已核"
    assert acts(served, two_cases[0]) == [("task.handed_over", "admin", "assignee", "taxation", None, REASON)]


def test_a_dry_run_lists_what_would_move_and_moves_nothing(served: Served, two_cases: list[str]) -> None:
    task = holds(served, two_cases[0])

    answer = leaves(served, to="taxation-2", dry_run=True, disable=True).get_json()

    assert (answer["moved"], [row["id"] for row in answer["holdings"]]) == (0, [task])
    assert answer["holdings"][0]["status"] is None
    assert served.person("taxation").json(f"/inbox/{task}")["claimed_by"]["login"] == "taxation"
    assert acts(served, two_cases[0]) == []


def test_the_leaver_is_shut_out_in_the_same_act(served: Served, two_cases: list[str]) -> None:
    holds(served, two_cases[0])
    taxation = served.person("taxation")

    assert leaves(served, to="taxation-2", disable=True).get_json()["moved"] == 1

    assert taxation.get("/inbox").status_code == 401
    assert served.person("admin").json("/people/taxation")["disabled_at"] is not None


def test_the_colleague_is_told_once_how_much_has_come(served: Served, two_cases: list[str]) -> None:
    for number in two_cases:
        holds(served, number)
    leaves(served, to="taxation-2")

    with served.database.view(ENGINE) as tx:
        told = tx.session.execute(
            select(Notice.receiver, Notice.text_zh).where(Notice.kind == "tasks-handed-over")
        ).all()
    assert [tuple(row) for row in told] == [("taxation-2", f"唐雨桐的 2 项工作移交给您：{REASON}")]


def test_a_colleague_of_elsewhere_gets_nothing_and_each_refusal_says_why(served: Served, two_cases: list[str]) -> None:
    task = holds(served, two_cases[0])

    answer = leaves(served, to="bank").get_json()

    assert (answer["moved"], answer["refused"]) == (0, 1)
    assert (answer["holdings"][0]["status"], answer["holdings"][0]["problem"]["errors"][0]["path"]) == (422, "to")
    assert served.person("taxation").json(f"/inbox/{task}")["claimed_by"]["login"] == "taxation"


def test_what_the_leaver_delegated_has_the_colleague_as_owner(served: Served, two_cases: list[str]) -> None:
    task = holds(served, two_cases[0])
    delegated = served.person("taxation").post(f"/inbox/{task}/delegate", {"to": "taxation-2", "reason": "请核"})
    assert delegated.status_code == 200, delegated.text

    assert leaves(served, to="taxation-head").get_json()["moved"] == 1

    assert acts(served, two_cases[0]) == [("task.handed_over", "admin", "owner", "taxation", "taxation-head", REASON)]
    resolved = served.person("taxation-2").post(f"/inbox/{task}/resolve", {"comment": "已核"})
    assert resolved.status_code == 200
    assert served.person("taxation-head").json(f"/inbox/{task}")["claimed_by"]["login"] == "taxation-head"


def test_what_was_only_delegated_to_the_leaver_goes_back_to_its_owner(served: Served, two_cases: list[str]) -> None:
    task = holds(served, two_cases[0], "taxation-2")
    served.person("taxation-2").post(f"/inbox/{task}/delegate", {"to": "taxation", "reason": "请核"})

    assert leaves(served, to="taxation-head").get_json()["moved"] == 1

    assert served.person("taxation-2").json(f"/inbox/{task}")["claimed_by"]["login"] == "taxation-2"


def test_a_question_to_the_leaver_is_one_to_the_colleague(served: Served, two_cases: list[str]) -> None:
    task = holds(served, two_cases[0], "bank")
    asked = {"to": {"login": "taxation"}, "question": "税号有无异议？"}
    assert served.person("bank").post(f"/inbox/{task}/consultations", asked).status_code == 201

    answer = leaves(served, to="taxation-2").get_json()

    assert [(row["kind"], row["status"]) for row in answer["holdings"]] == [("consultation", 200)]
    kind, *_, old, new, reason = acts(served, two_cases[0])[0]
    assert (kind, old, new, reason) == ("consultation.handed_over", "taxation", "taxation-2", REASON)
    assert [row["question"] for row in served.person("taxation-2").json("/consultations")["rows"]] == ["税号有无异议？"]


def test_handing_over_again_finds_nothing_left(served: Served, two_cases: list[str]) -> None:
    holds(served, two_cases[0])
    leaves(served, to="taxation-2")

    assert leaves(served, to="taxation-2").get_json()["holdings"] == []


@pytest.mark.parametrize(
    ("login", "said", "status"),
    [
        ("nobody", {}, 404),
        ("taxation", {"to": "taxation"}, 422),
        ("taxation", {"to": "nobody"}, 422),
        ("taxation", {"reason": "  "}, 422),
        ("taxation", {"reason": None}, 422),
        ("admin", {"disable": True}, 409),
    ],
    ids=["unknown-leaver", "oneself", "unknown-receiver", "blank-reason", "no-reason", "last-administrator"],
)
def test_an_impossible_hand_over_is_refused_whole(
    served: Served, two_cases: list[str], login: str, said: dict[str, Any], status: int
) -> None:
    holds(served, two_cases[0])

    assert leaves(served, login, **said).status_code == status
    assert acts(served, two_cases[0]) == []


def test_only_an_administrator_hands_over(served: Served, two_cases: list[str]) -> None:
    for login in ("taxation-head", "lead", "designer"):
        assert leaves(served, by=login, to="taxation-2").status_code == 403


def test_the_chain_of_evidence_holds_after_a_hand_over(served: Served, two_cases: list[str]) -> None:
    holds(served, two_cases[0])
    leaves(served, to="taxation-2")

    with served.database.view(ENGINE) as tx:
        root_id = tx.session.scalars(select(Case.root_id).where(Case.number == two_cases[0])).one()
        assert evidence.verify(tx, root_id) is None


def test_a_case_that_somebody_is_at_work_on_does_not_stop_the_rest(postgresql_url: str, world: World) -> None:
    with serving(postgresql_url, world) as served:
        numbers = [served.opens().accepted(), served.accepted()]
        tasks = [holds(served, number) for number in numbers]
        with served.database.begin(ENGINE) as tx:
            instance_rows.lock_tree_of_task(tx, tasks[0])
            answer = leaves(served, to="taxation-2").get_json()

        assert [row["status"] for row in answer["holdings"]] == [409, 200]
        assert "稍后再移交" in answer["holdings"][0]["problem"]["detail"]
        assert leaves(served, to="taxation-2").get_json()["moved"] == 1
