"""The OpenAPI document says what the routes are; its page loads nothing from outside."""

import re
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api import openapi
from api.application import create_app
from api.routes import Routes, doors
from casework import migrations
from engine.ports import Ports
from engine.store.dialect import open_engine
from engine.transaction import Database, Transaction

ANYONE_MAY = {
    "/api/health",
    "/api/openapi.json",
    "/api/engine-rest/openapi.json",
    "/api/docs",
    "/api/docs/<any('docs.js', 'docs.css'):name>",
}


def test_every_route_states_who_may_call_it(app: Flask) -> None:
    stated = dict(doors(app))
    assert {rule.rule for rule in app.url_map.iter_rules()} == set(stated)
    for path, door in stated.items():
        if not path.startswith("/api/probe"):
            assert (door.act is None) == (path in ANYONE_MAY)


def test_a_route_cannot_state_an_act_that_has_no_rule(app: Flask) -> None:
    routes = Routes("wrong", "A mistake.")
    with pytest.raises(KeyError):

        @routes.post("/wrong", "错", "cases.misspelt")
        def wrong(tx: Transaction) -> None:
            """Wrong."""


def test_the_document_lists_every_route_with_who_may(client: FlaskClient, app: Flask) -> None:
    document = client.get("/api/openapi.json").get_json()
    assert document["openapi"].startswith("3.1")
    for path, door in doors(app):
        plain = re.sub(r"<(?:[^:>]*:)?([^>]+)>", r"{\1}", path.replace("any('docs.js', 'docs.css')", "any"))
        operation = document["paths"][plain][door.method.lower()]
        assert operation.get("x-act") == door.act
        assert bool(operation["security"]) == (door.act is not None)
        assert operation["summary"] == door.title.zh


def test_every_reference_in_the_document_resolves(client: FlaskClient) -> None:
    text = client.get("/api/openapi.json").text
    document = client.get("/api/openapi.json").get_json()
    references = set(re.findall(r'"\$ref": ?"#/components/(\w+)/(\w+)"', text))
    assert references
    for section, name in references:
        assert name in document["components"][section]


def test_problems_are_documented_as_such(client: FlaskClient) -> None:
    responses = client.get("/api/openapi.json").get_json()["components"]["responses"]
    assert {tuple(response["content"]) for response in responses.values()} == {("application/problem+json",)}


def test_the_document_speaks_two_languages(client: FlaskClient) -> None:
    english = client.get("/api/openapi.json", headers={"Accept-Language": "en"}).get_json()
    chinese = client.get("/api/openapi.json").get_json()
    assert english["paths"]["/api/tokens"]["post"]["summary"] == "Get a bearer token with login and password"
    assert chinese["paths"]["/api/tokens"]["post"]["summary"] == "领取访问令牌"
    assert "x-title-zh" not in str(chinese)


def test_the_page_and_its_files_come_from_here_under_a_strict_policy(client: FlaskClient) -> None:
    for path, kind in (("/api/docs", "html"), ("/api/docs/docs.js", "javascript"), ("/api/docs/docs.css", "css")):
        answer = client.get(path)
        assert answer.status_code == 200
        assert kind in answer.content_type
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_the_page_names_no_other_server() -> None:
    for name in openapi.FILES:
        text = (Path(openapi.FOLDER) / name).read_text(encoding="utf-8")
        assert not re.search(r"https?://|//\w+\.", text)
        assert "innerHTML" not in text


def test_no_other_file_can_be_asked_for(client: FlaskClient) -> None:
    for name in ("index.html", "../application.py", "%2e%2e/application.py", "docs.jsx"):
        assert client.get(f"/api/docs/{name}").status_code == 404


def health(url: str, ports: Ports) -> tuple[int, object]:
    with closing(Database(url, ports)) as database:
        answer = create_app(database).test_client().get("/api/health")
    return answer.status_code, answer.get_json()


def test_a_migrated_database_is_healthy_and_needs_no_login(empty_url: str, office_ports: Ports) -> None:
    engine = open_engine(empty_url)
    migrations.upgrade(engine)
    engine.dispose()
    assert health(empty_url, office_ports) == (200, {"database": True, "migrated": True})


def test_a_database_without_tables_is_not_healthy(empty_url: str, office_ports: Ports) -> None:
    assert health(empty_url, office_ports) == (503, {"database": True, "migrated": False})


def test_an_unreachable_database_is_not_healthy(tmp_path: Path, office_ports: Ports) -> None:
    url = f"sqlite:///{tmp_path / 'nowhere' / 'x.db'}"
    assert health(url, office_ports) == (503, {"database": False, "migrated": False})
