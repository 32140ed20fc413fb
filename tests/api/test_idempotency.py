"""The same request under the same Idempotency-Key happens once and is answered alike every time."""

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from casework.tables import Department
from engine.ports import ENGINE
from engine.tables import Answer
from engine.transaction import Database
from tests.api import probe
from tests.choreography import until_waiting
from tests.statements import statements

ADMIN = ("admin", "admin")
PATH = "/api/probe/departments"
WEATHER = {"role": "weather", "name": "气象局"}


def add(client: FlaskClient, key: str | None, body: dict[str, str], path: str = PATH) -> TestResponse:
    headers = {} if key is None else {"Idempotency-Key": key}
    return client.post(path, auth=ADMIN, json=body, headers=headers)


def answers(office: Database) -> int:
    with office.view(ENGINE) as tx:
        return tx.session.scalar(select(func.count()).select_from(Answer)) or 0


def test_the_second_time_answers_as_the_first(client: FlaskClient) -> None:
    first, second = add(client, "k-1", WEATHER), add(client, "k-1", WEATHER)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.get_json() == first.get_json()
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"


def test_the_second_time_has_the_firsts_tag(client: FlaskClient) -> None:
    path, key = "/api/probe/people/bank/经理", {"Idempotency-Key": "k-1"}
    first, second = (client.put(path, auth=ADMIN, headers=key) for _ in range(2))
    assert second.headers["Idempotency-Replayed"] == "true"
    assert first.headers["ETag"] == second.headers["ETag"] == '"2"'


def test_the_second_time_leads_to_what_the_first_made(client: FlaskClient) -> None:
    first, second = (add(client, "k-1", WEATHER, "/api/probe/located") for _ in range(2))
    assert second.headers["Idempotency-Replayed"] == "true"
    assert first.headers["Location"] == second.headers["Location"] == f"{PATH}/weather"


def test_without_a_key_the_second_time_is_another_request(client: FlaskClient) -> None:
    assert [add(client, None, WEATHER).status_code for _ in range(2)] == [201, 409]


@pytest.mark.parametrize("other", ["body", "path", "method"])
def test_another_request_under_the_key_is_refused(client: FlaskClient, other: str) -> None:
    add(client, "k-1", WEATHER)
    if other == "body":
        answer = add(client, "k-1", WEATHER | {"name": "气象台"})
    elif other == "path":
        answer = add(client, "k-1", WEATHER, f"{PATH}?x=1")
    else:
        answer = client.put("/api/probe/people/bank/post", auth=ADMIN, headers={"Idempotency-Key": "k-1"})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "idempotency-key-reused")


def test_a_key_is_the_callers_own(client: FlaskClient, office: Database) -> None:
    upload = {"kind": "license"}
    for login in ("admin", "bank"):
        answer = client.post(
            "/api/probe/files",
            auth=(login, login),
            data=upload | {"file": (io.BytesIO(b"x"), "a.pdf")},
            headers={"Idempotency-Key": "same"},
        )
        assert "Idempotency-Replayed" not in answer.headers
    assert answers(office) == 2


def test_a_refusal_is_not_kept(client: FlaskClient, office: Database) -> None:
    assert add(client, "k-1", WEATHER, "/api/probe/half-done").status_code == 409
    assert answers(office) == 0
    with office.view(ENGINE) as tx:
        assert tx.session.get(Department, "weather") is None
    assert add(client, "k-1", WEATHER).status_code == 201


def test_a_multipart_request_is_the_same_under_another_boundary(client: FlaskClient) -> None:
    def upload(content: bytes) -> TestResponse:
        data = {"kind": "license", "file": (io.BytesIO(content), "营业执照.pdf")}
        return client.post("/api/probe/files", auth=ADMIN, data=data, headers={"Idempotency-Key": "k"})

    first = upload(b"scan")
    assert first.get_json()["size"] == 4
    assert upload(b"scan").get_json() == first.get_json()
    assert upload(b"another scan").status_code == 422


