"""Who gets in, by password and by bearer token, and who does not."""

import base64
import threading

import httpx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.serving import make_server

from casework import people
from casework.people import Appointment, NewPerson
from casework.tables import AccessToken, Role
from engine.ports import ENGINE
from engine.transaction import Database
from tests.statements import statements
from tests.world import World

BANK = ("bank", "bank")
ME = "/api/probe/me"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def token_of(client: FlaskClient, login: str, **body: object) -> str:
    answer = client.post("/api/tokens", auth=(login, login), json=body)
    assert answer.status_code == 201, answer.text
    token: str = answer.get_json()["token"]
    return token


def test_nobody_gets_in_without_a_login(client: FlaskClient) -> None:
    answer = client.get(ME)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith('Basic realm="lianban"')
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["code"] == "unauthenticated"


def test_a_person_acts_with_departments_and_roles_as_groups(client: FlaskClient) -> None:
    assert client.get(ME, auth=BANK).json == {"login": "bank", "groups": ["bank", "officer"], "department": "bank"}
    assert client.get(ME, auth=("bank-head", "bank-head")).get_json()["groups"] == [
        "bank",
        "bank/head",
        "head",
        "officer",
    ]
    assert client.get(ME, auth=("lead", "lead")).json == {"login": "lead", "groups": ["lead"], "department": None}


@pytest.mark.parametrize("login", ["bank", "nobody-of-this-name", "BANK", "bank\x00", "", "x" * 300, "张伟"])
def test_a_wrong_password_and_an_unknown_login_are_refused_alike(client: FlaskClient, login: str) -> None:
    wrong, unknown = client.get(ME, auth=(login, "wrong")), client.get(ME, auth=("nobody", "nobody"))
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json == unknown.json


@pytest.mark.parametrize(
    "header",
    [
        "Basic",
        "Basic !!!",
        "Basic YQ==",
        "Bearer",
        "Bearer x",
        "Bearer " + "x" * 5_000,
        "Bearer é",
        "Digest a=b",
        "junk",
    ],
)
def test_a_malformed_authorization_is_no_login(client: FlaskClient, header: str) -> None:
    assert client.get(ME, headers={"Authorization": header}).status_code == 401


def test_a_password_of_any_length_is_only_wrong(client: FlaskClient) -> None:
    assert client.get(ME, auth=("bank", "密" * 2_000)).status_code == 401


def test_a_bearer_token_works_until_it_runs_out(client: FlaskClient, world: World) -> None:
    answer = client.post("/api/tokens", auth=BANK, json={"hours": 24})
    assert answer.get_json()["expires_at"] == "2026-03-03T09:00:00.000+08:00"
    headers = bearer(answer.get_json()["token"])
    assert client.get(ME, headers=headers).get_json()["login"] == "bank"
    world.days_pass(1)
    assert client.get(ME, headers=headers).status_code == 401


def test_a_token_is_kept_only_as_its_digest(client: FlaskClient, office: Database) -> None:
    token = token_of(client, "bank", name="worker")
    assert len(base64.urlsafe_b64decode(token + "=")) == 32
    with office.view(ENGINE) as tx:
        kept = tx.session.scalars(select(AccessToken)).one()
    assert (kept.login, kept.name, len(kept.sha256)) == ("bank", "worker", 32)
    assert token.encode() not in kept.sha256


def test_a_revoked_token_is_worth_nothing_and_others_stay(client: FlaskClient) -> None:
    gone, stays = token_of(client, "bank"), token_of(client, "bank")
    assert client.delete("/api/tokens/current", headers=bearer(gone)).status_code == 204
    assert client.get(ME, headers=bearer(gone)).status_code == 401
    assert client.get(ME, headers=bearer(stays)).status_code == 200


def test_a_token_gets_no_further_token(client: FlaskClient) -> None:
    answer = client.post("/api/tokens", headers=bearer(token_of(client, "bank")), json={})
    assert answer.status_code == 401


def test_a_password_cannot_be_revoked_as_a_token(client: FlaskClient) -> None:
    assert client.delete("/api/tokens/current", auth=BANK).status_code == 401


def test_a_token_is_never_kept_as_an_answer(client: FlaskClient) -> None:
    key = {"Idempotency-Key": "one"}
    first = client.post("/api/tokens", auth=BANK, json={}, headers=key).get_json()["token"]
    assert client.post("/api/tokens", auth=BANK, json={}, headers=key).get_json()["token"] != first


