"""Deployments at the door: all or nothing, every fault at once, byte for byte, who and when."""

import hashlib
import io
import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.decisions import dmn, table
from tests.diagrams import boundary, diagram, element, end, flows, properties, start, straight, timer, user_task
from tests.served import APPLICATION_FORM, Served, item

DRAWN = straight(user_task("review", candidateGroups="taxation"))


def deploys(served: Served, files: dict[str, bytes], login: str = "designer", **fields: str) -> TestResponse:
    sent: dict[str, Any] = {"files": [(io.BytesIO(content), name) for name, content in files.items()], **fields}
    return served.person(login).post("/deployments", sent)


def test_a_deployment_says_who_published_which_bytes_when(served: Served) -> None:
    made = deploys(served, {"approval.bpmn": DRAWN}, name="企业开办")

    assert made.status_code == 201
    said = made.get_json()
    assert (said["name"], said["deployed_by"]["name"]) == ("企业开办", "孔令仪")
    assert said["deployed_at"] == "2026-03-02T09:00:00.000+08:00"
    assert said["files"] == [{"name": "approval.bpmn", "sha256": hashlib.sha256(DRAWN).hexdigest(), "size": len(DRAWN)}]
    assert [(one["key"], one["version"], one["is_new"]) for one in said["definitions"]] == [("approval", 1, True)]
    assert served.person("designer").json(f"/deployments/{said['id']}")["files"] == said["files"]


def test_unchanged_bytes_keep_their_version(served: Served) -> None:
    form = json.dumps(APPLICATION_FORM).encode()
    deploys(served, {"approval.bpmn": DRAWN, "application.form": form})

    again = deploys(served, {"approval.bpmn": DRAWN, "application.form": form}).get_json()
    changed = deploys(served, {"approval.bpmn": DRAWN + b"\n"}).get_json()

    assert sorted(again["unchanged"]) == ["application.form", "approval.bpmn"]
    assert [(one["version"], one["is_new"]) for one in again["definitions"]] == [(1, False)]
    assert [(one["version"], one["is_new"]) for one in changed["definitions"]] == [(2, True)]


def test_the_same_files_under_the_same_name_are_no_new_deployment(served: Served) -> None:
    first, again = (deploys(served, {"approval.bpmn": DRAWN}, name="企业开办").get_json() for _ in range(2))

    assert again["id"] == first["id"]
    assert [one["is_new"] for one in again["definitions"]] == [False]
    assert len(served.person("designer").json("/deployments")["rows"]) == 1


def test_the_xml_comes_back_byte_for_byte(served: Served) -> None:
    odd = DRAWN.replace(b"\n", b"\r\n") + "<!-- 备注 -->".encode()
    definition = deploys(served, {"approval.bpmn": odd}).get_json()["definitions"][0]

    answer = served.person("supervisor").get(f"/process-definitions/{definition['id']}/xml")

    assert answer.data == odd
    assert answer.content_type == "application/xml"


def test_versions_are_listed_newest_first_and_the_list_shows_the_latest(served: Served) -> None:
    for spaces in range(3):
        deploys(served, {"approval.bpmn": DRAWN + b" " * spaces})
    deploys(served, {"closing.bpmn": straight(user_task("x", candidateGroups="bank"), key="closing")})
    designer = served.person("designer")

    latest = designer.json("/process-definitions")["rows"]
    versions = designer.json("/process-definitions/approval/versions?limit=2")

    assert [(row["key"], row["version"]) for row in latest] == [("approval", 3), ("closing", 1)]
    assert [row["version"] for row in versions["rows"]] == [3, 2]
    rest = designer.json(f"/process-definitions/approval/versions?limit=2&cursor={versions['next']}")
    assert [row["version"] for row in rest["rows"]] == [1]
    assert [row["key"] for row in designer.json("/process-definitions?q=clos")["rows"]] == ["closing"]
    assert [row["files"] for row in designer.json("/deployments?deployed_by=designer&limit=2")["rows"]] == [1, 1]