def test_a_key_costs_two_statements(client: FlaskClient, office: Database) -> None:
    add(client, None, {"role": "water", "name": "水务局"})

    def cost(key: str | None, body: dict[str, str]) -> int:
        with statements(office.engine) as sent:
            assert add(client, key, body).status_code == 201
        return len(sent)

    plain = cost(None, {"role": "water-2", "name": "水务局"})
    assert cost("k-1", WEATHER) == plain + 2
    login = 1
    assert cost("k-1", WEATHER) == login + 2


@pytest.mark.parametrize("key", ["", "x" * 201, "schlüssel", "a\tb"])
def test_a_malformed_key_is_400(client: FlaskClient, key: str) -> None:
    assert add(client, key, WEATHER).status_code == 400


def test_twins_in_flight_are_carried_out_once(app: Flask, office: Database) -> None:
    """The first is held just before its commit until the second waits for it."""
    probe.held = probe.Held()
    with ThreadPoolExecutor(2) as threads:
        path = "/api/probe/held"
        first = threads.submit(add, app.test_client(), "k-1", WEATHER, path)
        probe.held.entered.wait()
        second = threads.submit(add, app.test_client(), "k-1", WEATHER, path)
        until_waiting(office)
        probe.held.released.set()
        answered = [first.result(), second.result()]
    assert [answer.status_code for answer in answered] == [201, 201]
    assert answered[0].get_json() == answered[1].get_json()
    assert ["Idempotency-Replayed" in answer.headers for answer in answered] == [False, True]


def test_the_twin_of_a_refused_request_is_carried_out(app: Flask, office: Database) -> None:
    """The first is refused while the second waits: nothing of the first remains, so the second is a first."""
    probe.held = probe.Held(refused=1)
    with ThreadPoolExecutor(2) as threads:
        path = "/api/probe/held"
        first = threads.submit(add, app.test_client(), "k-1", WEATHER, path)
        probe.held.entered.wait()
        second = threads.submit(add, app.test_client(), "k-1", WEATHER, path)
        until_waiting(office)
        probe.held.released.set()
        assert (first.result().status_code, second.result().status_code) == (409, 201)
    assert "Idempotency-Replayed" not in second.result().headers


@pytest.mark.parametrize(("losses", "status", "size"), [(2, 200, 4), (3, 409, None)])
def test_a_lost_race_is_tried_again_with_the_whole_request(
    client: FlaskClient, losses: int, status: int, size: int | None
) -> None:
    probe.races_lost = losses
    data = {"kind": "license", "file": (io.BytesIO(b"scan"), "营业执照.pdf")}
    answer = client.post("/api/probe/race", auth=ADMIN, data=data)
    assert (answer.status_code, answer.get_json().get("size")) == (status, size)


def test_a_lost_race_is_tried_again_with_every_file_of_a_name(client: FlaskClient) -> None:
    probe.races_lost = 1
    data = {"files": [(io.BytesIO(b"scan"), "a.bpmn"), (io.BytesIO(b"second"), "b.form")]}
    answer = client.post("/api/probe/race-of-many", auth=ADMIN, data=data)
    assert (answer.status_code, answer.get_json()) == (200, {"sizes": [4, 6]})


def test_a_stale_revision_is_412(client: FlaskClient) -> None:
    tag = client.get("/api/probe/people/bank", auth=ADMIN).headers["ETag"]
    path = "/api/probe/people/bank/经理"
    changed = client.put(path, auth=ADMIN, headers={"If-Match": tag})
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert client.put(path, auth=ADMIN, headers={"If-Match": tag}).status_code == 412
    assert client.put(path, auth=ADMIN, headers={"If-Match": "*"}).status_code == 200
    assert client.put(path, auth=ADMIN).headers["ETag"] == '"4"'


@pytest.mark.parametrize(("tag", "status"), [('"x"', 412), ('W/"1"', 412), ("1", 412), ('"1", "2"', 400), ('"9"', 412)])
def test_a_tag_that_no_revision_has_never_matches(client: FlaskClient, tag: str, status: int) -> None:
    answer = client.put("/api/probe/people/bank/经理", auth=ADMIN, headers={"If-Match": tag})
    assert answer.status_code == status
