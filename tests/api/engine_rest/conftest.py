"""Processes that somebody tries out by way of Camunda's API, without a case."""

from typing import Any

import pytest

from tests.served import Person, Served


class Tried:
    """An office in which a designer tries out processes, each a file of its own."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.admin: Person = served.person("admin")
        self.designer: Person = served.person("designer")
        self.worker: Person = served.person("payments")

    def deploy(self, content: bytes, **more: bytes) -> None:
        self.served.deploy(tried_bpmn=content, **more)

    def start(self, key: str = "approval", business_key: str | None = None, **variables: Any) -> str:
        """The id of a new instance."""
        body = {
            "businessKey": business_key,
            "variables": {name: {"value": value} for name, value in variables.items()},
        }
        answer = self.designer.post(f"/engine-rest/process-definition/key/{key}/start", body)
        assert answer.status_code == 200, answer.text
        return str(answer.get_json()["id"])

    def does(self, method: str, path: str, body: Any = None, by: str = "admin", status: int = 204) -> Any:
        """What a request under /engine-rest answers; it has to be answered so."""
        answer = self.served.person(by)(method, f"/engine-rest{path}", body)
        assert answer.status_code == status, answer.text
        return answer.get_json(silent=True)

    def reads(self, path: str) -> Any:
        """What a read under /engine-rest answers."""
        return self.admin.json(f"/engine-rest{path}")

    def at(self, instance_id: str) -> list[str]:
        """The activities at which an instance stands."""
        found = self.reads(f"/execution?processInstanceId={instance_id}")
        tree = self.reads(f"/process-instance/{instance_id}/activity-instances")
        assert len(found) >= 1
        return sorted(one["activityId"] for one in tree["childActivityInstances"])


@pytest.fixture
def tried(served: Served) -> Tried:
    return Tried(served)
