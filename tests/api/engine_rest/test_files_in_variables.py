"""Variables that are files: they come in as base64 or as a form's file, and go out as the file that they were."""

import base64
import io
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from engine.ports import ENGINE
from engine.tables import Blob
from tests.api.engine_rest.conftest import Tried
from tests.decisions import dmn, literal
from tests.diagrams import (
    diagram,
    end,
    exclusive,
    external_task,
    flow,
    flows,
    multi_instance,
    start,
    straight,
    user_task,
)
from tests.served import DEPARTMENTS, Served, joint_approval
from tests.statements import statements

SCAN = b"%PDF-1.7\n\x00\xff scanned"
FETCH = {"workerId": "w", "maxTasks": 10, "topics": [{"topicName": "seals", "lockDuration": 60_000}]}
WORKED = straight(external_task("engrave", "seals"), user_task("check", candidateGroups="window"))
CHECKED = straight(user_task("check", candidateGroups="window"), user_task("sign", candidateGroups="window"))


def said(content: bytes = SCAN, **info: str) -> dict[str, Any]:
    """A File as clients send it."""
    value_info = {"filename": "营业执照.pdf", "mimetype": "application/pdf"} | info
    return {"type": "File", "value": base64.b64encode(content).decode(), "valueInfo": value_info}


def begun(tried: Tried, **variables: Any) -> str:
    body = {"variables": variables}
    return str(tried.does("POST", "/process-definition/key/approval/start", body, status=200)["id"])


def download(tried: Tried, path: str, by: str = "admin") -> TestResponse:
    return tried.served.person(by).get(f"/engine-rest{path}")


def the_task(tried: Tried, instance: str) -> str:
    (task,) = tried.does("GET", f"/task?processInstanceId={instance}", by="window", status=200)
    return str(task["id"])


def test_a_file_is_told_with_its_name_and_downloaded_as_it_was(tried: Tried) -> None:
    tried.deploy(CHECKED)
    variables = f"/process-instance/{begun(tried, scan=said())}/variables"

    info = {"filename": "营业执照.pdf", "mimetype": "application/pdf"}
    assert tried.reads(variables) == {"scan": {"type": "File", "value": None, "valueInfo": info}}
    answer = download(tried, f"{variables}/scan/data")
    assert (answer.status_code, answer.data, answer.content_type) == (200, SCAN, "application/pdf")
    coded = "%E8%90%A5%E4%B8%9A%E6%89%A7%E7%85%A7.pdf"
    assert answer.headers["Content-Disposition"] == f"attachment; filename=\"{coded}\"; filename*=UTF-8''{coded}"


def test_bytes_are_base_64_with_their_variable(tried: Tried) -> None:
    tried.deploy(CHECKED)
    raw = {"type": "Bytes", "value": base64.b64encode(SCAN).decode()}
    variables = f"/process-instance/{begun(tried, raw=raw)}/variables"

    assert tried.reads(f"{variables}/raw") == raw | {"valueInfo": {}}
    answer = download(tried, f"{variables}/raw/data")
    assert (answer.data, answer.content_type) == (SCAN, "application/octet-stream")


def test_a_page_is_saved_and_not_opened(tried: Tried) -> None:
    tried.deploy(CHECKED)
    page = said(b"<script>alert(1)</script>", filename="a\\b/page.html", mimetype="text/html", encoding="UTF-8")
    answer = download(tried, f"/process-instance/{begun(tried, page=page)}/variables/page/data")

    assert answer.content_type == "text/html; charset=UTF-8"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="page.html"')
    assert (answer.headers["X-Content-Type-Options"], answer.headers["Content-Security-Policy"]) == (
        "nosniff",
        "sandbox; default-src 'none'",
    )