def test_misspelt_properties_are_a_warning_with_element_and_line(served: Served) -> None:
    drawn = straight(user_task("review", properties(act="reveiw"), candidateGroups="taxation"))

    warnings = deploys(served, {"approval.bpmn": drawn}).get_json()["warnings"]

    assert [warning["element_id"] for warning in warnings] == ["review"]
    assert "reveiw" in warnings[0]["detail"]


@pytest.mark.parametrize(("whose", "told"), [("cases", 1), ("case", 0)])
def test_a_timer_that_waits_for_a_clock_the_item_does_not_give_is_a_warning(
    served: Served, whose: str, told: int
) -> None:
    late = boundary("late", "review", timer(date=f"${{due('{whose}')}}"), interrupting=False)
    review = user_task("review", candidateGroups="taxation")
    around = [start(), end(), end("told"), flows("start", "review", "end"), flows("late", "told")]
    drawn = diagram(review, late, *around, key="approval")
    form = json.dumps(APPLICATION_FORM).encode()

    made = deploys(served, {"approval.bpmn": drawn, "item.toml": item(), "application.form": form}).get_json()

    assert [warning["element_id"] for warning in made["warnings"]] == ["late"] * told


def test_every_fault_of_every_file_is_told_and_nothing_is_stored(served: Served) -> None:
    broken = diagram(
        start(),
        element("businessRuleTask", id="rules"),
        element("adHocSubProcess", id="booking"),
        end(),
        flows("start", "rules", "booking", "end"),
    )
    files = {
        "approval.bpmn": broken,
        "good.bpmn": DRAWN,
        "a.form": b'{"type": "default"',
        "item.toml": item().replace(b'promised = "10WD"', b'promised = "10X"'),
    }

    refused = deploys(served, files)

    assert refused.status_code == 400
    faults = refused.get_json()["errors"]
    assert {"rules", "booking"} <= {fault.get("element_id") for fault in faults}
    assert all(fault.get("line") for fault in faults if fault.get("element_id") in ("rules", "booking"))
    told = " ".join(fault["detail"] for fault in faults)
    assert "a.form" in told
    assert "limits.promised" in told
    designer = served.person("designer")
    assert designer.json("/deployments")["rows"] == designer.json("/process-definitions")["rows"] == []


def many(tag: str) -> bytes:
    """A diagram with 150 nodes of a kind that nothing leads to."""
    return diagram(start(), end(), flows("start", "end"), *(element(tag, id=f"n{number}") for number in range(150)))


def test_of_a_flood_of_faults_the_first_are_listed_and_the_others_counted(served: Served) -> None:
    listed = deploys(served, {"approval.bpmn": many("complexGateway")}).get_json()["errors"]

    assert [fault["element_id"] for fault in listed[:100]] == [f"n{number}" for number in range(100)]
    assert [fault["detail"][:8] for fault in listed[100:]] == ["另有 50 处未"]


def test_of_a_flood_of_faults_of_an_item_the_others_are_counted_too(served: Served) -> None:
    flood = "".join(f"unknown{number} = 1\n" for number in range(150)).encode()

    listed = deploys(served, {"item.toml": flood + item()}).get_json()["errors"]

    assert len(listed) == 101
    assert listed[100]["detail"].startswith("另有 50 处未")


def test_of_a_flood_of_warnings_the_first_are_listed_and_the_others_counted(served: Served) -> None:
    listed = deploys(served, {"approval.bpmn": many("task")}).get_json()["warnings"]

    assert [warning["element_id"] for warning in listed[:100]] == [f"n{number}" for number in range(100)]
    assert [warning["detail"][:8] for warning in listed[100:]] == ["另有 50 处未"]


ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">&b;</definitions>"""
EXTERNAL = b"""<?xml version="1.0"?><!DOCTYPE d SYSTEM "file:///etc/passwd">
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>"""
HOSTILE = {
    "no-xml": b"this is no XML",
    "cut-off": DRAWN[:200],
    "empty": b"",
    "entities": ENTITIES,
    "external-dtd": EXTERNAL,
    "too-large": DRAWN + b"<!--" + b"x" * (2 << 20) + b"-->",
    "too-deep": b"<a>" * 100_000 + b"</a>" * 100_000,
    "too-many": diagram(start(), *(element("task", id=f"t{number}") for number in range(20_001))),
    "not-executable": DRAWN.replace(b'isExecutable="true"', b'isExecutable="false"'),
    "camunda-8": DRAWN.replace(
        b"<definitions",
        b'<definitions xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" modeler:executionPlatform="Camunda Cloud"',
        1,
    ),
}


