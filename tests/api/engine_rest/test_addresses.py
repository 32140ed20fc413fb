"""What reaches no route, and addresses as clients write them: answered as Camunda does, whoever asks."""

import io

import pytest

from tests.served import Person, Served

REST = "/engine-rest"
SENTENCES = {404: "There is nothing at this address.", 405: "This address does not take that method."}


@pytest.fixture
def admin(served: Served) -> Person:
    return served.person("admin", "en")


UNSERVED = {
    ("GET", "/nothing"): (404, "NotFoundException"),
    ("GET", "/engine/other/task"): (404, "NotFoundException"),
    ("GET", "/engine/default/nothing"): (404, "NotFoundException"),
    ("GET", ""): (404, "NotFoundException"),
    ("GET", "/"): (404, "NotFoundException"),
    ("POST", "/nothing"): (404, "NotFoundException"),
    ("PATCH", "/task"): (405, "NotAllowedException"),
    ("PUT", "/deployment/registered"): (405, "NotAllowedException"),
    ("DELETE", "/version"): (405, "NotAllowedException"),
}


def test_what_is_not_served_is_refused_in_camundas_shape(admin: Person) -> None:
    for (method, path), (status, kind) in UNSERVED.items():
        answer = admin(method, REST + path)
        assert (answer.status_code, answer.mimetype) == (status, "application/json"), path
        assert answer.get_json() == {"type": kind, "message": SENTENCES[status], "code": None}


def test_a_method_that_is_not_taken_is_answered_with_those_that_are(admin: Person) -> None:
    allowed = admin("PATCH", f"{REST}/task").headers["Allow"]

    assert {"GET", "POST", "HEAD", "OPTIONS"} == {method.strip() for method in allowed.split(",")}


def test_a_form_is_not_taken_for_what_is_none(admin: Person) -> None:
    answer = admin.post(f"{REST}/deployment/create", {"deployment-name": "x"})

    assert (answer.status_code, answer.get_json()["type"]) == (415, "NotSupportedException")


WRITTEN = (
    "/task/count",
    "//task//count",
    "/task/count/",
    "/engine/default/task/count",
    "//engine/default//task/count//",
)


def test_slashes_and_the_engines_name_change_no_address(admin: Person) -> None:
    assert {path: admin.json(REST + path) for path in WRITTEN} == {path: {"count": 0} for path in WRITTEN}


def test_a_head_is_a_get_without_its_body(admin: Person) -> None:
    head, get = admin("HEAD", f"{REST}/engine"), admin("GET", f"{REST}/engine")

    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == get.headers["Content-Length"] == str(len(get.data))
    assert admin("HEAD", f"{REST}/nothing").status_code == 404


def test_json_is_answered_whatever_a_client_says_it_accepts(admin: Person) -> None:
    for accept in ("text/xml", "image/png", "*/*;q=0", ""):
        assert admin.get(f"{REST}/task/count", Accept=accept).get_json() == {"count": 0}


def test_json_is_read_whatever_a_client_calls_it(served: Served) -> None:
    client = served.app.test_client()
    for kind in ("application/json;charset=UTF-8", "text/plain", "application/x-www-form-urlencoded", ""):
        body = io.BytesIO(b'{"name": "x"}')
        answer = client.post(
            f"{REST}/task/count", input_stream=body, content_length=13, content_type=kind, auth=("admin", "admin")
        )
        assert (answer.status_code, answer.get_json()) == (200, {"count": 0}), kind
