"""The user operation log: what people did, read from the evidence, in Camunda's words."""

import pytest

from tests.api.engine_rest.history.past import Past
from tests.served import Served

LOG = "/history/user-operation"
KEYS = (
    "id userId timestamp operationId operationType entityType category annotation property orgValue newValue "
    "deploymentId processDefinitionId processDefinitionKey processInstanceId executionId caseDefinitionId "
    "caseInstanceId caseExecutionId taskId externalTaskId batchId jobId jobDefinitionId removalTime "
    "rootProcessInstanceId"
)


def test_what_people_did_is_read_in_camundas_words(past: Past) -> None:
    instance_id = past.starts()
    window = past.served.person("window")
    [task] = window.json(f"/engine-rest/task?processInstanceId={instance_id}")
    window.post(f"/engine-rest/task/{task['id']}/claim", {"userId": "window"})
    past.completes(instance_id)

    rows = past.read(f"{LOG}?processInstanceId={instance_id}&sortBy=timestamp&sortOrder=asc")

    assert [(row["userId"], row["operationType"], row["entityType"], row["category"]) for row in rows] == [
        ("admin", "Create", "ProcessInstance", "Operator"),
        ("window", "Claim", "Task", "TaskWorker"),
        ("window", "Complete", "Task", "TaskWorker"),
    ]
    assert sorted(rows[0]) == sorted(KEYS.split())
    claim = rows[1]
    assert (claim["property"], claim["orgValue"], claim["newValue"]) == ("assignee", None, "window")
    assert (claim["taskId"], claim["executionId"], claim["processInstanceId"]) == (task["id"], task["id"], instance_id)


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ("operationType=Complete", 2),
        ("operationType=Nothing", 0),
        ("entityType=ProcessInstance", 1),
        ("categoryIn=Operator,Admin", 1),
        ("userId=window", 2),
        ("property=outcome", 2),
        ("afterTimestamp=2026-03-02T09:00:00.000%2B0800", 3),
        ("afterTimestamp=2026-03-02T09:00:00.001%2B0800", 0),
    ],
)
def test_the_log_is_narrowed(past: Past, condition: str, count: int) -> None:
    past.finishes()

    assert past.read(f"{LOG}/count?{condition}") == {"count": count}


def test_who_ended_an_instance_and_why_is_in_the_log(past: Past) -> None:
    past.admin("DELETE", f"/engine-rest/process-instance/{past.starts()}")

    [row] = past.read(f"{LOG}?operationType=Delete")

    assert (row["userId"], row["annotation"]) == ("admin", "deleted")


def test_evidence_is_not_annotated_afterwards(past: Past) -> None:
    past.starts()
    [row] = past.read(LOG)

    for verb in ("set-annotation", "clear-annotation"):
        assert past.admin.put(f"/engine-rest{LOG}/{row['operationId']}/{verb}", {}).status_code == 403


def test_what_was_done_in_a_confidential_case_is_not_in_the_log(served: Served) -> None:
    served.opens()
    served.submits("window", confidential=True)

    assert served.person("admin").json(f"/engine-rest{LOG}") == []


def test_opinions_of_a_case_are_not_in_the_log(served: Served) -> None:
    number = served.opens().accepted()
    served.person("bank").does(number, "object", "印鉴不符", finding="不合格")

    rows = served.person("admin").json(f"/engine-rest{LOG}?operationType=Complete&userId=bank")

    assert [(row["newValue"], row["annotation"]) for row in rows] == [("object", None)]