def test_a_disabled_person_is_out_at_once(client: FlaskClient, office: Database) -> None:
    token = token_of(client, "bank")
    assert client.get(ME, auth=BANK).status_code == 200
    with office.begin(ENGINE) as tx:
        people.disable(tx, "bank")
    assert client.get(ME, auth=BANK).status_code == 401
    assert client.get(ME, headers=bearer(token)).status_code == 401


def test_a_new_password_ends_the_old_one_and_every_token(client: FlaskClient, office: Database) -> None:
    token = token_of(client, "bank")
    with office.begin(ENGINE) as tx:
        people.set_password(tx, "bank", "a-longer-secret")
    assert client.get(ME, auth=BANK).status_code == 401
    assert client.get(ME, headers=bearer(token)).status_code == 401
    assert client.get(ME, auth=("bank", "a-longer-secret")).status_code == 200


def test_a_moved_person_acts_for_the_new_department_at_once(client: FlaskClient, office: Database) -> None:
    headers = bearer(token_of(client, "bank"))
    with office.begin(ENGINE) as tx:
        people.move(tx, "bank", [Appointment(Role.OFFICER, "taxation"), Appointment(Role.HEAD, "bank")])
    assert client.get(ME, headers=headers).get_json()["groups"] == ["bank", "bank/head", "head", "officer", "taxation"]


def test_either_login_costs_one_statement(client: FlaskClient, office: Database) -> None:
    headers = bearer(token_of(client, "bank"))
    for given in ({"headers": headers}, {"auth": BANK}):
        with statements(office.engine) as sent:
            assert client.get(ME, **given).status_code == 200
        assert len(sent) == 1


def test_a_right_password_is_remembered_for_five_minutes(client: FlaskClient, world: World) -> None:
    """Whoever is remembered is not held up by another's guessing; whoever no longer is, is."""
    assert client.get(ME, auth=BANK).status_code == 200
    for _ in range(10):
        client.get(ME, auth=("bank", "guess"))
    world.days_pass(4.9 / 24 / 60)
    assert client.get(ME, auth=BANK).status_code == 200
    world.days_pass(0.2 / 24 / 60)
    assert client.get(ME, auth=BANK).status_code == 429


def test_ten_failures_stop_the_guessing_for_a_quarter_of_an_hour(client: FlaskClient, world: World) -> None:
    for _ in range(10):
        assert client.get(ME, auth=("bank", "guess")).status_code == 401
    stopped = client.get(ME, auth=BANK)
    assert stopped.status_code == 429
    assert 0 < int(stopped.headers["Retry-After"]) <= 15 * 60 + 1
    assert client.get(ME, auth=("taxation", "taxation")).status_code == 200
    assert client.get(ME, auth=BANK, environ_base={"REMOTE_ADDR": "10.1.2.3"}).status_code == 200
    world.days_pass(15.1 / 24 / 60)
    assert client.get(ME, auth=BANK, environ_base={"REMOTE_ADDR": "127.0.0.1"}).status_code == 200


def test_unknown_logins_are_counted_too(client: FlaskClient) -> None:
    answers = [client.get(ME, auth=("nobody", "guess")).status_code for _ in range(11)]
    assert answers == [401] * 10 + [429]


def test_a_password_is_never_logged(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    secret = "correct-horse-battery"
    with caplog.at_level(0):
        client.get(ME, auth=("bank", secret))
        client.post("/api/probe/broken", auth=("bank", secret))
    assert caplog.records
    assert secret not in caplog.text
    assert base64.b64encode(f"bank:{secret}".encode()).decode() not in caplog.text


def test_people_get_in_over_a_real_socket(app: Flask) -> None:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", trust_env=False) as http:
            token = http.post("/api/tokens", auth=BANK, json={"name": "socket"}).json()["token"]
            assert http.get(ME, headers=bearer(token)).json()["login"] == "bank"
            assert http.get(ME).status_code == 401
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_person_in_two_departments_has_the_groups_of_both(client: FlaskClient, office: Database) -> None:
    posts = (Appointment(Role.OFFICER, "taxation"), Appointment(Role.WINDOW, "window"))
    with office.begin(ENGINE) as tx:
        people.add(tx, NewPerson("wen", "温如玉", "窗口兼办税员", posts), "a-longer-secret")
    found = client.get(ME, auth=("wen", "a-longer-secret")).json
    assert found == {"login": "wen", "groups": ["officer", "taxation", "window"], "department": "taxation"}
