"""What variables held, every change of them, and whose variables are not shown."""

from typing import Any

import pytest

from tests.api.engine_rest.history.past import Past
from tests.served import Served

VARIABLES, DETAILS = "/history/variable-instance", "/history/detail"
VARIABLE_KEYS = (
    "id name type value valueInfo processDefinitionKey processDefinitionId processInstanceId executionId "
    "activityInstanceId caseDefinitionKey caseDefinitionId caseInstanceId caseExecutionId taskId tenantId errorMessage "
    "state createTime removalTime rootProcessInstanceId"
)
DETAIL_KEYS = (
    "id type processDefinitionKey processDefinitionId processInstanceId activityInstanceId executionId "
    "caseDefinitionKey caseDefinitionId caseInstanceId caseExecutionId taskId tenantId userOperationId time "
    "removalTime rootProcessInstanceId variableName variableInstanceId variableType value valueInfo revision "
    "errorMessage initial"
)


@pytest.fixture
def grown(past: Past) -> str:
    """The id of an ended instance whose variables changed."""
    instance_id = past.starts("grown", size=1, label="small")
    past.served.world.days_pass(1)
    past.completes(instance_id, size=7)
    past.completes(instance_id, label="large")
    return instance_id


def values(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {row["name"]: row["value"] for row in rows}


def test_what_a_variable_held_at_the_end_is_read(past: Past, grown: str) -> None:
    rows = past.read(f"{VARIABLES}?processInstanceId={grown}")

    assert values(rows) == {"size": 7, "label": "large"}
    for row in rows:
        assert sorted(row) == sorted(VARIABLE_KEYS.split())
        assert (row["createTime"], row["state"]) == ("2026-03-02T09:00:00.000+0800", "CREATED")
        assert (row["executionId"], row["activityInstanceId"], row["taskId"]) == (grown, grown, None)
        assert past.read(f"{VARIABLES}/{row['id']}") == row


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("variableName=size", {"size": 7}),
        ("variableNameLike=la%25", {"label": "large"}),
        ("variableNameIn=size,other", {"size": 7}),
        ("variableTypeIn=integer", {"size": 7}),
        ("variableName=label&variableValue=large", {"label": "large"}),
        ("variableName=label&variableValue=small", {}),
    ],
)
def test_variables_are_narrowed(past: Past, grown: str, condition: str, found: dict[str, Any]) -> None:
    assert values(past.read(f"{VARIABLES}?{condition}")) == found


def test_a_value_in_a_body_is_of_its_own_type(past: Past, grown: str) -> None:
    for value, count in ((7, 1), (1, 0), ("7", 0), (True, 0)):
        body = {"variableName": "size", "variableValue": value}
        assert past.admin.post(f"/engine-rest{VARIABLES}/count", body).get_json() == {"count": count}


def test_every_change_is_read_in_order(past: Past, grown: str) -> None:
    rows = past.read(f"{DETAILS}?processInstanceId={grown}&variableUpdates=true&sortBy=occurrence&sortOrder=asc")

    assert [(row["variableName"], row["value"], row["initial"]) for row in rows] == [
        ("size", 1, True),
        ("label", "small", True),
        ("size", 7, False),
        ("label", "large", False),
    ]
    assert [row["activityInstanceId"].partition(":")[0] for row in rows[2:]] == ["check", "file"]
    assert sorted(rows[0]) == sorted(DETAIL_KEYS.split())
    assert past.read(f"{DETAILS}/{rows[2]['id']}") == rows[2]
    assert past.read(f"{DETAILS}/count?initial=true") == {"count": 2}
    assert past.read(f"{DETAILS}/count?variableInstanceId={rows[0]['variableInstanceId']}") == {"count": 2}


def test_what_was_typed_into_forms_is_not_kept_apart(past: Past) -> None:
    assert past.admin.get(f"/engine-rest{DETAILS}?formFields=true").status_code == 400


@pytest.mark.parametrize("name", ["nothing", "size:00000000-0000-7000-8000-000000000000", "x:9999999999999999999999"])
def test_what_there_never_was_is_not_found(past: Past, name: str) -> None:
    assert past.admin.get(f"/engine-rest{VARIABLES}/{name}").status_code == 404
    assert past.admin.get(f"/engine-rest{DETAILS}/{name}").status_code == 404


@pytest.mark.parametrize("login", ["admin", "lead", "supervisor"])
def test_what_an_applicant_filled_in_is_no_history_to_read(served: Served, login: str) -> None:
    served.opens().accepted()

    for path in (VARIABLES, DETAILS):
        assert served.person(login).json(f"/engine-rest{path}") == []
