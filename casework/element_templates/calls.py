"""The templates of call activities: one for each shared process of processes/common, with what it asks for."""

from casework.element_templates.properties import (
    BUSINESS_KEY,
    EVERYTHING_BACK,
    Property,
    Template,
    attribute,
    handed_back,
    handed_in,
    office,
    reckoned_in,
)
from casework.meaning import Does, Name
from engine.errors import Sentence

DEPARTMENT = Property(
    reckoned_in("department"), "", Sentence("部门", "Department"), choices=lambda offer: offer.groups, group="handed"
)
FROM_THE_MESSAGE = tuple(
    Property(handed_in(target), source)
    for target, source in (
        ("department", "term_department"),
        ("handler", "term_handler"),
        ("approver", "term_approver"),
    )
)
SUBMITTED_BY = Property(handed_in("submitted_by"), "submitted_by")
OBJECTIONS = Property(
    handed_in("objections"), "objections", Sentence("持异议专项的变量", "Variable with the objections"), group="handed"
)


def _given(target: str, variable: str, zh: str, en: str) -> Property:
    return Property(handed_in(target), variable, Sentence(zh, en), group="handed")


def _received(source: str, zh: str, en: str) -> Property:
    return Property(handed_back(source), source, Sentence(zh, en), group="handed")


def _excluded(kind: str, limit: str) -> tuple[Property, ...]:
    """What makes a called process a special procedure (特别程序) while it runs."""
    said = {Name.ACT: Does.EXCLUDE, Name.KIND: kind, Name.UNTIL: f"${{limit('{limit}')}}"}
    return tuple(Property(office(name), value) for name, value in said.items())


def _call(key: str, called: str, name: Sentence, told: Sentence, *properties: Property) -> Template:
    """A call of a shared process in the version that a release of the package has, with what every one of them asks."""
    fixed = (
        Property(attribute("calledElement"), called),
        Property(attribute("camunda:calledElementBinding"), "versionTag"),
        Property(attribute("camunda:calledElementVersionTag"), "1.0"),
        Property(BUSINESS_KEY, "${case_number}"),
        Property(handed_in("case_number"), "case_number"),
        Property(handed_in("applicant_name"), "applicant_name"),
    )
    return Template(key, name, told, ("CallActivity",), (*fixed, *properties))


CALLS = (
    _call(
        "joint-survey",
        "common-joint-survey",
        Sentence("联合勘验", "Joint survey"),
        Sentence("须现场核查的部门一次到场。", "One visit for all departments that have to see the site."),
        SUBMITTED_BY,
        _given("departments", "participants", "部门列表的变量", "Variable with the departments"),
        _received("passed", "通过的部门存入", "Who passed it goes into"),
        _received("to_rectify", "要求整改的部门存入", "Who wants it rectified goes into"),
        _received("failed", "不通过的部门存入", "Who failed it goes into"),
        _received("absent", "缺席的部门存入", "Who was absent goes into"),
        _received("pending", "尚无结论的部门存入", "Who has said nothing yet goes into"),
    ),
    _call(
        "correction-loop",
        "common-correction-notice",
        Sentence("补正", "Correction loop"),
        Sentence(
            "置于消息 correction-noticed 开始的非中断事件子流程中；逾期以错误 correction-lapsed 结束。",
            "In an event sub-process that the message correction-noticed starts without interrupting; ends with the "
            "error correction-lapsed when the applicant is too late.",
        ),
        Property(office(Name.ACT), Does.CORRECT),
        Property(
            office(Name.LIMIT),
            "",
            Sentence("申请人的时限", "The applicant's limit"),
            Sentence("不填则为 correction", "left empty: correction"),
            choices=lambda offer: offer.limits,
            group="time",
            may_be_empty=True,
        ),
        Property(EVERYTHING_BACK, ""),
    ),
    _call(
        "objection",
        "common-objection",
        Sentence("异议协调", "Coordination of an objection"),
        Sentence("有部门不同意时由牵头部门协调。", "Called when a department objects."),
        SUBMITTED_BY,
        OBJECTIONS,
        Property(handed_in("rounds"), "rounds"),
        _received("coordination_outcome", "结果存入", "What came of it goes into"),
    ),
    _call(
        "expert-review",
        "common-expert-review",
        Sentence("专家评审", "Expert review"),
        Sentence("书面告知后，评审时间不计入办理期限。", "Once the applicant is told, its time does not count."),
        *_excluded("expert-review", "expert_review"),
        SUBMITTED_BY,
        DEPARTMENT,
        _received("expert_outcome", "结果存入", "What came of it goes into"),
    ),
    _call(
        "publicity",
        "common-publicity",
        Sentence("公示", "Publicity"),
        Sentence("公示期为事项的时限 publicity。", "For the item's limit publicity."),
        *_excluded("publicity", "publicity"),
        SUBMITTED_BY,
        DEPARTMENT,
        _received("publicity_outcome", "结果存入", "What came of it goes into"),
    ),
    _call(
        "special-procedure-on-application",
        "common-special-procedure",
        Sentence("依申请的特别程序", "Special procedure on application"),
        Sentence(
            "置于消息 special-procedure-requested 开始的非中断事件子流程中。",
            "In an event sub-process that the message special-procedure-requested starts without interrupting.",
        ),
        SUBMITTED_BY,
        *FROM_THE_MESSAGE,
    ),
    _call(
        "extension",
        "common-extension",
        Sentence("延期", "Extension"),
        Sentence(
            "置于消息 extension-requested 开始的非中断事件子流程中。",
            "In an event sub-process that the message extension-requested starts without interrupting.",
        ),
        SUBMITTED_BY,
        *FROM_THE_MESSAGE,
        _received("extension_outcome", "结果存入", "What came of it goes into"),
    ),
    _call(
        "tacit-approval-paper",
        "common-tacit-approval",
        Sentence("超时默认后补出具意见", "Paper after a tacit approval"),
        Sentence("接在超时默认的边界定时事件之后。", "Behind the timer of a tacit approval."),
        DEPARTMENT,
    ),
    _call(
        "deferred-material",
        "common-deferred-material",
        Sentence("容缺受理", "Deferred materials"),
        Sentence(
            "置于消息 material-deferred 开始的非中断事件子流程中；逾期以错误 deferral-missed 结束。",
            "In an event sub-process that the message material-deferred starts without interrupting; ends with the "
            "error deferral-missed.",
        ),
        SUBMITTED_BY,
        Property(handed_in("deferred_materials"), "deferred_materials"),
        Property(handed_in("deferred_how"), "deferred_how"),
    ),
    _call(
        "commitment-verification",
        "common-informed-commitment",
        Sentence("告知承诺核查", "Verification of a commitment"),
        Sentence("凭承诺作出决定后核查。", "After a decision that rests on the applicant's declaration."),
        SUBMITTED_BY,
        DEPARTMENT,
    ),
    _call(
        "fees",
        "common-fees",
        Sentence("缴费", "Fees"),
        Sentence("各部门收费一次缴清；没有收费的直接通过。", "All fees on one bill; nothing charged goes on at once."),
    ),
    _call(
        "delivery",
        "common-delivery",
        Sentence("送达", "Delivery"),
        Sentence(
            "窗口十日内送达（行政许可法第四十四条）。", "The window delivers within ten days (行政许可法 art. 44)."
        ),
        SUBMITTED_BY,
    ),
    _call(
        "withdrawal",
        "common-withdrawal",
        Sentence("退回材料", "Return of materials"),
        Sentence("撤件或视为撤件时由窗口退回材料。", "The window returns the materials of a withdrawn application."),
    ),
)