WRONG = {
    "no base64": {"value": "%%%"},
    "base64 cut off": {"value": "QUJ"},
    "a number": {"value": 5},
    "no content": {"value": None},
    "no name": {"valueInfo": {"mimetype": "application/pdf"}},
    "no name of a file": {"valueInfo": {"filename": "a/"}},
    "a name with a line": {"valueInfo": {"filename": "a\nb"}},
    "no media type": {"valueInfo": {"filename": "a", "mimetype": "pdf"}},
    "a header": {"valueInfo": {"filename": "a", "mimetype": "text/html\r\nX-Evil: 1"}},
    "no character set": {"valueInfo": {"filename": "a", "encoding": "UTF 8"}},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_a_file_that_is_none_is_a_bad_request(tried: Tried, wrong: dict[str, Any]) -> None:
    tried.deploy(CHECKED)
    body = {"variables": {"scan": said() | wrong}}
    answer = tried.does("POST", "/process-definition/key/approval/start", body, status=400)
    assert answer["type"] == "InvalidRequestException"


def upload(tried: Tried, path: str, by: str = "admin", status: int = 204, **form: Any) -> None:
    answer = tried.served.person(by).post(f"/engine-rest{path}/data", form)
    assert answer.status_code == status, answer.text


def test_a_file_is_uploaded_to_a_process_to_an_execution_and_to_a_task(tried: Tried) -> None:
    tried.deploy(CHECKED)
    instance = begun(tried)
    task = the_task(tried, instance)
    places = {
        f"/process-instance/{instance}/variables/a": "admin",
        f"/execution/{instance}/localVariables/b": "admin",
        f"/task/{task}/variables/c": "window",
        f"/task/{task}/localVariables/d": "window",
    }
    for place, by in places.items():
        file = (io.BytesIO(SCAN), "图纸.svg", "image/svg+xml")
        upload(tried, place, by, data=file, valueType="File")
        answer = download(tried, f"{place}/data", by)
        assert (answer.data, answer.content_type) == (SCAN, "image/svg+xml"), place

    assert {name: one["type"] for name, one in tried.reads(f"/process-instance/{instance}/variables").items()} == {
        "a": "File",
        "b": "File",
        "c": "File",
    }


def test_an_upload_is_bytes_unless_it_says_more(tried: Tried) -> None:
    tried.deploy(CHECKED)
    variables = f"/process-instance/{begun(tried)}/variables"
    upload(tried, f"{variables}/raw", data=(io.BytesIO(SCAN), "unspecified"))
    assert tried.reads(f"{variables}/raw")["type"] == "Bytes"

    upload(tried, f"{variables}/raw", status=400, data=(io.BytesIO(SCAN), "x"), valueType="String")
    upload(tried, f"{variables}/raw", status=400, valueType="File", other=(io.BytesIO(SCAN), "x"))

    order = (io.BytesIO(b'{"items": 3}'), "unspecified", "application/json")
    upload(tried, f"{variables}/order", data=order, type="org.example.Order")
    assert tried.reads(f"{variables}/order") == {
        "type": "Object",
        "value": {"items": 3},
        "valueInfo": {"objectTypeName": "org.example.Order", "serializationDataFormat": "application/json"},
    }


def test_what_is_no_file_is_not_downloaded(tried: Tried) -> None:
    tried.deploy(CHECKED)
    instance = begun(tried, count={"value": 5})
    task = the_task(tried, instance)
    places = (f"/process-instance/{instance}/variables", f"/execution/{instance}/localVariables")
    for place in (*places, f"/task/{task}/variables"):
        by = "window" if place.startswith("/task") else "admin"
        assert download(tried, f"{place}/count/data", by).status_code == 400, place
        assert download(tried, f"{place}/gone/data", by).status_code == 404, place


def test_the_worker_of_a_task_reads_its_file_and_nobody_else(tried: Tried) -> None:
    tried.deploy(WORKED)
    instance = begun(tried, scan=said())
    at_instance = f"/execution/{instance}/localVariables/scan/data"
    assert download(tried, at_instance, "payments").status_code == 404

    (task,) = tried.does("POST", "/external-task/fetchAndLock", FETCH, by="payments", status=200)

    assert task["variables"]["scan"]["value"] is None
    places = (
        at_instance,
        f"/execution/{task['executionId']}/localVariables/scan/data",
        f"/process-instance/{instance}/variables/scan/data",
    )
    for place in places:
        assert download(tried, place, "payments").data == SCAN, place
        assert download(tried, place, "taxation").status_code == 403, place
    made = said(b"signed", filename="signed.pdf")
    done = {"workerId": "w", "variables": {"made": made}, "localVariables": {"kept": said()}}
    tried.does("POST", f"/external-task/{task['id']}/complete", done, by="payments")
    assert download(tried, f"/process-instance/{instance}/variables/made/data").data == b"signed"
    for place in places:
        assert download(tried, place, "payments").status_code == 404, place


def test_for_a_variable_that_there_is_not_no_task_that_a_worker_holds_is_looked_through(tried: Tried) -> None:
    tried.deploy(straight(external_task("engrave", "seals", multi_instance(cardinality=5))))
    instance = begun(tried)
    held = tried.does("POST", "/external-task/fetchAndLock", FETCH, by="payments", status=200)

    with statements(tried.served.database.engine) as sent:
        answer = download(tried, f"/execution/{instance}/localVariables/none/data", "payments")

    assert (len(held), answer.status_code) == (5, 404)
    assert not any("activity_instance" in one for one in sent)


def test_a_lock_that_ran_out_opens_no_file(tried: Tried) -> None:
    tried.deploy(WORKED)
    instance = begun(tried, scan=said())
    tried.does("POST", "/external-task/fetchAndLock", FETCH, by="payments", status=200)
    tried.served.world.days_pass(1)
    assert download(tried, f"/execution/{instance}/localVariables/scan/data", "payments").status_code == 404


CHOSEN = diagram(
    start(),
    exclusive("wide"),
    user_task("large", candidateGroups="window"),
    user_task("small", candidateGroups="window"),
    end(),
    flows("start", "wide"),
    flow("wide", "large", "${scan.size > 1000 && scan.filename == 'a.pdf' && not empty scan}"),
    flow("wide", "small", "${scan.size <= 1000 && scan.mimetype == 'application/pdf'}"),
    flows("large", "end"),
    flows("small", "end"),
)


@pytest.mark.parametrize(("size", "at"), [(10, "small"), (1001, "large")])
def test_a_diagram_decides_by_name_type_and_size(tried: Tried, size: int, at: str) -> None:
    tried.deploy(CHOSEN)
    assert tried.at(begun(tried, scan=said(bytes(size), filename="a.pdf"))) == [at]


def test_a_file_of_20_mb_is_taken_and_a_larger_one_is_not(tried: Tried) -> None:
    tried.deploy(CHECKED)
    most = 20 << 20
    instance = begun(tried, scan=said(bytes(most)))
    variables = f"/process-instance/{instance}/variables"
    assert len(download(tried, f"{variables}/scan/data").data) == most
    tried.does("PUT", f"{variables}/scan", said(bytes(most + 1)), status=400)
    tried.does("PUT", f"{variables}/scan", said(bytes(2 * most)), status=413)
    many = {"modifications": {"many": {"value": [0] * (1 << 19)}}}
    tried.does("POST", variables, many, status=413)


def kept_bytes(tried: Tried) -> int:
    with tried.served.database.view(ENGINE) as tx:
        return tx.session.scalar(select(func.count()).select_from(Blob)) or 0


def test_bytes_are_forgotten_with_the_history_of_their_process(tried: Tried) -> None:
    tried.deploy(CHECKED)
    instance, other = begun(tried, scan=said(), raw={"type": "Bytes", "value": "QUJD"}), begun(tried, scan=said())
    tried.does("PUT", f"/process-instance/{instance}/variables/scan", said(b"newer"))
    assert kept_bytes(tried) == 4

    tried.does("DELETE", f"/process-instance/{instance}")
    tried.does("DELETE", f"/history/process-instance/{instance}")

    assert kept_bytes(tried) == 1
    assert download(tried, f"/process-instance/{other}/variables/scan/data").data == SCAN


def test_a_person_hands_in_a_file_that_the_next_one_reads(tried: Tried) -> None:
    tried.deploy(CHECKED)
    instance = begun(tried)
    first = the_task(tried, instance)
    done = {"variables": {"scan": said()}, "withVariablesInReturn": True}
    tried.does("POST", f"/task/{first}/complete", done, by="window", status=200)

    second = the_task(tried, instance)

    for place in ("variables", "form-variables"):
        shown = tried.does("GET", f"/task/{second}/{place}", by="window", status=200)
        assert (shown["scan"]["type"], shown["scan"]["value"]) == ("File", None), place
    assert download(tried, f"/task/{second}/variables/scan/data", "window").data == SCAN
    assert download(tried, f"/task/{second}/variables/scan/data", "taxation").status_code == 404


def test_a_delegate_gives_back_no_files_but_everything_else(tried: Tried) -> None:
    tried.deploy(straight(user_task("check", candidateGroups="taxation")))
    begun(tried)
    (row,) = tried.does("GET", "/task", by="taxation-head", status=200)
    task = f"/task/{row['id']}"
    tried.does("POST", f"{task}/claim", {"userId": "taxation-head"}, by="taxation-head")
    tried.does("POST", f"{task}/delegate", {"userId": "taxation"}, by="taxation-head")
    found = {"on": {"type": "Date", "value": "2026-03-02T09:00:00.000+0800"}, "by": {"type": "Long", "value": 5}}

    tried.does("POST", f"{task}/resolve", {"variables": found | {"scan": said()}}, by="taxation", status=400)
    tried.does("POST", f"{task}/resolve", {"variables": found}, by="taxation")


def test_a_decision_sees_of_a_file_what_a_diagram_sees(tried: Tried) -> None:
    rules = dmn(literal("size", "scan.size", name="size"))
    tried.deploy(CHECKED, size_dmn=rules)
    found = tried.does(
        "POST", "/decision-definition/key/size/evaluate", {"variables": {"scan": said()}}, by="payments", status=200
    )
    assert [row["size"]["value"] for row in found] == [len(SCAN)]


def test_a_file_of_a_case_is_read_by_the_worker_of_its_task_alone(served: Served, tried: Tried) -> None:
    sealed = joint_approval(DEPARTMENTS, external_task("seal", "seals"), flows("accept", "seal", "end"))
    served.opens(drawn=sealed).accepted()
    (task,) = tried.does("POST", "/external-task/fetchAndLock", FETCH, by="payments", status=200)
    again = {"workerId": "w", "retries": 1, "variables": {"scan": said()}}
    tried.does("POST", f"/external-task/{task['id']}/failure", again, by="payments")
    tried.does("POST", "/external-task/fetchAndLock", FETCH, by="payments", status=200)

    for place in ("execution/{}/localVariables", "process-instance/{}/variables"):
        path = f"/{place.format(task['processInstanceId'])}/scan/data"
        assert download(tried, path, "payments").data == SCAN, place
        assert download(tried, path, "admin").status_code == 404, place
        assert download(tried, path, "supervisor").status_code == 404, place
