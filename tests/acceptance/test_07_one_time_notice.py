"""Acceptance scenario 7: the applicant is told once what is missing; a second notice needs a head's written reason."""

from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from casework.tables import Correction
from engine.ports import ENGINE
from engine.tables import Act
from tests.acceptance.registration import Registration

REASON = "首次告知时住所证明尚未核验，现查明产权人已变更"


def asks(office: Registration, login: str, number: str, text: str, reason: str | None = None) -> TestResponse:
    """What the door answers when somebody asks for a correction."""
    person = office.person(login)
    return person.post(f"/inbox/{person.task(number)}/request-correction", {"items": [text], "reason": reason})


@pytest.fixture
def told(office: Registration) -> tuple[Registration, str]:
    """A case whose applicant was told once, and has answered."""
    number = office.is_received()
    window = office.person("window")
    assert asks(office, "window", number, "补充公司章程").status_code == 201
    assert window.post(f"/cases/{number}/correction-notice").status_code == 201
    assert (
        office.person("applicant").post(f"/cases/{number}/supplement", {"form": {"employees": 21}}).status_code == 200
    )
    return office, number


def notices(office: Registration, number: str) -> list[dict[str, Any]]:
    return list(office.case(number)["corrections"])


@pytest.mark.parametrize("reason", [None, "  "], ids=["none", "blank"])
def test_07_one_time_notice__a_second_one_without_a_reason_is_refused(
    told: tuple[Registration, str], reason: str | None
) -> None:
    office, number = told

    refused = asks(office, "window-head", number, "补充住所证明", reason)

    assert (refused.status_code, refused.get_json()["code"]) == (409, "second-notice")
    assert len(notices(office, number)) == 1


def test_07_one_time_notice__only_the_head_of_the_department_that_asks_may_give_the_reason(
    told: tuple[Registration, str],
) -> None:
    office, number = told

    assert asks(office, "window", number, "补充住所证明", REASON).status_code == 403
    task = office.person("window").task(number)
    body = {"items": ["补充住所证明"], "reason": REASON}
    assert office.person("supervisor").post(f"/inbox/{task}/request-correction", body).status_code in (403, 404)
    assert len(notices(office, number)) == 1


def test_07_one_time_notice__with_a_reason_it_goes_out_and_is_marked_irregular(
    told: tuple[Registration, str],
) -> None:
    office, number = told

    assert asks(office, "window-head", number, "补充住所证明", REASON).status_code == 201
    assert office.person("window").post(f"/cases/{number}/correction-notice").status_code == 201

    assert [(one["state"], one["irregular"]) for one in notices(office, number)] == [
        ("ANSWERED", False),
        ("SENT", True),
    ]
    with office.database.view(ENGINE) as tx:
        act = tx.session.scalars(select(Act).where(Act.kind == "correction.requested_again")).one()
        marked = tx.session.scalars(select(Correction).where(Correction.is_irregular)).all()
    assert (act.actor, act.reason, act.basis) == ("window-head", REASON, "行政许可法第七十二条")
    assert len(marked) == 1


def test_07_one_time_notice__what_is_asked_after_it_went_out_is_a_second_one(office: Registration) -> None:
    number = office.is_received()
    asks(office, "window", number, "补充公司章程")
    assert asks(office, "window", number, "补充住所证明").status_code == 201
    office.person("window").post(f"/cases/{number}/correction-notice")

    late = asks(office, "window", number, "补充身份证明")

    assert (late.status_code, late.get_json()["code"]) == (409, "second-notice")
