"""What Camunda's API tells of a deployment that is made although something is missing (Camunda 7 tells nothing)."""

import io
import json
from typing import Any

from tests.api.engine_rest.conftest import Tried
from tests.decisions import dmn, literal
from tests.diagrams import element, straight, user_task

FORM = json.dumps({"id": "opinion", "type": "default", "components": []}).encode()
DRAWN = straight(
    user_task("review", candidateGroups="taxation", formRef="opinion", formRefBinding="deployment"),
    element("businessRuleTask", id="rules", decisionRef="risk", decisionRefBinding="deployment", resultVariable="r"),
)


def deploys(tried: Tried, **files: bytes) -> Any:
    """As the Modeler deploys a diagram with the additional files that were ticked."""
    named = {".".join(name.rsplit("_", 1)): content for name, content in files.items()}
    parts = {name: [(io.BytesIO(content), name)] for name, content in named.items()}
    body = {"deployment-name": "tried", "enable-duplicate-filtering": "true", **parts}
    answer = tried.designer.post("/engine-rest/deployment/create", body)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def test_a_form_and_a_decision_that_were_not_ticked_are_told(tried: Tried) -> None:
    form, decision = deploys(tried, tried_bpmn=DRAWN)["warnings"]

    assert form == {
        "message": form["message"],
        "resource": "tried.bpmn",
        "line": form["line"],
        "column": 0,
        "mainElementId": "review",
        "elementIds": ["review"],
    }
    assert form["line"] > 0
    assert "“opinion”不在同一次部署中" in form["message"]
    assert "附加文件" in form["message"]
    assert (decision["mainElementId"], "“risk”" in decision["message"]) == ("rules", True)


def test_an_unchanged_redeploy_tells_again_and_one_with_all_files_no_more(tried: Tried) -> None:
    deploys(tried, tried_bpmn=DRAWN)

    assert len(deploys(tried, tried_bpmn=DRAWN)["warnings"]) == 2
    assert deploys(tried, tried_bpmn=DRAWN, opinion_form=FORM, risk_dmn=dmn(literal("risk", "1")))["warnings"] == []


def test_whoever_comes_to_it_is_told_the_step_and_the_remedy(tried: Tried) -> None:
    deploys(tried, tried_bpmn=DRAWN)

    refused = tried.does("POST", "/process-definition/key/approval/start", {}, by="designer", status=422)

    assert "用户任务“review”" in refused["message"]
    assert "附加文件" in refused["message"]
