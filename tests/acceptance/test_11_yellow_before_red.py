"""Acceptance scenario 11, yellow before red: nine of ten promised days have passed, then the tenth; named is whoever
held the task at that moment, whoever holds it when somebody looks."""

import json
from typing import Any

import pytest

from tests.clocked import at
from tests.served import APPLICATION_FORM, REVIEW_FORM, Served, item, joint_approval
from tests.supervised import it_is, supervised

__all__ = ["supervised"]

NINE_DAYS, TEN_DAYS = "2026-03-13 17:00", "2026-03-17 00:00"
"""Accepted on Monday 2 March 2026: the close of the ninth working day, and the first instant after the tenth."""


@pytest.fixture
def number(supervised: Served) -> str:
    """A case with a promise of ten working days, at a department without a limit of its own; an officer has it."""
    promised = item(["taxation"]).replace(b'limit = "5WD"\n', b"")
    assert b'promised = "10WD"' in promised
    supervised.deploy(
        approval_bpmn=joint_approval(["taxation"]),
        application_form=written(APPLICATION_FORM),
        review_form=written(REVIEW_FORM),
        item_toml=promised,
    )
    number = supervised.accepted()
    officer = supervised.person("taxation")
    assert officer.post(f"/inbox/{officer.task(number)}/claim").status_code == 200
    return number


def written(form: dict[str, Any]) -> bytes:
    return json.dumps(form).encode()


def cards(office: Served) -> list[tuple[str, str, str | None]]:
    """Signal, department and holder of every card, the oldest first."""
    rows = office.person("supervisor").json("/supervision/cards")["rows"]
    return [
        (row["signal"], row["department"]["code"], row["holder"] and row["holder"]["login"]) for row in reversed(rows)
    ]


def told(office: Served, login: str) -> int:
    """How many cards somebody was told of."""
    rows = office.person(login).json("/notices/mine")["rows"]
    return sum(row["kind"] == "card-issued" for row in rows)


def test_11_yellow_before_red__yellow_goes_to_the_handler_and_the_head(supervised: Served, number: str) -> None:
    it_is(supervised, "2026-03-13 16:59")
    assert cards(supervised) == []

    it_is(supervised, NINE_DAYS)

    assert cards(supervised) == [("yellow", "taxation", "taxation")]
    assert (told(supervised, "taxation"), told(supervised, "taxation-head"), told(supervised, "supervisor")) == (
        1,
        1,
        0,
    )


def test_11_yellow_before_red__after_the_deadline_red_goes_to_supervision(supervised: Served, number: str) -> None:
    it_is(supervised, NINE_DAYS)
    it_is(supervised, TEN_DAYS)

    assert cards(supervised) == [("yellow", "taxation", "taxation"), ("red", "taxation", "taxation")]
    assert told(supervised, "supervisor") == 1


def test_11_yellow_before_red__the_card_names_whoever_held_the_task_at_that_moment(
    supervised: Served, number: str
) -> None:
    supervised.world.now = at("2026-03-16 10:00")
    officer = supervised.person("taxation")
    to = {"to": {"login": "taxation-2"}, "reason": "休假"}
    assert officer.post(f"/inbox/{officer.task(number)}/transfer", to).status_code == 200

    it_is(supervised, "2026-03-20 09:00")

    assert cards(supervised) == [("yellow", "taxation", "taxation"), ("red", "taxation", "taxation-2")]
