"""Acceptance scenario 32, idempotent API: a retried completion is answered as the first, and signed once."""

from typing import Any

import pytest
from sqlalchemy import select

from engine import evidence
from engine.ports import ENGINE
from engine.tables import Act
from tests.acceptance.registration import Registration, signatures

LICENCE = signatures()["market-regulation"]


@pytest.fixture
def task(office: Registration) -> str:
    """The decision on a case, which a department's own system completes."""
    return office.person("market-regulation").task(office.is_accepted())


def completes(office: Registration, task: str, body: Any = LICENCE, **headers: str) -> Any:
    return office.person("market-regulation").post(f"/inbox/{task}/complete", body, **headers)


def signatures_kept(office: Registration, task: str) -> int:
    """How often the evidence says that the task was completed; its chain has to hold."""
    with office.database.view(ENGINE) as tx:
        signed = tx.session.scalars(select(Act).where(Act.kind == "task.completed", Act.subject == task)).all()
        assert [evidence.verify(tx, act.root_id) for act in signed] == [None] * len(signed)
        return len(signed)


def test_32_idempotent_api__retried_under_the_same_key(office: Registration, task: str) -> None:
    first = completes(office, task, Idempotency_Key="sign-20260302-1")
    office.time_passes(0.01)
    again = completes(office, task, Idempotency_Key="sign-20260302-1")

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.data == first.data
    assert again.headers["Idempotency-Replayed"] == "true"
    assert signatures_kept(office, task) == 1


def test_32_idempotent_api__another_request_under_the_key_or_none(office: Registration, task: str) -> None:
    assert completes(office, task, Idempotency_Key="sign-1").status_code == 200

    other_body = completes(office, task, {"outcome": "refuse", "comment": "材料不实"}, Idempotency_Key="sign-1")
    other_key = completes(office, task, Idempotency_Key="sign-2")
    no_key = completes(office, task)

    assert (other_body.status_code, other_body.get_json()["code"]) == (422, "idempotency-key-reused")
    assert [answer.status_code for answer in (other_key, no_key)] == [409, 409]
    assert signatures_kept(office, task) == 1


def test_32_idempotent_api__a_stale_version_is_no_second_signature(office: Registration, task: str) -> None:
    """A colleague claims between the look and the signature; a refusal is not kept under the key."""
    officer = office.person("market-regulation")
    seen = officer.get(f"/inbox/{task}").headers["ETag"]
    now = officer.post(f"/inbox/{task}/claim").headers["ETag"]

    stale = completes(office, task, If_Match=seen, Idempotency_Key="sign-1")
    assert (stale.status_code, signatures_kept(office, task)) == (412, 0)

    assert completes(office, task, If_Match=now, Idempotency_Key="sign-1").status_code == 200
    assert completes(office, task, If_Match=now).status_code == 409
    assert signatures_kept(office, task) == 1
