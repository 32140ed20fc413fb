"""A diagram with forms and decisions as Camunda Modeler saves them, from Deploy to its end by Camunda's API alone."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.clients.camunda import Camunda
from tests.clients.modeler import Modeler
from tests.served import Person

FILES = Path(__file__).parent / "street_occupation"
KEY = "street-occupation"
ASKED = {"applicant": "陆知行", "street": "解放路", "purpose": "施工", "days": 10, "area": 300}
ASK = "/engine-rest"


class Street:
    """One application for a piece of street, by its business key."""

    def __init__(self, camunda: Camunda, business_key: str) -> None:
        self._camunda, self._key = camunda, business_key

    def handed_in(self, **changes: object) -> Any:
        body = {"businessKey": self._key, "variables": _typed(ASKED | changes)}
        return self.person("window").post(f"{ASK}/process-definition/key/{KEY}/submit-form", body)

    def person(self, login: str) -> Person:
        return self._camunda.served.person(login)

    def tasks(self, login: str) -> list[Any]:
        found: list[Any] = self.person(login).get(f"{ASK}/task?processInstanceBusinessKey={self._key}").get_json()
        return found

    def answers(self, login: str, **values: object) -> Any:
        (task,) = self.tasks(login)
        return self.person(login).post(f"{ASK}/task/{task['id']}/submit-form", {"variables": _typed(values)})

    def fetched(self) -> Any:
        """What the permits' worker gets to do."""
        topics = [{"topicName": "street-permits", "lockDuration": 60_000}]
        body = {"workerId": "permits", "maxTasks": 1, "topics": topics}
        (task,) = self.person("admin").post(f"{ASK}/external-task/fetchAndLock", body).get_json()
        return task

    def worker(self, task: Any, act: str, **said: object) -> None:
        address = f"{ASK}/external-task/{task['id']}/{act}"
        assert self.person("admin").post(address, {"workerId": "permits", **said}).status_code == 204

    def history(self) -> Any:
        (found,) = self.asked(f"history/process-instance?processInstanceBusinessKey={self._key}")
        return found

    def asked(self, path: str) -> Any:
        answer = self.person("admin").get(f"{ASK}/{path}")
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def passed(self) -> list[str]:
        """The steps that were taken, in their order."""
        query = f"processInstanceId={self.history()['id']}&sortBy=startTime&sortOrder=asc"
        return [visit["activityId"] for visit in self.asked(f"history/activity-instance?{query}")]


def _typed(values: dict[str, Any]) -> dict[str, Any]:
    return {name: {"value": value} for name, value in values.items()}


@pytest.fixture
def street(camunda: Camunda) -> Street:
    attached = [(path.name, path.read_bytes()) for path in sorted(FILES.iterdir()) if path.suffix != ".bpmn"]
    deployed = Modeler(camunda).deploy((FILES / f"{KEY}.bpmn").read_bytes(), *attached, name=KEY)
    assert deployed.status_code == 200, deployed.text
    return Street(camunda, "ZD-2026-01")


def test_a_permit_is_issued_when_every_department_agrees(street: Street) -> None:
    assert street.handed_in().status_code == 200
    assert street.tasks("taxation") == []

    assert street.answers("public-security", objected=False).status_code == 204
    assert street.answers("human-resources", objected=False).status_code == 204
    task = street.fetched()
    assert json.loads(task["variables"]["permit"]["value"]) == {"street": "解放路", "fee": 10 * 300 * 50}
    street.worker(task, "complete", variables={"number": {"value": "占字 1 号"}})
    assert street.answers("window").status_code == 204

    assert street.history()["state"] == "COMPLETED"
    assert street.passed()[-1] == "issued"
    query = f"processInstanceId={street.history()['id']}&variableName=permit_number"
    (number,) = street.asked(f"history/variable-instance?{query}")
    assert number["value"] == "占字 1 号"


def test_what_the_form_does_not_allow_starts_nothing(street: Street) -> None:
    refused = street.handed_in(days=91)

    assert refused.status_code == 400
    assert street.asked("process-instance/count") == {"count": 0}


def test_one_objection_with_reasons_ends_the_review(street: Street) -> None:
    street.handed_in(purpose="活动")
    assert len(street.tasks("market-regulation")) == 1

    assert street.answers("public-security", objected=True).status_code == 400
    assert street.answers("public-security", objected=True, reasons="该路段当日封闭").status_code == 204

    assert street.tasks("market-regulation") == []
    assert street.answers("window").status_code == 204
    assert street.passed()[-1] == "refused"


def test_a_worker_that_has_no_number_leads_to_the_refusal(street: Street) -> None:
    street.handed_in(area=20)
    street.answers("public-security", objected=False)

    street.worker(street.fetched(), "failure", errorMessage="no number", retries=0, retryTimeout=0)

    assert [task["taskDefinitionKey"] for task in street.tasks("window")] == ["inform"]
