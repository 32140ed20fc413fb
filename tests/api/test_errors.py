"""Every refusal leaves as a problem document (RFC 9457), in the reader's language, with every fault at once."""

import logging
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from api.errors import STATUS, status_of
from engine.errors import Conflict, EngineError
from tests.api import probe

ADMIN = ("admin", "admin")
DEPARTMENTS = "/api/probe/departments"


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("Unreadable", 400),
        ("DiagramRefused", 400),
        ("Forbidden", 403),
        ("NotFound", 404),
        ("Conflict", 409),
        ("Stale", 412),
        ("Invalid", 422),
        ("ExpressionFailed", 422),
        ("UncaughtError", 422),
        ("NoFlowTaken", 422),
    ],
)
def test_a_refusal_has_its_status_and_code(client: FlaskClient, name: str, status: int) -> None:
    answer = client.post(f"/api/probe/refusals/{name}")
    assert answer.status_code == answer.get_json()["status"] == status
    assert answer.content_type == "application/problem+json"
    assert set(answer.get_json()) == {"type", "title", "status", "detail", "code", "errors"}
    assert answer.get_json()["type"] == f"urn:lianban:problem:{answer.get_json()['code']}"


def test_a_refusal_of_a_new_kind_has_the_status_of_the_kind_it_stems_from() -> None:
    class NotYet(Conflict):
        """Something else comes first."""

    class Unlisted(EngineError):
        """A refusal that nobody gave a status."""

    assert (status_of(NotYet()), status_of(Unlisted())) == (409, 422)


def test_every_code_is_used_once() -> None:
    codes = [kind.code for kind in STATUS]
    assert len(codes) == len(set(codes))


def test_faults_of_a_diagram_name_element_line_and_column(client: FlaskClient) -> None:
    assert client.post("/api/probe/refusals/DiagramRefused").get_json()["errors"] == [
        {"element_id": "Gateway_1", "line": 12, "column": 7, "code": "diagram-refused", "detail": "缺少汇聚网关。"}
    ]


@pytest.mark.parametrize(
    ("wanted", "language", "detail"),
    [
        (None, "zh-CN", "当前状态不允许此操作。"),
        ("zh-TW,zh;q=0.9", "zh-CN", "当前状态不允许此操作。"),
        ("en-GB,en;q=0.8,zh;q=0.5", "en", "The present state does not allow this act."),
        ("fr", "zh-CN", "当前状态不允许此操作。"),
        ("zh;q=0.1,en;q=0.9", "en", "The present state does not allow this act."),
        (";;q=,*;q=x", "zh-CN", "当前状态不允许此操作。"),
    ],
)
def test_accept_language_chooses_the_language(
    client: FlaskClient, wanted: str | None, language: str, detail: str
) -> None:
    answer = client.post("/api/probe/refusals/Conflict", headers={"Accept-Language": wanted} if wanted else {})
    assert answer.get_json()["detail"] == detail
    assert answer.headers["Content-Language"] == language
    assert "Accept-Language" in answer.headers["Vary"]


def test_every_field_is_told_at_once(client: FlaskClient) -> None:
    answer = client.post(DEPARTMENTS, auth=ADMIN, json={"role": "x" * 21, "opened_at": "gestern", "colour": "red"})
    assert answer.status_code == 422
    assert answer.get_json()["code"] == "invalid-request"
    assert {(row["path"], row["code"], row["detail"]) for row in answer.get_json()["errors"]} == {
        ("role", "length", "长度须在 1 与 20 之间。"),
        ("name", "required", "此项必填。"),
        ("opened_at", "type", "应为日期时间，如 2026-11-23T09:30:00+08:00。"),
        ("colour", "unknown", "没有这一项，请核对名称。"),
    }


def test_an_unknown_query_parameter_is_refused(client: FlaskClient) -> None:
    answer = client.get(f"{DEPARTMENTS}?limt=3", auth=ADMIN)
    assert (answer.status_code, answer.get_json()["errors"][0]["path"]) == (422, "limt")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe{}",
        "{}".encode("utf-16"),
        b"[" * 100_000,
        b'{"name": ' + b'{"a":' * 70 + b"1" + b"}" * 71,
        b'{"name": NaN}',
        b'{"name": 1e999}',
        b'{"name": ' + b"9" * 5_000 + b"}",
        b'{"name": 9223372036854775808}',
        b'{"name": "\\u0000"}',
        b'{"name": "\\ud800"}',
        b'{"\\u0000": 1}',
    ],
)
def test_a_body_that_cannot_be_read_or_kept_is_400(client: FlaskClient, body: bytes) -> None:
    answer = client.post(DEPARTMENTS, auth=ADMIN, data=body, content_type="application/json")
    assert (answer.status_code, answer.get_json()["code"]) == (400, "unreadable")


@pytest.mark.parametrize("body", [b"[]", b"1", b'"text"', b"null"])
def test_a_body_that_is_no_object_is_422(client: FlaskClient, body: bytes) -> None:
    answer = client.post(DEPARTMENTS, auth=ADMIN, data=body, content_type="application/json")
    assert answer.status_code == 422


def test_a_nul_in_the_address_is_400(client: FlaskClient) -> None:
    assert client.get("/api/probe/people/%00", auth=ADMIN).status_code == 400
    assert client.get(f"{DEPARTMENTS}?cursor=%00", auth=ADMIN).status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/nothing", 404),
        ("GET", "/", 404),
        ("DELETE", "/api/health", 405),
        ("POST", "/api/openapi.json", 405),
    ],
)
def test_what_reaches_no_route_is_a_problem_too(client: FlaskClient, method: str, path: str, status: int) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == answer.get_json()["status"] == status
    assert answer.content_type == "application/problem+json"


