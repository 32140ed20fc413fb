"""The office that runs the package construction-planning-permit as it stands in processes/, used over HTTP."""

from collections.abc import Sequence
from typing import Any

import lianban
from casework.scenarios.package import Package
from casework.scenarios.reading import read_values
from tests.acceptance.packaged import Packaged

PACKAGE = Package(lianban.PROCESSES / "construction-planning-permit")
ITEM = PACKAGE.folder.name
MATTERS = {
    "planning": "规划设计方案",
    "fire": "消防设计",
    "civil-defence": "人防工程",
    "urban-management": "附属绿化",
}
"""The matters of the package's application `library`, each of another department."""

PRE_CHECK, REVIEW = "材料预审：", "部门审查："
TOO_NEAR = "规划方案退让清溪路红线不足五米，不符合规划条件第七项"


class PlanningPermit(Packaged):
    """An office in which one can apply for a construction planning permit."""

    def is_forwarded(self, application: str = "library", materials: Sequence[dict[str, str]] = (), **form: Any) -> str:
        """The number of a case whose papers the departments check."""
        said: Any = read_values(PACKAGE.folder / "scenarios" / "applications" / f"{application}.yaml")
        applicant = {name: value for name, value in said["applicant"].items() if not name.startswith("agent_")}
        handed_in = {"form": said["form"] | form, "materials": list(materials)}
        number = str(self.submits(item=ITEM, applicant=applicant, **handed_in)["number"])
        self.is_done(number, "window", "收件", "forward")
        return number

    def is_under_review(self, application: str = "library", **form: Any) -> str:
        """The number of a case that the departments review."""
        number = self.is_forwarded(application, **form)
        for login, name in self.open_steps(number, PRE_CHECK):
            self.is_done(number, login, name, "pass")
        answer = self.person("window").post(f"/cases/{number}/accept")
        assert answer.status_code == 200, answer.text
        return number

    def agree(self, number: str, *logins: str) -> None:
        """They agree, each on the only matter of the department."""
        for login in logins:
            self.is_done(number, login, f"{REVIEW}{MATTERS[login]}", "agree")

    def is_permitted(self, number: str) -> None:
        """From an approval to the permit in the applicant's hands."""
        size: Any = {"approved_floor_area": 4180.5, "approved_height": 18.6}
        self.is_done(number, "planning-head", "规划许可决定", "approve", **size)
        given: Any = {"permit_number": "建字第4291012026000018号", "permit_issued_on": "2026-03-05"}
        self.is_done(number, "planning", "核发规划许可证", "issued", **given)
        handed: Any = {"delivered_document": "规划许可证", "delivery_method": "window", "receiver_name": "陆嘉禾"}
        self.is_done(number, "window", "送达", "delivered", **handed)
