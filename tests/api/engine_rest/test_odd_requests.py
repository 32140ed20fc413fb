"""What no database could compare or keep is refused as a mistake of the caller's, on every database alike."""

import io
from typing import Any
from urllib.parse import quote

import pytest

from tests.diagrams import straight, user_task
from tests.served import Person, Served

TASK = "/engine-rest/task?"
INSTANCE = "/engine-rest/process-instance?"


@pytest.fixture
def admin(served: Served) -> Person:
    return served.person("admin")


UNCOMPARABLE = (
    TASK + "priority=99999999999999999999",
    TASK + "active=maybe",
    TASK + "unassigned=1",
    TASK + "createdBefore=0001-01-01T00:00:00.000%2B0800",
    TASK + "createdAfter=9999-12-31T23:59:59.000-1400",
    TASK + "nameLike=" + "%25" * 501,
    TASK + "nameNotLike=" + quote("end\\"),
    INSTANCE + "businessKeyLike=" + quote("end\\\\\\"),
    INSTANCE + "variables=" + quote("name_like_end\\"),
    "/engine-rest/process-definition?version=99999999999999999999",
    "/engine-rest/external-task?priorityHigherThanOrEquals=9223372036854775808",
    "/engine-rest/deployment?after=9999-12-31T23:59:59-1200",
)


def test_a_filter_that_nothing_can_be_compared_with_is_refused(admin: Person) -> None:
    assert {address: admin.get(address).status_code for address in UNCOMPARABLE} == dict.fromkeys(UNCOMPARABLE, 400)


def test_a_pattern_is_a_text_also_where_it_looks_like_a_number(admin: Person) -> None:
    for condition in ("size_like_1%", "size_like_true", "size_notLike_7"):
        assert admin.json(f"{INSTANCE}variables={quote(condition)}") == []


def test_a_question_is_no_larger_than_what_any_database_plans_and_takes(admin: Person) -> None:
    many = [{"name": f"v{number}", "operator": "eq", "value": number} for number in range(11)]
    keys = {one["name"]: {"value": one["value"]} for one in many}
    topic = {"topicName": "t", "lockDuration": 1000, "processVariables": dict.fromkeys(keys, 1)}
    few = topic | {"processVariables": {"v": 1}}
    asked: dict[str, Any] = {
        "process-instance": {"variables": many},
        "task": {"processVariables": many},
        "task/count": {"orQueries": [{"taskVariables": many[:6]}, {"processVariables": many[:5]}]},
        "task?long": {"taskDefinitionKeyIn": ["t"] * 10_000, "orQueries": [{"assigneeIn": ["t"] * 10_000}]},
        "execution": {"processVariables": many},
        "message": {"messageName": "paid", "correlationKeys": keys},
        "external-task/fetchAndLock": {"workerId": "w", "maxTasks": 1, "topics": [topic]},
        "external-task/fetchAndLock?many": {"workerId": "w", "maxTasks": 1, "topics": [few] * 101},
    }
    assert {path: admin.post(f"/engine-rest/{path}", body).status_code for path, body in asked.items()} == (
        dict.fromkeys(asked, 400)
    )
    assert admin.post("/engine-rest/process-instance", {"variables": many[:10]}).status_code == 200


def test_a_sign_after_the_escape_sign_means_itself(served: Served) -> None:
    begun(served, {}, key="50%")
    for pattern, keys in {"50\\%": ["50%"], "50\\_": [], "5_%": ["50%"], "\\\\": []}.items():
        rows = served.person("admin").json(f"{INSTANCE}businessKeyLike={quote(pattern)}")
        assert [row["businessKey"] for row in rows] == keys, pattern


def begun(served: Served, variables: dict[str, Any], key: str = "k") -> Any:
    served.deploy(odd_bpmn=straight(user_task("check", candidateGroups="window"), key="odd"))
    body = {"businessKey": key, "variables": variables, "withVariablesInReturn": True}
    return served.person("admin").post("/engine-rest/process-definition/key/odd/start", body)


UNREADABLE = (
    {"type": "Json", "value": '"\\ud800"'},
    {"type": "Json", "value": '"\\u0000"'},
    {"type": "Json", "value": "NaN"},
    {"type": "Json", "value": "1e999"},
    {"type": "Json", "value": "[" * 100 + "]" * 100},
    {"type": "Date", "value": "0001-01-01T00:00:00+0800"},
    {"type": "Date", "value": "9999-12-31T23:59:59-1200"},
)


def test_a_variable_that_nobody_could_read_again_is_refused(served: Served) -> None:
    for said in UNREADABLE:
        assert begun(served, {"odd": said}).status_code == 400, said


def test_names_keys_and_variables_have_an_end(served: Served) -> None:
    assert begun(served, {"n" * 256: {"value": 1}}).status_code == 400
    assert begun(served, {}, key="k" * 256).status_code == 400
    assert begun(served, {"n" * 255: {"value": 1}}, key="k" * 255).status_code == 200
    assert begun(served, {f"n{number}": {"value": 1} for number in range(1_001)}).status_code == 400


def test_no_other_way_sets_more_variables_either(served: Served) -> None:
    assert begun(served, {}).status_code == 200
    admin = served.person("admin")
    [instance] = admin.json("/engine-rest/process-instance")
    few, many = ({f"n{number}": {"value": 1} for number in range(most)} for most in (501, 1_001))
    begins = {"type": "startBeforeActivity", "activityId": "check"}
    instructed = {"instructions": [begins | {"variables": few}] * 2}
    asked = (
        ("/process-instance/variables-async", {"processInstanceIds": [instance["id"]], "variables": many}),
        (f"/process-instance/{instance['id']}/modification", instructed),
        (f"/process-instance/{instance['id']}/modification-async", instructed),
        (f"/process-definition/{instance['definitionId']}/start", {"startInstructions": instructed["instructions"]}),
    )
    for address, body in asked:
        assert admin.post(f"/engine-rest{address}", body).status_code == 400, address
    instructed["instructions"].pop()
    assert admin.post(f"/engine-rest{asked[1][0]}", instructed).status_code == 204


def test_a_deployment_for_a_division_that_there_is_not_is_refused(served: Served) -> None:
    content = straight(user_task("check", candidateGroups="window"), key="odd")
    form = {"tenant-id": "9" * 24, "file": (io.BytesIO(content), "odd.bpmn")}
    refused = served.app.test_client().post(
        "/engine-rest/deployment/create", data=form, auth=("admin", "admin"), content_type="multipart/form-data"
    )
    assert refused.status_code == 400, refused.text


def test_a_comment_is_no_longer_than_at_the_office_s_door(served: Served) -> None:
    served.opens().accepted()
    bank = served.person("bank")
    address = f"/engine-rest/task/{bank.task()}/complete"
    said = {"outcome": {"value": "object"}, "finding": {"value": "合格"}}

    refused = bank.post(address, {"variables": said | {"comment": {"value": "长" * 4001}}})

    assert (refused.status_code, "4000" in refused.get_json()["message"]) == (400, True)
    assert bank.post(address, {"variables": said | {"comment": {"value": "长" * 4000}}}).status_code == 204