def test_405_names_the_methods_that_work(client: FlaskClient) -> None:
    assert "GET" in client.delete("/api/health").headers["Allow"]


def test_another_content_type_is_415(client: FlaskClient) -> None:
    answer = client.post(DEPARTMENTS, auth=ADMIN, data="role=weather", content_type="text/plain")
    assert (answer.status_code, answer.get_json()["code"]) == (415, "http-415")


def test_a_body_over_a_megabyte_is_413(client: FlaskClient) -> None:
    body = b'{"name": "' + b"x" * (1 << 20) + b'"}'
    answer = client.post(DEPARTMENTS, auth=ADMIN, data=body, content_type="application/json")
    assert (answer.status_code, answer.get_json()["code"]) == (413, "http-413")


def test_a_body_in_chunks_over_a_megabyte_is_413(client: FlaskClient) -> None:
    body = BytesIO(b'{"name": "' + b"x" * (50 << 20) + b'"}')
    answer = in_chunks(client, body)
    assert (answer.status_code, answer.get_json()["code"]) == (413, "http-413")
    assert body.tell() < 2 << 20


def test_a_body_that_breaks_off_is_a_bad_request(client: FlaskClient) -> None:
    class NoChunk(BytesIO):
        """What a server's stream does when a chunk has no length."""

        def read(self, size: int | None = -1, /) -> bytes:
            raise ArithmeticError("zz")

    assert in_chunks(client, NoChunk()).status_code == 400


def in_chunks(client: FlaskClient, body: BytesIO) -> TestResponse:
    """A body whose length nobody said beforehand."""
    read = {"wsgi.input": body, "wsgi.input_terminated": True}
    return client.post(DEPARTMENTS, auth=ADMIN, content_type="application/json", environ_overrides=read)


def test_a_route_may_take_more_and_says_how_much(client: FlaskClient) -> None:
    def upload(size: int) -> int:
        parts = {"kind": "license", "file": FileStorage(BytesIO(b"x" * size), "营业执照.pdf")}
        boundary, body = encode_multipart(parts)
        kind = f"multipart/form-data; boundary={boundary}"
        return client.post("/api/probe/files", auth=ADMIN, data=body, content_type=kind).status_code

    assert upload(1_500_000) == 200
    assert upload(2_000_001) == 413


def test_our_own_fault_shows_a_number_and_the_log_explains_it(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = client.post("/api/probe/broken", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.get_json()["code"]) == (500, "internal")
    assert "select password" not in answer.text
    number = answer.get_json()["detail"].rstrip(".").split()[-1]
    assert number in caplog.text
    assert "select password" in caplog.text


def test_what_was_bound_to_a_failing_statement_is_not_logged(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        assert client.post("/api/probe/broken-statement").status_code == 500
    assert "no_such_table" in caplog.text
    assert probe.PHONE not in caplog.text


def test_another_sites_page_cannot_act_with_a_remembered_login(client: FlaskClient) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    body = {"role": "weather", "name": "气象局"}
    assert client.post(DEPARTMENTS, auth=ADMIN, json=body, headers=headers).status_code == 403
    assert client.post(DEPARTMENTS, auth=ADMIN, json=body, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 201


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://elsewhere.example"}, 403),
        ({"Origin": "http://localhost.elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost"}, 201),
        ({"Origin": "https://office.example", "Sec-Fetch-Site": "same-origin"}, 201),
        ({"Origin": "file://", "User-Agent": "camunda-modeler/5.40 Electron/37.2.0"}, 201),
        ({}, 201),
    ],
    ids=["another", "one called alike", "no site", "ours", "ours behind a proxy", "a program", "no page"],
)
def test_without_https_a_page_is_known_by_its_origin(client: FlaskClient, headers: dict[str, str], status: int) -> None:
    """Fetch Metadata is sent to trustworthy addresses alone: https, or this machine."""
    answer = client.post(DEPARTMENTS, auth=ADMIN, json={"role": "weather", "name": "气象局"}, headers=headers)
    assert answer.status_code == status


def test_a_role_that_may_not_is_told_who_may(client: FlaskClient) -> None:
    body = {"role": "weather", "name": "气象局"}
    answer = client.post(DEPARTMENTS, auth=("supervisor", "supervisor"), json=body)
    assert (answer.status_code, answer.get_json()["detail"]) == (403, "添加部门须由系统管理员进行。")


def test_answers_are_hardened(client: FlaskClient) -> None:
    for path in ("/api/health", "/api/nothing", "/api/probe/raw"):
        headers = client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        ("2026-11-23T09:30:00", "2026-11-23T09:30:00.000+08:00"),
        ("2026-11-23T01:30:00Z", "2026-11-23T09:30:00.000+08:00"),
        ("2026-11-23T01:30:00.123456+00:00", "2026-11-23T09:30:00.123+08:00"),
        ("2026-11-23", "2026-11-23T00:00:00.000+08:00"),
    ],
)
def test_an_instant_without_a_zone_is_shanghais(client: FlaskClient, sent: str, answered: str) -> None:
    body = {"role": "weather", "name": "气象局", "opened_at": sent}
    assert client.post(DEPARTMENTS, auth=ADMIN, json=body).get_json()["opened_at"] == answered


@pytest.mark.parametrize("sent", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "", 5, None, [], "13:00"])
def test_what_is_no_instant_is_422(client: FlaskClient, sent: object) -> None:
    body = {"role": "weather", "name": "气象局", "opened_at": sent}
    assert client.post(DEPARTMENTS, auth=ADMIN, json=body).status_code == 422


def test_chinese_is_readable_on_the_wire(client: FlaskClient) -> None:
    answer = client.post(DEPARTMENTS, auth=ADMIN, json={"role": "weather", "name": "气象局"})
    assert "气象局" in answer.text
