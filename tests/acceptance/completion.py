"""The office that runs the package completion-acceptance as it stands in processes/, used over HTTP."""

from collections.abc import Iterable, Sequence
from typing import Any

from werkzeug.test import TestResponse

import lianban
from casework.scenarios.package import Package
from casework.scenarios.reading import read_values
from tests.acceptance.packaged import Packaged

PACKAGE = Package(lianban.PROCESSES / "completion-acceptance")
ITEM = PACKAGE.folder.name
LEAD = "housing-construction"
SIX = (LEAD, "planning", "fire", "civil-defence", "urban-archives", "quality-supervision")
FOUR = (LEAD, "planning", "urban-archives", "quality-supervision")
"""Who takes part where there is neither a fire duty nor an air-defence basement."""

SMALL: Any = {"fire_class": "other", "floor_area": 280, "has_civil_defence": False}
BUILDING = "1 号楼"
ASKED, SLOT, ANSWER = "是否到场勘验：", "拟定勘验时间：", "确认勘验时间："
RECORD, CLOSING, OWN_CHECK = "勘验记录：", "结束勘验：", "单独核查："
NOTICE, RECTIFIED, OPINION = "整改通知：", "整改完成：", "单体验收意见："
FOUND: Any = {"survey_findings": "现场与竣工图一致"}


class CompletionAcceptance(Packaged):
    """An office in which a finished building can be accepted."""

    def is_accepted(self, **form: Any) -> str:
        """The number of a case whose papers are complete and which the window has accepted."""
        said: Any = read_values(PACKAGE.folder / "scenarios" / "applications" / "binhe.yaml")
        number = str(self.submits(item=ITEM, applicant=said["applicant"], form=said["form"] | form)["number"])
        for login, name in self.open_steps(number, "资料审核："):
            self.is_done(number, login, name, "complete")
        answer = self.person("window").post(f"/cases/{number}/accept")
        assert answer.status_code == 200, answer.text
        return number

    def visits(self, number: str, visiting: Iterable[str], building: str = BUILDING) -> None:
        """Every department of a building says whether it has to see it, and the time is agreed with the applicant."""
        for login, name in self.open_steps(number, f"{ASKED}{building}"):
            self.is_done(number, login, name, "needed" if login in visiting else "unneeded")
        self.time_is_agreed(number, building)

    def time_is_agreed(self, number: str, building: str = BUILDING) -> None:
        """The lead proposes a time, and the applicant agrees."""
        slot: Any = {"survey_at": "2026-03-11T09:30+08:00", "survey_place": "项目南门"}
        self.is_done(number, LEAD, f"{SLOT}{building}", "proposed", **slot)
        self.is_done(number, "applicant", f"{ANSWER}{building}", "agreed")

    def signs(self, number: str, login: str, name: str, outcome: str = "pass") -> TestResponse:
        """What the door answers when an officer signs a colleague's draft of a record."""
        step = self.step(number, login, name)
        return self.person(login).post(f"/inbox/{step}/sign", {"outcome": outcome})

    def drafts(self, number: str, login: str, name: str) -> None:
        """An officer fills in the record and keeps it."""
        kept = self.person(login).put(f"/inbox/{self.step(number, login, name)}/draft", {"form": FOUND})
        assert kept.status_code == 200, kept.text

    def is_recorded(
        self, number: str, logins: Sequence[str], name: str = RECORD + BUILDING, outcome: str = "pass"
    ) -> None:
        """Each department's two officers sign its record."""
        for login in logins:
            self.drafts(number, login, name)
            assert self.signs(number, f"{login}-2", name, outcome).status_code == 201
            self.is_done(number, login, name, outcome, None if outcome == "pass" else "见核查情况", **FOUND)

    def is_checked_by_the_others(self, number: str, building: str = BUILDING) -> None:
        """Who was not there checks alone."""
        name = OWN_CHECK + building
        self.is_recorded(number, [login for login, _ in self.open_steps(number, name)], name)

    def is_rectified(self, number: str, building: str = BUILDING) -> None:
        """The lead says what has to be rectified, and the applicant does it."""
        told: Any = {"rectification_number": "云建整〔2026〕3号", "rectification_items": "补装疏散指示标志"}
        self.is_done(number, LEAD, NOTICE + building, "sent", **told)
        done: Any = {"rectification_report": "已补装"}
        self.is_done(number, "applicant", RECTIFIED + building, "rectified", **done)
