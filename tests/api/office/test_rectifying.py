"""Several steps may wait for the applicant at once: the office's time stands still until the last is handed in."""

import json

import pytest

from tests.diagrams import Element, diagram, end, flow, flows, parallel, properties, start, sub_process, user_task
from tests.served import APPLICATION_FORM, Served, accept, item


def rectification(name: str) -> Element:
    """A sub-process that waits for the applicant, with a limit of its own."""
    return sub_process(
        name,
        properties(act="correct", limit="rectification"),
        start(f"{name}-begun"),
        user_task(f"{name}-done", name=name, assignee="${submitted_by}"),
        end(f"{name}-over"),
        flows(f"{name}-begun", f"{name}-done", f"{name}-over"),
    )


@pytest.fixture
def office(served: Served) -> Served:
    drawn = diagram(
        start(),
        accept(),
        parallel("fork"),
        rectification("东楼"),
        rectification("西楼"),
        parallel("join"),
        user_task("delivery", properties(act="deliver"), candidateGroups="window"),
        end(),
        end("declined"),
        flows("start", "accept"),
        flow("accept", "fork", "${acceptance == 'accept'}"),
        flow("accept", "declined", "${acceptance == 'decline'}"),
        flows("fork", "东楼", "join", "delivery", "end"),
        flows("fork", "西楼", "join"),
    )
    limits = item().replace(b'statutory = "20WD"', b'statutory = "20WD"\nsteps = {rectification = "30WD"}')
    served.deploy(approval_bpmn=drawn, application_form=json.dumps(APPLICATION_FORM).encode(), item_toml=limits)
    return served


def standing(office: Served, number: str) -> tuple[str, str]:
    """The case's state, and that of its promised time."""
    case = office.person("lead").json(f"/cases/{number}")
    [promised] = [clock for clock in case["deadlines"] if clock["kind"] == "PROMISED"]
    return case["state"], promised["state"]


def hands_in(office: Served, number: str, name: str) -> None:
    applicant = office.person("applicant")
    rows = applicant.json(f"/inbox?case_number={number}")["rows"]
    [step] = [row["id"] for row in rows if row["name"] == name]
    assert applicant.post(f"/inbox/{step}/complete", {}).status_code == 200


def test_the_case_waits_until_the_last_is_handed_in(office: Served) -> None:
    number = office.accepted()
    assert standing(office, number) == ("CORRECTING", "PAUSED")

    hands_in(office, number, "东楼")
    between = standing(office, number)
    hands_in(office, number, "西楼")
    case = office.person("lead").json(f"/cases/{number}")

    assert between == ("CORRECTING", "PAUSED")
    assert case["state"] == "ACCEPTED"
    assert [step["act"] for step in case["open_steps"]] == ["deliver"]


def test_the_applicants_time_is_the_limit_that_the_step_names(office: Served) -> None:
    number = office.accepted()

    clocks = office.person("lead").json(f"/cases/{number}")["deadlines"]

    assert [(clock["limit"], clock["state"]) for clock in clocks if clock["kind"] == "CORRECTION"] == [
        ("30WD", "RUNNING")
    ]
