"""What a diagram documents about a step is its tasks' description (Camunda 7)."""

from typing import Any

import pytest

from tests.api.engine_rest.conftest import Tried
from tests.diagrams import element, faults_of, straight, user_task

DOCUMENTED = straight(
    user_task("check", element("documentation", "查验 ${company} 的材料。")),
    user_task("deliver", element("documentation", "送达")),
)
LONG = "依据" * 3_000


def ids(tried: Tried, query: str, path: str = "/task") -> list[Any]:
    return [one["description"] for one in tried.reads(f"{path}?{query}")]


def test_a_documentation_is_evaluated_when_the_task_is_created(tried: Tried) -> None:
    tried.deploy(DOCUMENTED)
    tried.start(company="知微")

    [task] = tried.reads("/task")

    assert task["description"] == "查验 知微 的材料。"
    assert tried.reads(f"/task/{task['id']}")["description"] == "查验 知微 的材料。"


@pytest.mark.parametrize(("path", "name"), [("/task", "description"), ("/history/task", "taskDescription")])
def test_tasks_are_found_and_sorted_by_their_description(tried: Tried, path: str, name: str) -> None:
    tried.deploy(DOCUMENTED)
    for company in ("乙", "甲"):
        tried.start(company=company)

    assert ids(tried, f"{name}=查验 甲 的材料。", path) == ["查验 甲 的材料。"]
    assert ids(tried, f"{name}Like=%25乙%25", path) == ["查验 乙 的材料。"]
    assert ids(tried, f"{name}Like=%25丙%25", path) == []
    up, down = (ids(tried, f"sortBy={name}&sortOrder={order}", path) for order in ("asc", "desc"))
    assert (len(up), up) == (2, down[::-1])


def test_a_mere_text_may_be_as_long_as_its_author_likes_and_is_shown_as_far_as_lists_have_room(tried: Tried) -> None:
    tried.deploy(straight(user_task("check", element("documentation", LONG))))
    tried.start()

    [task] = tried.reads("/task")

    assert (len(task["description"]), task["description"][-2:]) == (4_000, "依…")


def test_a_step_without_documentation_has_no_description(tried: Tried) -> None:
    tried.deploy(straight(user_task("check")))
    tried.start()

    assert [task["description"] for task in tried.reads("/task")] == [None]


def test_a_documentation_that_is_no_expression_is_a_fault_at_its_task() -> None:
    [(at, said)] = faults_of(straight(user_task("check", element("documentation", "查验 ${company"))))

    assert (at, "documentation" in said) == ("check", True)


def test_a_documentation_whose_variable_is_not_there_refuses_the_start(tried: Tried) -> None:
    tried.deploy(DOCUMENTED)

    refused = tried.designer.post("/engine-rest/process-definition/key/approval/start", {})

    assert (refused.status_code, "company" in refused.get_json()["message"]) == (422, True)
    assert tried.reads("/process-instance/count") == {"count": 0}
