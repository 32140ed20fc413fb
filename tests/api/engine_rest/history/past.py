"""A process that leaves a history behind: a clerk checks, a timer waits, another clerk files."""

from typing import Any

from tests.diagrams import diagram, end, flows, start, user_task
from tests.served import Person, Served

KEY = "filing"
FILING = diagram(
    start(),
    user_task("check", name="核对", candidateGroups="window"),
    user_task("file", name="归档", candidateGroups="window"),
    end(),
    flows("start", "check", "file", "end"),
    key=KEY,
    historyTimeToLive=30,
)


class Past:
    """Instances of the process, and what those who administer it read of them."""

    def __init__(self, served: Served) -> None:
        self.served = served
        served.deploy(filing_bpmn=FILING)
        self.admin = served.person("admin")

    def starts(self, business_key: str = "F-1", **variables: Any) -> str:
        """The id of a new instance."""
        body = {"businessKey": business_key, "variables": {name: {"value": value} for name, value in variables.items()}}
        answer = self.admin.post(f"/engine-rest/process-definition/key/{KEY}/start", body)
        assert answer.status_code == 200, answer.text
        return str(answer.get_json()["id"])

    def completes(self, instance_id: str, **variables: Any) -> None:
        """The window does the task that the instance waits at."""
        window = self.served.person("window")
        [task] = window.json(f"/engine-rest/task?processInstanceId={instance_id}")
        said = {name: {"value": value} for name, value in variables.items()}
        answer = window.post(f"/engine-rest/task/{task['id']}/complete", {"variables": said})
        assert answer.status_code == 204, answer.text

    def finishes(self, business_key: str = "F-1", **variables: Any) -> str:
        """The id of an instance that has come to its end."""
        instance_id = self.starts(business_key, **variables)
        self.completes(instance_id)
        self.completes(instance_id)
        return instance_id

    def read(self, path: str, reader: Person | None = None) -> Any:
        return (reader or self.admin).json(f"/engine-rest{path}")
