"""A process that names who may start it is started by them alone; what it does not name, by those who design."""

import pytest

from tests.diagrams import straight, user_task
from tests.served import Served

START = "/engine-rest/process-definition/key/errand/start"


@pytest.mark.parametrize(
    ("named", "login", "status"),
    [
        ({"candidateStarterUsers": "somebody, admin"}, "admin", 200),
        ({"candidateStarterGroups": "admin"}, "admin", 200),
        ({"candidateStarterGroups": "window"}, "window", 200),
        ({"candidateStarterUsers": "somebody"}, "admin", 403),
        ({"candidateStarterGroups": "window"}, "taxation", 403),
        ({"candidateStarterGroups": "applicant"}, "applicant", 403),
        ({}, "admin", 200),
        ({}, "window", 403),
    ],
    ids=[
        "person",
        "role",
        "official of any role",
        "others",
        "others of another role",
        "no official",
        "nobody named",
        "nobody named and no designer",
    ],
)
def test_who_may_start(served: Served, named: dict[str, str], login: str, status: int) -> None:
    served.deploy(errand_bpmn=straight(user_task("a", assignee="${starter}"), key="errand", **named))

    started = served.person(login).post(START, {"variables": {"starter": {"value": "admin"}}})

    assert started.status_code == status, started.text
    assert served.person("admin").json("/engine-rest/process-instance/count") == {"count": 1 if status == 200 else 0}
