"""Every type of Camunda's variables, as it comes in and goes out; and what is transient, which is never kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from engine import jobs
from tests.api.engine_rest.conftest import Tried
from tests.diagrams import (
    call,
    catch,
    diagram,
    end,
    exclusive,
    external_task,
    flow,
    flows,
    mapped_in,
    signal,
    start,
    straight,
    throw,
    user_task,
)

CHECKED = straight(user_task("check", candidateGroups="window"))
CLASS = "org.example.Order"
XML, JSON = "application/xml", "application/json"
BYTES = {"type": "Bytes", "value": "AAH/", "valueInfo": {}}


def one(kind: str | None, value: object, **info: Any) -> dict[str, Any]:
    return {"type": kind, "value": value, "valueInfo": info}


def begun(tried: Tried, key: str = "approval", **variables: Any) -> str:
    """The id of a new instance."""
    body = {"variables": variables}
    return str(tried.does("POST", f"/process-definition/key/{key}/start", body, status=200)["id"])


COMES_OUT: dict[str, tuple[Any, Any]] = {
    "string": (one("String", 5), one("String", "5")),
    "boolean": (one("boolean", "true"), one("Boolean", True)),
    "short": (one("Short", "7"), one("Short", 7)),
    "integer": (one("Integer", "-8"), one("Integer", -8)),
    "long": (one("Long", 9), one("Long", 9)),
    "double": (one("Double", 3), one("Double", 3.0)),
    "null": (one("Null", None), one("Null", None)),
    "date": (one("Date", "2026-03-02T01:00:00.000+0000"), one("Date", "2026-03-02T09:00:00.000+0800")),
    "bytes": (BYTES, BYTES),
    "json": (one("Json", '{"a" : 1}'), one("Json", '{"a" : 1}')),
    "xml": (one("Xml", "<a/>"), one("Xml", "<a/>")),
    "object": (
        one("Object", '{"a": 1}', objectTypeName=CLASS),
        one("Object", {"a": 1}, objectTypeName=CLASS, serializationDataFormat=JSON),
    ),
    "object in XML": (
        one("Object", "<a/>", objectTypeName=CLASS, serializationDataFormat=XML),
        one("Object", "<a/>", objectTypeName=CLASS, serializationDataFormat=XML),
    ),
    "no type, a text": (one(None, "x"), one("String", "x")),
    "no type, true": (one(None, True), one("Boolean", True)),
    "no type, whole": (one(None, 2**31 - 1), one("Integer", 2**31 - 1)),
    "no type, large": (one(None, 2**31), one("Long", 2**31)),
    "no type, a fraction": (one(None, 0.5), one("Double", 0.5)),
    "no type, nothing": (one(None, None), one("Null", None)),
}


@pytest.mark.parametrize("said", COMES_OUT)
def test_a_value_stays_of_the_type_that_it_was_said_to_have(tried: Tried, said: str) -> None:
    tried.deploy(CHECKED)
    sent, shown = COMES_OUT[said]
    variables = f"/process-instance/{begun(tried, x=sent)}/variables"
    assert tried.reads(f"{variables}/x") == shown
    tried.does("PUT", f"{variables}/y", sent)
    assert tried.reads(variables) == {"x": shown, "y": shown}


REFUSED = {
    "unknown type": one("Money", 5),
    "unknown type of nothing": one("Money", None),
    "no boolean": one("Boolean", "yes"),
    "short too large": one("Short", 2**15),
    "integer too large": one("Integer", 2**31),
    "long too large": one("Long", "9223372036854775808"),
    "no whole number": one("Integer", 1.5),
    "no number": one("Double", "many"),
    "no date": one("Date", "2026-03-02"),
    "no json": one("Json", "{"),
    "xml that is no text": one("Xml", {"a": 1}),
    "bytes that are no text": one("Bytes", [1]),
    "object that is no text": one("Object", {"a": 1}, objectTypeName=CLASS),
    "object without a class": one("Object", "{}"),
    "object that is no json": one("Object", "{", objectTypeName=CLASS),
    "object of Java": one(
        "Object", "rO0AB", objectTypeName=CLASS, serializationDataFormat="application/x-java-serialized-object"
    ),
    "null that is something": one("Null", 1),
}


@pytest.mark.parametrize("wrong", REFUSED)
def test_a_value_that_is_none_of_its_type_is_a_bad_request(tried: Tried, wrong: str) -> None:
    tried.deploy(CHECKED)
    body = {"variables": {"x": REFUSED[wrong]}}
    answer = tried.does("POST", "/process-definition/key/approval/start", body, status=400)
    assert answer["type"] == "InvalidRequestException"


def test_bytes_of_more_than_a_megabyte_are_downloaded_only(tried: Tried) -> None:
    tried.deploy(CHECKED)
    variables = f"/process-instance/{begun(tried, raw=one('Bytes', 'AAAA' * (1 << 19)))}/variables"
    assert tried.reads(f"{variables}/raw") == one("Bytes", None)
    assert len(tried.admin.get(f"/engine-rest{variables}/raw/data").data) == 3 << 19


DECIDED = diagram(
    start(),
    exclusive("wide"),
    external_task("measure", "measuring"),
    user_task("close", candidateGroups="window"),
    end(),
    flows("start", "wide"),
    flow("wide", "measure", "${execution.getVariable('metres') > 5}"),
    flow("wide", "close", "${execution.getVariable('metres') <= 5}"),
    flows("measure", "wide"),
    flows("close", "end"),
)


def test_what_is_transient_is_seen_until_its_command_is_done_and_never_kept(tried: Tried) -> None:
    tried.deploy(DECIDED)
    said: dict[str, Any] = {"metres": one("Integer", 6, transient=True), "street": one("String", "解放路")}
    instance = begun(tried, **said)
    assert tried.at(instance) == ["measure"]

    fetch = {"workerId": "w", "maxTasks": 1, "topics": [{"topicName": "measuring", "lockDuration": 60_000}]}
    (task,) = tried.does("POST", "/external-task/fetchAndLock", fetch, status=200)
    assert list(task["variables"]) == ["street"]
    done = {"workerId": "w", "variables": {"metres": one("Json", "5", transient=True)}}
    tried.does("POST", f"/external-task/{task['id']}/complete", done)

    assert tried.at(instance) == ["close"]
    assert list(tried.reads(f"/process-instance/{instance}/variables")) == ["street"]
    assert [row["name"] for row in tried.reads("/history/variable-instance")] == ["street"]


def test_what_is_transient_is_seen_after_a_called_process_too(tried: Tried) -> None:
    after = diagram(
        start(),
        call("survey", "survey", mapped_in(source="metres", target="seen")),
        user_task("far", name="${metres}", candidateGroups="window"),
        end(),
        flows("start", "survey", "far", "end"),
    )
    tried.deploy(after, survey_bpmn=diagram(start(), end(), flows("start", "end"), key="survey"))
    begun(tried, metres=one("Integer", 6, transient=True))
    (task,) = tried.does("GET", "/task", by="window", status=200)
    assert task["name"] == "6"
    (called,) = tried.reads("/history/variable-instance")
    assert (called["name"], called["value"]) == ("seen", 6)


@contextmanager
def jobs_run(tried: Tried) -> Iterator[None]:
    yield
    while jobs.run_due(tried.served.database, "worker"):
        pass


def test_a_signal_brings_what_it_carries_with_its_types(tried: Tried) -> None:
    warns = diagram(
        start(),
        throw("warn", signal("flood", mapped_in(variables="all"))),
        user_task("check", candidateGroups="window"),
        end(),
        flows("start", "check", "warn", "end"),
    )
    tried.deploy(warns, heard_bpmn=straight(catch("hear", signal("flood")), user_task("act"), key="heard"))
    receiver = begun(tried, key="heard")
    carried: dict[str, Any] = {name: COMES_OUT[name][0] for name in ("string", "date", "boolean", "bytes", "double")}
    scan = one("File", "QUJD", filename="a.txt")
    thrower = begun(tried, scan=scan, **carried)
    with jobs_run(tried):
        (task,) = tried.does("GET", f"/task?processInstanceId={thrower}", by="window", status=200)
        tried.does("POST", f"/task/{task['id']}/complete", {}, by="window")

    found = tried.reads(f"/process-instance/{receiver}/variables")
    file = one("File", None, filename="a.txt")
    assert found == {name: COMES_OUT[name][1] for name in carried} | {"scan": file}
    tried.does("DELETE", f"/history/process-instance/{thrower}")
    assert tried.admin.get(f"/engine-rest/process-instance/{receiver}/variables/scan/data").data == b"ABC"


def test_a_signal_from_outside_carries_types_and_no_files(tried: Tried) -> None:
    tried.deploy(straight(catch("hear", signal("flood")), user_task("act")))
    receiver = begun(tried)
    with jobs_run(tried):
        body = {"name": "flood", "variables": {"on": COMES_OUT["date"][0], "doc": COMES_OUT["json"][0]}}
        tried.does("POST", "/signal", body)
    assert tried.reads(f"/process-instance/{receiver}/variables") == {
        "on": COMES_OUT["date"][1],
        "doc": one("Json", '{"a":1}'),
    }
    begun(tried)
    file = {"name": "flood", "variables": {"scan": one("File", "QUJD", filename="a.txt")}}
    tried.does("POST", "/signal", file, status=400)


@pytest.mark.parametrize("what", ["Bytes", "File"])
def test_a_file_is_not_compared_with(tried: Tried, what: str) -> None:
    tried.deploy(straight(catch("hear", signal("flood"))))
    keys = {"scan": one(what, "QUJD", filename="a.txt")}
    tried.does("POST", "/message", {"messageName": "paid", "correlationKeys": keys}, status=400)
