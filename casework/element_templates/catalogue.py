"""The element templates, as data: which of the office's steps a designer may choose, and what is asked for each.

The names of properties are those of casework.meaning; the called processes are those of processes/common.
"""

from casework.clock_reasons import EXTENSIONS, PROCEDURES
from casework.element_templates.calls import CALLS
from casework.element_templates.offer import Choice
from casework.element_templates.properties import Property, Template, attribute, office
from casework.meaning import Does, Name
from engine.errors import Sentence

LATEST = Property(attribute("camunda:formRefBinding"), "latest")


def act(does: Does) -> Property:
    """What the step does for the case; fixed by the choice of the template."""
    return Property(office(Name.ACT), does)


def candidates(role: str = "") -> Property:
    """Whose work it is."""
    return Property(
        attribute("camunda:candidateGroups"),
        role,
        Sentence("承办", "Done by"),
        choices=lambda offer: offer.groups,
    )


def outcomes(said: str) -> Property:
    """The choices that the step offers."""
    return Property(
        office(Name.OUTCOMES),
        said,
        Sentence("结论", "Outcomes"),
        Sentence("值 中文 English；! 表示须说明理由", "value 中文 English; value! is not without reasons"),
    )


OUTCOME = Property(
    office(Name.OUTCOME),
    "",
    Sentence("结论存入变量", "Outcome goes into variable"),
    Sentence("供其后的条件使用", "for the conditions behind"),
)
FORM = Property(
    attribute("camunda:formRef"),
    "",
    Sentence("表单", "Form"),
    choices=lambda offer: offer.form_keys,
    may_be_empty=True,
)
LIMIT = Property(
    office(Name.LIMIT),
    "",
    Sentence("环节时限", "The step's limit"),
    Sentence("事项 [limits]、[limits.steps] 中的名称", "a name under [limits] or [limits.steps] of the item"),
    choices=lambda offer: offer.limits,
    group="time",
    may_be_empty=True,
)
AFTER = Property(
    office(Name.AFTER),
    "",
    Sentence("默认前置", "Waits for the approval of"),
    choices=lambda offer: offer.roles,
    may_be_empty=True,
)
SIGNERS = Property(
    office(Name.SIGNERS),
    "",
    Sentence("签名人数", "How many sign"),
    choices=lambda offer: [
        Choice(Sentence(f"{number} 人", f"{number} officers"), str(number)) for number in range(2, 10)
    ],
    may_be_empty=True,
)
SAFETY_CRITICAL = Property(
    office(Name.SAFETY_CRITICAL),
    "",
    Sentence("涉及安全", "Safety-critical"),
    Sentence("不得超时默认", "silence never approves it"),
    choices=lambda offer: [Choice(Sentence("是", "yes"), "true")],
    may_be_empty=True,
)
DATES = Property(
    office(Name.DATES),
    "",
    Sentence("表单日期的规则", "Rules for dates of the form"),
    Sentence("如 hearing_on >= today + hearing_notice", "such as hearing_on >= today + hearing_notice"),
    group="time",
)
DEPARTMENT = Property(
    office(Name.DEPARTMENT),
    "",
    Sentence("何部门的特别程序", "Of which department"),
    Sentence("不填则取变量 department", "left empty: of the variable department"),
    choices=lambda offer: offer.roles,
    may_be_empty=True,
)
UNTIL = Property(
    office(Name.UNTIL),
    "",
    Sentence("预计结束", "Expected to end"),
    Sentence("书面告知申请人", "the applicant is told in writing"),
    choices=lambda offer: offer.ends_of_limits,
    group="time",
)
KIND = Property(
    office(Name.KIND),
    "",
    Sentence("特别程序", "Special procedure"),
    choices=lambda offer: [Choice(reason.name, code) for code, reason in PROCEDURES.items()],
)
GROUND = Property(
    office(Name.KIND),
    "",
    Sentence("延期事由", "Reason of the extension"),
    choices=lambda offer: [Choice(reason.name, code) for code, reason in EXTENSIONS.items()],
)
DOCUMENT = Property(
    office(Name.DOCUMENT),
    "",
    Sentence("批准文号", "Number of the paper"),
    Sentence("可写 ${变量}", "${variable} is allowed"),
)
AMOUNT = Property(
    office(Name.AMOUNT),
    "",
    Sentence("延长多少", "Longer by"),
    Sentence("不填则为所准许的最长", "left empty: all that is allowed"),
    group="time",
)


def _user_task(key: str, name: Sentence, told: Sentence, *properties: Property) -> Template:
    return Template(key, name, told, ("UserTask",), properties)


