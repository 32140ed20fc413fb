"""Tasks by way of Camunda's API: of a process that is no case they are changed as in Camunda 7."""

import io
from typing import Any

import pytest

from tests.diagrams import boundary, diagram, end, error, escalation, flows, parallel, start, user_task
from tests.served import PDF, Person, Served
from tests.statements import statements

TRIED = diagram(
    start(),
    user_task("check", name="核对", candidateGroups="window"),
    boundary("torn", "check", error("torn")),
    boundary("chief", "check", escalation("chief"), interrupting=False),
    user_task("mend", candidateGroups="window"),
    user_task("look", candidateGroups="window"),
    end(),
    end("mended"),
    end("looked"),
    flows("start", "check", "end"),
    flows("torn", "mend", "mended"),
    flows("chief", "look", "looked"),
    key="tried",
)


@pytest.fixture
def tried(served: Served) -> Served:
    served.deploy(tried_bpmn=TRIED)
    begin(served)
    return served


def begin(served: Served, key: str = "tried", **variables: Any) -> None:
    said = {name: {"value": value} for name, value in variables.items()}
    answer = served.person("designer").post(f"/engine-rest/process-definition/key/{key}/start", {"variables": said})
    assert answer.status_code == 200, answer.text


def the_task(person: Person) -> str:
    [row] = person.json("/engine-rest/task")
    return f"/engine-rest/task/{row['id']}"


def waits_at(person: Person) -> list[str]:
    return sorted(row["taskDefinitionKey"] for row in person.json("/engine-rest/task"))


def test_an_error_leaves_the_task_where_the_diagram_catches_it(tried: Served) -> None:
    window = tried.person("window")
    task = the_task(window)

    thrown = window.post(f"{task}/bpmnError", {"errorCode": "torn", "variables": {"page": {"value": 3}}})

    assert (thrown.status_code, waits_at(window)) == (204, ["mend"])
    assert window.json(f"{the_task(window)}/variables/page") == {"type": "Integer", "value": 3, "valueInfo": {}}
    assert window.get(task).status_code == 404


def test_an_error_that_nothing_catches_is_refused(tried: Served) -> None:
    window = tried.person("window")

    refused = window.post(f"{the_task(window)}/bpmnError", {"errorCode": "lost"})

    assert 400 <= refused.status_code < 500
    assert waits_at(window) == ["check"]


def test_an_escalation_leaves_the_task_open(tried: Served) -> None:
    window = tried.person("window")

    thrown = window.post(f"{the_task(window)}/bpmnEscalation", {"escalationCode": "chief"})

    assert (thrown.status_code, waits_at(window)) == (204, ["check", "look"])
    assert window.post(f"/engine-rest/task/{'0' * 36}/bpmnEscalation", {"escalationCode": "x"}).status_code == 404


def test_a_variable_belongs_to_the_task_alone_or_to_the_process(tried: Served) -> None:
    window = tried.person("window")
    task = the_task(window)

    window.put(f"{task}/localVariables/page", {"value": 1})
    bad = window.put(f"{task}/localVariables/page", {"value": "one", "type": "Integer"})
    assert (bad.status_code, "* value:" in bad.get_json()["message"]) == (400, True), bad.text
    window.put(f"{task}/variables/page", {"value": 2})
    window.post(f"{task}/variables", {"modifications": {"size": {"value": "A4"}}, "deletions": ["nothing"]})

    values = {name: one["value"] for name, one in window.json(f"{task}/variables").items()}
    assert values == {"page": 2, "size": "A4"}
    assert list(window.json(f"{task}/localVariables")) == ["page"]
    assert window("DELETE", f"{task}/localVariables/page").status_code == 204
    assert list(window.json(f"{task}/variables")) == ["size"]
    assert window.get(f"{task}/localVariables/page").status_code == 404
    assert window.get(f"{task}/variables/size/data").status_code == 400


