"""Why a clock is acted on: the closed lists of reasons (事由), and the special procedures of the law, as data.

Pure. What may be done for a reason, and by whom, is the business of those who act.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from engine.errors import Sentence

NOT_COUNTED = "行政许可法第四十五条"
HEARINGS = "行政许可法第四十五条、第四十六条至第四十八条"
LONGER = "行政许可法第四十二条"


class Act(StrEnum):
    """What a person does to a clock by itself."""

    PAUSE = "pause"
    RESUME = "resume"
    EXCLUDE = "exclude"
    EXTEND = "extend"
    REVERSE = "reverse"


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason in words; `basis` is the law that gives it, where one law does.

    Unless `is_by_law`, a special procedure is not counted against the promise only: the law does not exclude it.
    """

    name: Sentence
    basis: str | None = None
    is_by_law: bool = True


def _reason(zh: str, en: str, basis: str | None = None, *, is_by_law: bool = True) -> Reason:
    return Reason(Sentence(zh, en), basis, is_by_law)


PROCEDURES: Mapping[str, Reason] = {
    "hearing": _reason("听证", "hearing", HEARINGS),
    "tender": _reason("招标", "tender", NOT_COUNTED),
    "auction": _reason("拍卖", "auction", NOT_COUNTED),
    "inspection": _reason("检验", "inspection", NOT_COUNTED),
    "testing": _reason("检测", "testing", NOT_COUNTED),
    "quarantine": _reason("检疫", "quarantine", NOT_COUNTED),
    "appraisal": _reason("鉴定", "appraisal", NOT_COUNTED),
    "expert-review": _reason("专家评审", "expert review", NOT_COUNTED),
    "publicity": _reason("公示", "public notice", is_by_law=False),
    "site-survey": _reason("现场勘验", "site survey", is_by_law=False),
    "technical-review": _reason("技术审查", "technical review", is_by_law=False),
}
"""特别程序. Art. 45 names the first eight; what local rules add holds against the promise, never the law's limit."""

PAUSES: Mapping[str, Reason] = {
    "applicant-request": _reason("申请人申请中止", "the applicant asks for it"),
    "force-majeure": _reason("不可抗力", "force majeure", "民法典第一百八十条"),
    "pending-outcome": _reason("须以其他案件的处理结果为依据", "it depends on the outcome of another matter"),
    "pending-ruling": _reason("法律适用须由有权机关解释或者确认", "the competent authority has to rule on the law"),
    "pending-coordination": _reason("部门意见不一致，提请协调", "departments disagree and coordination is asked for"),
}
"""中止. Waiting for the applicant is none of them: that is what a notice of corrections does."""

RESUMPTIONS: Mapping[str, Reason] = {
    "cause-ended": _reason("中止原因已消除", "its cause is over"),
    "applicant-request": _reason("申请人申请恢复", "the applicant asks for it"),
    "procedure-ended": _reason("特别程序已有结果", "the special procedure has its result"),
}

EXTENSIONS: Mapping[str, Reason] = {
    "complex": _reason("情况复杂，需进一步审查", "a complex matter that needs more examination", LONGER),
    "many-interests": _reason("涉及多个利害关系人", "many parties have an interest in it", LONGER),
    "several-levels": _reason("需跨部门、跨层级会商", "departments or levels have to confer", LONGER),
    "verification": _reason("需进一步核实有关情况", "facts have to be verified", LONGER),
}

REVERSALS: Mapping[str, Reason] = {
    "by-mistake": _reason("操作有误", "done by mistake"),
    "without-basis": _reason("依据不足", "without sufficient basis"),
    "ordered": _reason("有权机关责令纠正", "ordered by a competent authority"),
}

STEPS: Mapping[str, Reason] = {
    "correction": _reason("等待申请人补正", "the applicant has to correct", "行政许可法第三十二条"),
    "payment": _reason("等待缴费", "the fees have to be paid"),
}
"""Why steps of a diagram pause clocks; no person does so for these reasons."""

OF_ACT: Mapping[Act, Mapping[str, Reason]] = {
    Act.PAUSE: PAUSES,
    Act.RESUME: RESUMPTIONS,
    Act.EXCLUDE: PROCEDURES,
    Act.EXTEND: EXTENSIONS,
    Act.REVERSE: REVERSALS,
}


def name_of(code: str) -> Sentence:
    """What a reason is called wherever it comes from; a code of no list stays as it is."""
    found = next((reasons[code] for reasons in (*OF_ACT.values(), STEPS) if code in reasons), None)
    return found.name if found else Sentence(code, code)