STEPS = (
    _user_task(
        "acceptance",
        Sentence("受理", "Acceptance"),
        Sentence("窗口受理或不予受理，时限自此起算。", "The window accepts or declines; the clocks start."),
        act(Does.ACCEPT),
        candidates("window"),
        FORM,
        LATEST,
        outcomes("accept 受理 Accept; decline! 不予受理 Decline"),
        OUTCOME,
        LIMIT,
    ),
    _user_task(
        "department-review",
        Sentence("部门审查", "Department review"),
        Sentence("一个部门的审查意见。", "A department's share of the examination."),
        act(Does.REVIEW),
        candidates(),
        FORM,
        LATEST,
        outcomes("agree 同意 Agree; object! 不同意 Object"),
        OUTCOME,
        AFTER,
        SIGNERS,
        SAFETY_CRITICAL,
        LIMIT,
        DATES,
    ),
    _user_task(
        "coordination",
        Sentence("牵头协调", "Coordination"),
        Sentence("牵头部门协调各部门。", "The lead brings the departments together."),
        act(Does.COORDINATE),
        candidates("lead"),
        FORM,
        LATEST,
        outcomes("maintain 维持 Maintain; return! 退回 Return; refuse! 不予许可 Refuse"),
        OUTCOME,
        LIMIT,
    ),
    _user_task(
        "decision",
        Sentence("决定", "Decision"),
        Sentence("准予许可或不予许可。", "The decision on the case."),
        act(Does.DECIDE),
        candidates("lead"),
        FORM,
        LATEST,
        outcomes("approve 准予许可 Approve; refuse! 不予许可 Refuse"),
        OUTCOME,
        SIGNERS,
        LIMIT,
    ),
    _user_task(
        "step-with-limit",
        Sentence("有时限的环节", "Step with a limit"),
        Sentence("由一个部门在环节时限内办理。", "A department's work within a limit of its own."),
        candidates(),
        FORM,
        LATEST,
        outcomes(""),
        OUTCOME,
        LIMIT,
        DATES,
    ),
    _user_task(
        "applicant-step",
        Sentence("申请人的环节", "Applicant's step"),
        Sentence("由提交人填写；须配边界定时事件。", "Filled in by who submitted; give it a boundary timer."),
        Property(attribute("camunda:assignee"), "${submitted_by}"),
        FORM,
        LATEST,
        outcomes(""),
        OUTCOME,
    ),
    _user_task(
        "extension-approval",
        Sentence("延期审批", "Approval of an extension"),
        Sentence("由行政许可法第四十二条所定的负责人批准。", "By whom 行政许可法 art. 42 names."),
        act(Does.EXTEND),
        candidates("${approver}"),
        FORM,
        LATEST,
        outcomes("approve 准予延期 Approve; refuse! 不予延期 Refuse"),
        OUTCOME,
        GROUND,
        DOCUMENT,
        AMOUNT,
    ),
    Template(
        "special-procedure",
        Sentence("特别程序", "Special procedure"),
        Sentence(
            "图中一定会有的特别程序，期间不计入办理期限（行政许可法第四十五条）。",
            "One that is drawn; its time does not count (行政许可法 art. 45).",
        ),
        ("SubProcess", "ReceiveTask", "IntermediateCatchEvent"),
        (act(Does.EXCLUDE), KIND, DEPARTMENT, DOCUMENT, UNTIL),
    ),
    Template(
        "tacit-approval",
        Sentence("超时默认", "Tacit approval"),
        Sentence(
            "置于用户任务上不中断的边界定时事件，定时为 ${tacit('部门')}。",
            "On a timer at a user task's border that does not interrupt; its date is ${tacit('department')}.",
        ),
        ("BoundaryEvent",),
        (act(Does.DEEM_APPROVE), Property(attribute("cancelActivity"), False)),
    ),
    Template(
        "deemed-acceptance",
        Sentence("视为受理", "Acceptance by law"),
        Sentence(
            "置于定时 ${due('receipt')} 之后的中间事件（行政许可法第三十二条）。",
            "Behind a timer on ${due('receipt')} (行政许可法 art. 32).",
        ),
        ("IntermediateThrowEvent",),
        (act(Does.DEEM_ACCEPT),),
    ),
    Template(
        "item-process",
        Sentence("事项的流程", "Process of an item"),
        Sentence("该图为哪个事项办理办件。", "By which item's cases the diagram runs."),
        ("Process",),
        (
            Property(attribute("id"), "", Sentence("事项", "Item"), choices=lambda offer: offer.processes),
            Property(attribute("camunda:historyTimeToLive"), "P3650D", Sentence("历史保留", "History is kept for")),
        ),
    ),
)
TEMPLATES: tuple[Template, ...] = (*STEPS, *CALLS)