def test_tasks_are_sorted_by_variables_in_the_order_of_their_type(served: Served) -> None:
    served.deploy(tried_bpmn=TRIED)
    for size in (10, 9, 100):
        begin(served, size=size)
    window = served.person("window")
    by_size = {"sortBy": "processVariable", "sortOrder": "desc", "parameters": {"variable": "size", "type": "Integer"}}
    asked = {"processVariables": [{"name": "size", "operator": "gt", "value": 9}], "sorting": [by_size]}

    rows = window.post("/engine-rest/task", asked | {"withTaskVariablesInReturn": True}).get_json()

    assert [row["variables"]["size"]["value"] for row in rows] == [100, 10]
    unnamed = window.post("/engine-rest/task", {"sorting": [{"sortBy": "taskVariable", "sortOrder": "asc"}]})
    assert unnamed.status_code == 400


def test_who_asks_may_stand_for_themselves_in_a_query(tried: Served) -> None:
    window = tried.person("window")
    window.post(f"{the_task(window)}/claim", {})

    for expression in ("assigneeExpression", "involvedUserExpression"):
        mine = {expression: "${currentUser()}"}
        assert window.post("/engine-rest/task/count", mine).get_json() == {"count": 1}
        assert tried.person("window-2").post("/engine-rest/task/count", mine).get_json() == {"count": 0}
    offered = {"candidateGroupsExpression": "${currentUserGroups()}", "includeAssignedTasks": True}
    assert window.post("/engine-rest/task/count", offered).get_json() == {"count": 1}
    assert window.post("/engine-rest/task", {"assigneeExpression": "${now()}"}).status_code == 400


def test_a_candidate_user_is_asked_for_with_their_groups(tried: Served) -> None:
    admin = tried.person("admin")

    assert admin.json("/engine-rest/task/count?candidateUser=window") == {"count": 1}
    assert admin.json("/engine-rest/task/count?candidateUser=taxation") == {"count": 0}


def test_a_task_is_given_to_somebody_by_updating_it_and_nothing_else_of_it_changes(tried: Served) -> None:
    window = tried.person("window")
    task = the_task(window)
    whole = window.json(task)

    assert window.put(task, whole | {"assignee": "window"}).status_code == 204
    refused = window.put(task, whole | {"assignee": "window", "name": "另一个", "priority": 99})

    assert window.json(task)["assignee"] == "window"
    assert (refused.status_code, "name, priority" in refused.get_json()["message"]) == (403, True)


def test_candidates_are_not_added_singly(tried: Served) -> None:
    window = tried.person("window")
    task = the_task(window)

    refused = window.post(f"{task}/identity-links", {"groupId": "taxation", "type": "candidate"})
    assigned = window.post(f"{task}/identity-links", {"userId": "window", "type": "assignee"})

    assert (refused.status_code, assigned.status_code) == (403, 204)
    assert window.post(f"{task}/identity-links", {"type": "assignee"}).status_code == 400
    assert window.json(f"{task}/identity-links?type=assignee") == [
        {"userId": "window", "groupId": None, "type": "assignee"}
    ]
    assert window.post(f"{task}/identity-links/delete", {"userId": "window", "type": "assignee"}).status_code == 204
    assert window.json(task)["assignee"] is None


def test_all_comments_of_an_instance_are_read_in_as_many_statements_as_one(tried: Served) -> None:
    window = tried.person("window")
    task = the_task(window)
    of_all = f"/engine-rest/process-instance/{window.json(task)['processInstanceId']}/comment"

    def read() -> int:
        with statements(tried.database.engine) as sent:
            window.json(of_all)
        return len(sent)

    window.post(f"{task}/comment/create", {"message": "缺一页"})
    alone = read()
    assert window.post(f"{task}/bpmnEscalation", {"escalationCode": "chief"}).status_code == 204
    for row in window.json("/engine-rest/task"):
        window.post(f"/engine-rest/task/{row['id']}/comment/create", {"message": "已核"})

    assert len(window.json(of_all)) == 3
    assert read() == alone