@pytest.mark.parametrize("kind", list(HOSTILE))
def test_a_broken_or_malicious_diagram_is_refused_with_its_faults_and_leaves_nothing(served: Served, kind: str) -> None:
    refused = deploys(served, {"approval.bpmn": HOSTILE[kind]})

    assert refused.status_code == 400
    assert refused.get_json()["errors"]
    assert served.person("designer").json("/deployments")["rows"] == []


TOO_LONG = pytest.param(f"{251 * 'a'}.bpmn", id="too long")


@pytest.mark.parametrize(
    "name", ["../approval.bpmn", "/etc/approval.bpmn", "a/../../b.bpmn", "..", "a\nb.bpmn", TOO_LONG]
)
def test_a_file_name_that_leaves_the_package_is_refused(served: Served, name: str) -> None:
    assert deploys(served, {name: DRAWN}).status_code == 422


def test_a_file_named_twice_is_refused(served: Served) -> None:
    assert deploys(served, {"a.bpmn": DRAWN, "./a.bpmn": DRAWN}).status_code == 422


def test_a_deployment_without_files_is_refused(served: Served) -> None:
    assert served.person("designer").post("/deployments", {"name": "x", "files": []}).status_code in (415, 422)


@pytest.mark.parametrize("login", ["taxation", "taxation-head", "lead", "supervisor", "applicant", "window"])
def test_only_designers_and_administrators_deploy(served: Served, login: str) -> None:
    assert deploys(served, {"approval.bpmn": DRAWN}, login).status_code == 403


def test_unknown_deployments_and_definitions_are_not_found(served: Served) -> None:
    designer = served.person("designer")

    assert designer.get("/deployments/nothing").status_code == 404
    assert designer.get("/process-definitions/nothing/xml").status_code == 404
    assert designer.json("/process-definitions/nothing/versions")["rows"] == []


def test_an_item_whose_process_or_form_is_not_deployed_is_warned_of(served: Served) -> None:
    files = {"item.toml": item(), "approval.bpmn": DRAWN, "application.form": json.dumps(APPLICATION_FORM).encode()}

    def told(*names: str) -> list[str]:
        made = deploys(served, {name: files[name] for name in names}, name=" ".join(names))
        assert made.status_code == 201
        return [warning["detail"] for warning in made.get_json()["warnings"]]

    neither = told("item.toml")
    assert len(neither) == 2
    assert "“approval”" in neither[0]
    assert "“application”" in neither[1]
    assert len(told("item.toml", "approval.bpmn")) == 1
    assert told("item.toml", "application.form") == []


def test_a_decision_that_names_a_matter_the_item_has_not_is_warned_of_with_its_rule(served: Served) -> None:
    matter = '\n[[matters]]\ncode = "tax"\nname = "发票核定"\nname_en = "Invoices"\nrole = "taxation"\n'
    decides = item().replace(b"[limits]", b'matters_decision = "matters"\n\n[limits]', 1) + matter.encode()
    rules = ([">= 10"], ['"tax"']), (["< 10"], ['"tex"'])
    files = {
        "approval.bpmn": DRAWN,
        "application.form": json.dumps(APPLICATION_FORM).encode(),
        "item.toml": decides,
        "matters.dmn": dmn(table("matters", ["staff"], ["matter"], *rules)),
    }

    (warning,) = deploys(served, files).get_json()["warnings"]

    assert (warning["file"], warning["element_id"]) == ("matters.dmn", "matters_rule2")
    assert "“tex”" in warning["detail"]
