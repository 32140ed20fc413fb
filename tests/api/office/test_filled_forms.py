"""What people fill in on a step: with reasons the form may stay empty, never wrong; without a form nothing is taken."""

import pytest

from tests.served import Served

OBJECTION = {"outcome": "object", "comment": "欠税未清"}


def test_an_objection_may_leave_the_form_unfilled(served: Served) -> None:
    number = served.opens().accepted()

    assert served.person("taxation").does(number, "object", "欠税未清").get_json()["outcome"] == "object"


def test_what_an_objection_does_say_in_the_form_must_hold(served: Served) -> None:
    served.opens().accepted()
    officer = served.person("taxation")

    refused = officer.post(f"/inbox/{officer.task()}/complete", OBJECTION | {"form": {"finding": "欠" * 201}})

    assert refused.status_code == 422
    assert [fault["path"] for fault in refused.get_json()["errors"]] == ["finding"]


@pytest.mark.parametrize("verb", ["accept", "decline"])
def test_a_step_without_a_form_takes_no_values(served: Served, verb: str) -> None:
    served.opens().submits()
    window = served.person("window")
    task = window.task()
    body = {"outcome": verb, "comment": "材料齐全", "form": {"company": "另一家公司"}}

    refused = window.post(f"/inbox/{task}/complete", body)
    not_kept = window.put(f"/inbox/{task}/draft", {"form": {"company": "另一家公司"}})

    assert (refused.status_code, not_kept.status_code) == (422, 422)
    assert refused.get_json()["errors"][0]["detail"] == "该环节没有表单，请勿填写内容。"
    assert window.post(f"/inbox/{task}/complete", body | {"form": {}}).status_code == 200
