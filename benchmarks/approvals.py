"""The joint approvals that are measured: every department has one form, one timer bound to its clock, one clock.

Two shapes of the same approval: one sub-process repeated for every department that the applicant ticked
(multi-instance), and one branch drawn for each department. Knows nothing of databases or servers.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from tests.diagrams import (
    Element,
    boundary,
    diagram,
    end,
    flows,
    multi_instance,
    parallel,
    properties,
    start,
    sub_process,
    timer,
    user_task,
)

OUTCOMES = "agree 同意 Agree; object 不同意 Object"
COMMENT = "经审查，申请材料齐全，符合法定条件，同意。"
FINDING = "场所、人员、设施符合本部门的许可条件，未发现不予许可的情形。"


class Shape(StrEnum):
    """How the departments are drawn."""

    MULTI = "multi-instance"
    DRAWN = "drawn branches"


@dataclass(frozen=True)
class Approval:
    """One joint approval as a package of files, and what people send to it."""

    shape: Shape
    number: int

    def __str__(self) -> str:
        return f"{self.shape}, {self.number} departments"

    @property
    def key(self) -> str:
        """The item's code and the key of its process."""
        return f"{self.shape.name.lower()}-{self.number}"

    @cached_property
    def departments(self) -> Sequence[str]:
        """Their codes, which are also the roles that the diagram names."""
        return [f"department-{place:03}" for place in range(1, self.number + 1)]

    @property
    def files(self) -> Mapping[str, bytes]:
        """What a designer deploys."""
        return {
            "approval.bpmn": self._multi_instance() if self.shape == Shape.MULTI else self._drawn(),
            "application.form": _form(f"{self.key}-application", _application_fields(self.departments)),
            "review.form": _form(f"{self.key}-review", REVIEW_FIELDS),
            "item.toml": self._item(),
        }

    def application(self) -> dict[str, Any]:
        """What an applicant hands in."""
        form = {"company": "临安知微生物科技有限公司", "staff": 12, "departments": list(self.departments)}
        return {"item": self.key, "applicant": APPLICANT, "form": form}

    def _review(self, id: str, group: str) -> Element:
        return user_task(
            id,
            properties(act="review", outcomes=OUTCOMES),
            name="部门审查\nReview",
            candidateGroups=group,
            formRef=f"{self.key}-review",
            formRefBinding="latest",
        )

    def _multi_instance(self) -> bytes:
        share = sub_process(
            "share",
            multi_instance(collection="${departments}", elementVariable="department"),
            start("received"),
            self._review("review", "${department}"),
            boundary("late", "review", timer(date="${due(department, 'promised')}"), interrupting=False),
            end("reviewed"),
            end("noted"),
            flows("received", "review", "reviewed"),
            flows("late", "noted"),
        )
        return diagram(start(), share, end(), flows("start", "share", "end"), key=self.key)

    def _drawn(self) -> bytes:
        return diagram(
            start(),
            parallel("fork"),
            *(self._branch(code) for code in self.departments),
            parallel("join"),
            end(),
            flows("start", "fork"),
            flows("join", "end"),
            key=self.key,
        )

    def _branch(self, code: str) -> list[Any]:
        review, late, noted = f"review-{code}", f"late-{code}", f"noted-{code}"
        return [
            self._review(review, code),
            boundary(late, review, timer(date=f"${{due('{code}', 'promised')}}"), interrupting=False),
            end(noted),
            flows("fork", review, "join"),
            flows(late, noted),
        ]

    def _item(self) -> bytes:
        said = [ITEM.format(key=self.key)]
        for place, role in enumerate(self.departments):
            said.append(f'[[participants]]\nrole = "{role}"\nlead = {str(place == 0).lower()}\nlimit = "5WD"\n')
        return "".join(said).encode()


APPLICANT = {
    "kind": "person",
    "name": "陆嘉禾",
    "id_type": "resident-id",
    "id_number": "11010519491231002X",
    "phone": "13905710001",
}

REVIEW_FIELDS: Sequence[Mapping[str, Any]] = [
    {"type": "textfield", "key": "company", "label": "企业名称", "disabled": True},
    {"type": "textarea", "key": "finding", "label": "审查结论", "validate": {"required": True}},
]

ITEM = """
code = "{key}"
name = "联审联办"
name_en = "Joint approval"
kind = "行政许可"
case_kind = "promised"
level = "县级"
body = "行政审批局"
applicants = ["自然人"]
process = "{key}"
form = "{key}-application"
title = "company"
[limits]
promised = "10WD"
statutory = "20WD"
[guide]
scope = "本行政区域"
place = "政务服务中心一楼"
office_hours = "工作日 9:00—17:00"
phone = "0700-8625210"
complaint_phone = "12345"
visits = 1
conditions = ["符合法定条件"]
[[basis]]
law = "中华人民共和国行政许可法"
article = "第二十六条"
"""


def _application_fields(departments: Sequence[str]) -> list[dict[str, Any]]:
    offered = [{"label": code, "value": code} for code in departments]
    return [
        {"type": "textfield", "key": "company", "label": "企业名称", "validate": {"required": True}},
        {"type": "number", "key": "staff", "label": "从业人数", "validate": {"min": 1}},
        {"type": "checklist", "key": "departments", "label": "联办部门", "values": offered},
    ]


def _form(id: str, fields: Sequence[Mapping[str, Any]]) -> bytes:
    components = [{"id": f"field_{place}", **field} for place, field in enumerate(fields)]
    return json.dumps({"id": id, "type": "default", "components": components}, ensure_ascii=False).encode()


MEASURED = (
    Approval(Shape.MULTI, 5),
    Approval(Shape.MULTI, 50),
    Approval(Shape.MULTI, 200),
    Approval(Shape.DRAWN, 5),
    Approval(Shape.DRAWN, 50),
)
SMALLEST = MEASURED[0]
MOST_DEPARTMENTS = max(approval.number for approval in MEASURED)
