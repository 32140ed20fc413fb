"""Starting processes by way of Camunda's API: at their start event, or where an administrator says."""

from typing import Any

import pytest

from tests.api.engine_rest.conftest import Tried
from tests.diagrams import straight, user_task

CHAIN = straight(user_task("receive"), user_task("check"), user_task("issue"))
START = "/process-definition/key/approval/start"


def begun(tried: Tried, *instructions: dict[str, Any]) -> str:
    body = {"businessKey": "K-1", "variables": {"by": {"value": "post"}}, "startInstructions": list(instructions)}
    return str(tried.does("POST", START, body, status=200)["id"])


@pytest.mark.parametrize(
    ("named", "stands_at"),
    [
        ({"type": "startBeforeActivity", "activityId": "check"}, "check"),
        ({"type": "startAfterActivity", "activityId": "check"}, "issue"),
        ({"type": "startTransition", "transitionId": "receive-check"}, "check"),
    ],
    ids=["before", "after", "along"],
)
def test_an_instance_begins_where_it_is_told_to(tried: Tried, named: dict[str, Any], stands_at: str) -> None:
    tried.deploy(CHAIN)

    instance = begun(tried, named | {"variables": {"page": {"value": 2}}})

    assert tried.at(instance) == [stands_at]
    held = tried.reads(f"/process-instance/{instance}/variables")
    assert {name: said["value"] for name, said in held.items()} == {"by": "post", "page": 2}


def test_without_instructions_it_begins_at_its_start_event(tried: Tried) -> None:
    tried.deploy(CHAIN)

    assert tried.at(begun(tried)) == ["receive"]


def test_what_means_nothing_starts_nothing(tried: Tried) -> None:
    tried.deploy(CHAIN)

    for named in (
        {"type": "startBeforeActivity", "activityId": "nowhere"},
        {"type": "startBeforeActivity"},
        {"type": "cancel", "activityId": "check"},
    ):
        tried.does("POST", START, {"startInstructions": [named]}, status=400)
    assert tried.reads("/process-instance/count") == {"count": 0}


def test_who_may_start_but_not_modify_passes_nothing_over(tried: Tried) -> None:
    tried.deploy(CHAIN)
    check = {"startInstructions": [{"type": "startBeforeActivity", "activityId": "check"}]}

    tried.does("POST", START, check, by="designer", status=403)
    tried.does("POST", START, {"startInstructions": None}, by="designer", status=200)