def test_comments_are_their_authors(tried: Served) -> None:
    window, colleague = tried.person("window"), tried.person("window-2")
    task = the_task(window)

    first = window.post(f"{task}/comment/create", {"message": "缺一页"}).get_json()
    second = colleague.post(f"{task}/comment/create", {"message": "已补"}).get_json()

    assert first.keys() >= {"links", "id", "userId", "taskId", "processInstanceId", "time", "message", "removalTime"}
    assert [one["message"] for one in window.json(f"{task}/comment")] == ["已补", "缺一页"]
    of_all = f"/engine-rest/process-instance/{first['processInstanceId']}/comment"
    assert window.json(of_all) == window.json(f"{task}/comment")
    assert tried.person("taxation").json(of_all) == []
    assert window("DELETE", of_all).status_code == 403
    assert colleague.put(f"{task}/comment", {"id": first["id"], "message": "不缺"}).status_code == 403
    assert window.put(f"{task}/comment", {"id": first["id"], "message": "缺两页"}).status_code == 204
    assert window.json(f"{task}/comment/{first['id']}")["message"] == "缺两页"
    assert window("DELETE", f"{task}/comment/{second['id']}").status_code == 403
    assert colleague("DELETE", f"{task}/comment").status_code == 204
    assert [one["id"] for one in window.json(f"{task}/comment")] == [first["id"]]
    assert tried.person("taxation").get(f"{task}/comment").status_code == 404
    [row] = window.json("/engine-rest/task?withCommentAttachmentInfo=true")
    assert (row["comment"], row["attachment"]) == (True, False)


def attach(served: Served, task: str, content: bytes = PDF, **fields: str) -> Any:
    form = {name.replace("_", "-"): said for name, said in fields.items()} | {"content": (io.BytesIO(content), "a.pdf")}
    return served.app.test_client().post(
        f"{task}/attachment/create", data=form, auth=("window", "window"), content_type="multipart/form-data"
    )


def test_an_attachment_is_typed_kept_and_taken_away(tried: Served) -> None:
    window = tried.person("window")
    task = the_task(window)

    made = attach(tried, task, attachment_name="核对记录").get_json()

    assert (made["name"], made["type"], made["taskId"]) == ("核对记录.pdf", "application/pdf", task.rsplit("/", 1)[1])
    data = window.get(f"{task}/attachment/{made['id']}/data")
    assert (data.data, data.headers["Content-Disposition"].split(";")[0]) == (PDF, "attachment")
    assert [one["id"] for one in window.json(f"{task}/attachment")] == [made["id"]]
    assert tried.person("taxation").get(f"{task}/attachment/{made['id']}/data").status_code == 404
    assert window("DELETE", f"{task}/attachment/{made['id']}").status_code == 204
    assert window.json(f"{task}/attachment") == []


def test_what_is_no_file_of_the_office_s_kinds_is_not_attached(tried: Served) -> None:
    window = tried.person("window")
    task = the_task(window)

    assert attach(tried, task, content=b"MZ no pdf").status_code == 400
    assert attach(tried, task, attachment_description="三页").status_code == 400
    only_url = tried.app.test_client().post(
        f"{task}/attachment/create",
        data={"url": "http://example.org"},
        auth=("window", "window"),
        content_type="multipart/form-data",
    )
    assert only_url.status_code == 400
    assert window.post(f"{task}/attachment/create", {"url": "http://example.org"}).status_code == 415
    assert window.json(f"{task}/attachment") == []


def test_tasks_are_counted_by_the_group_that_they_are_offered_to(tried: Served) -> None:
    admin = tried.person("admin")

    rows = admin.json("/engine-rest/task/report/candidate-group-count")
    file = admin.get("/engine-rest/task/report/candidate-group-count", Accept="text/csv")

    assert rows == [{"groupName": "window", "taskCount": 1}]
    assert file.content_type.startswith("text/csv")
    assert "window,1" in file.text


def test_two_tasks_of_one_process_share_its_variables(served: Served) -> None:
    both = diagram(
        start(),
        parallel("fork"),
        user_task("left", candidateGroups="window"),
        user_task("right", candidateGroups="window"),
        parallel("join"),
        end(),
        flows("start", "fork", "left", "join", "end"),
        flows("fork", "right", "join"),
        key="both",
    )
    served.deploy(both_bpmn=both)
    begin(served, "both")
    window = served.person("window")
    left, right = (f"/engine-rest/task/{row['id']}" for row in window.json("/engine-rest/task"))

    window.put(f"{left}/variables/size", {"value": "A4"})
    window.put(f"{left}/localVariables/page", {"value": 1})

    assert list(window.json(f"{right}/variables")) == ["size"]
