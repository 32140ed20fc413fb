"""A file of items is imported over HTTP: all of it or nothing, and nothing of a file that is too large is read."""

import io
import json
import tomllib
from typing import Any

from tests.served import Served, item

TODAY = "2026-03-02"


def document(code: str, **changes: Any) -> str:
    said = tomllib.loads(item(code=code).decode())
    return json.dumps(said | {"in_force_on": TODAY, "document_number": "云政办发〔2026〕7号"} | changes)


def sends(served: Served, *lines: str, login: str = "admin", query: str = "") -> Any:
    file = (io.BytesIO("\n".join(lines).encode()), "items.jsonl")
    return served.person(login).post(f"/items/import{query}", {"file": file})


def test_items_are_imported_and_counted(served: Served) -> None:
    served.opens()

    first = sends(served, document("one"), document("two"))
    second = sends(served, document("one"), document("two", body="二局"), document("three"))

    assert first.get_json() == {"created": 2, "changed": 0, "unchanged": 0}
    assert second.get_json() == {"created": 1, "changed": 1, "unchanged": 1}
    assert served.person("applicant").json("/items/two")["version"] == 2


def test_every_bad_line_is_told_with_its_number_key_and_sentence(served: Served) -> None:
    served.opens()

    refused = sends(served, document("one"), document("Two"), "{", document("three", process="nothing"))

    problem = refused.get_json()
    assert refused.status_code == 422
    assert problem["detail"] == "3 行共 3 处错误，未导入任何事项。"
    assert [(fault["line"], fault.get("path")) for fault in problem["errors"]] == [
        (2, "code"),
        (3, None),
        (4, "process"),
    ]
    assert served.person("applicant").get("/items/one").status_code == 404


def test_a_dry_run_stores_nothing(served: Served) -> None:
    served.opens()

    assert sends(served, document("one"), query="?dry_run=true").get_json()["created"] == 1
    assert served.person("applicant").get("/items/one").status_code == 404


def test_the_same_import_under_the_same_key_is_answered_alike(served: Served) -> None:
    served.opens()
    admin = served.person("admin")
    answers = [
        admin.post(
            "/items/import", {"file": (io.BytesIO(document("one").encode()), "items.jsonl")}, Idempotency_Key="k-1"
        ).get_json()
        for _ in range(2)
    ]

    assert answers == [{"created": 1, "changed": 0, "unchanged": 0}] * 2


def test_only_an_administrator_imports(served: Served) -> None:
    assert sends(served, document("one"), login="designer").status_code == 403


def test_a_request_without_a_file_is_refused(served: Served) -> None:
    assert served.person("admin").post("/items/import").status_code == 422
