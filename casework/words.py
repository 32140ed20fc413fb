"""What states and kinds are called in the office's two languages; one word each."""

from collections.abc import Mapping

from casework.clock_reasons import Act
from casework.clocks import Signal, Standing
from casework.tables import (
    BillState,
    CardGround,
    CardState,
    CaseState,
    ClockKind,
    ConsultationState,
    CorrectionState,
    Decision,
    DeferralState,
    OrderOrigin,
    OrderState,
)
from engine.errors import Sentence
from engine.tables import TaskState

CASE_STATES: Mapping[CaseState, Sentence] = {
    CaseState.RECEIVED: Sentence("已收件", "received"),
    CaseState.CORRECTING: Sentence("补正中", "awaiting corrections"),
    CaseState.ACCEPTED: Sentence("已受理", "accepted"),
    CaseState.DECIDED: Sentence("已决定", "decided"),
    CaseState.CONCLUDED: Sentence("已办结", "concluded"),
    CaseState.DECLINED: Sentence("不予受理", "declined"),
    CaseState.WITHDRAWN: Sentence("已撤件", "withdrawn"),
}
DECISIONS: Mapping[Decision, Sentence] = {
    Decision.APPROVED: Sentence("准予许可", "approved"),
    Decision.REFUSED: Sentence("不予许可", "refused"),
    Decision.REVOKED: Sentence("已撤销", "revoked"),
}
TASK_STATES: Mapping[TaskState, Sentence] = {
    TaskState.CREATED: Sentence("办理中", "in progress"),
    TaskState.COMPLETED: Sentence("已办结", "completed"),
    TaskState.CANCELLED: Sentence("已关闭", "closed"),
}
CORRECTION_STATES: Mapping[CorrectionState, Sentence] = {
    CorrectionState.COLLECTING: Sentence("汇总中", "being collected"),
    CorrectionState.SENT: Sentence("待申请人补正", "awaiting the applicant"),
    CorrectionState.ANSWERED: Sentence("已补正", "answered"),
    CorrectionState.LAPSED: Sentence("已失效", "lapsed"),
}
BILL_STATES: Mapping[BillState, Sentence] = {
    BillState.DUE: Sentence("待缴费", "due"),
    BillState.PAID: Sentence("已缴清", "paid"),
    BillState.VOID: Sentence("已作废", "void"),
}
DEFERRAL_STATES: Mapping[DeferralState, Sentence] = {
    DeferralState.OFFERED: Sentence("待申请人承诺", "awaiting the applicant's promise"),
    DeferralState.PROMISED: Sentence("已承诺，待补齐", "promised"),
    DeferralState.MET: Sentence("已补齐", "handed in"),
    DeferralState.MISSED: Sentence("逾期未补齐", "missed"),
    DeferralState.VOID: Sentence("已失效", "void"),
}
CONSULTATION_STATES: Mapping[ConsultationState, Sentence] = {
    ConsultationState.OPEN: Sentence("待反馈", "awaiting an answer"),
    ConsultationState.ANSWERED: Sentence("已反馈", "answered"),
    ConsultationState.WITHDRAWN: Sentence("已收回", "withdrawn"),
    ConsultationState.CLOSED: Sentence("已关闭", "closed"),
}
CLOCK_KINDS: Mapping[ClockKind, Sentence] = {
    ClockKind.RECEIPT: Sentence("受理时限", "limit for acceptance"),
    ClockKind.PROMISED: Sentence("承诺时限", "promised limit"),
    ClockKind.STATUTORY: Sentence("法定时限", "statutory limit"),
    ClockKind.DEPARTMENT: Sentence("部门时限", "department's limit"),
    ClockKind.TASK: Sentence("环节时限", "step's limit"),
    ClockKind.CORRECTION: Sentence("补正期限", "limit for corrections"),
    ClockKind.DEFERRAL: Sentence("容缺补齐期限", "limit for deferred materials"),
    ClockKind.DELIVERY: Sentence("送达期限", "limit for delivery"),
    ClockKind.ORDER: Sentence("督办期限", "limit of a supervision order"),
}
STANDINGS: Mapping[Standing, Sentence] = {
    Standing.RUNNING: Sentence("计时中", "running"),
    Standing.PAUSED: Sentence("已中止", "paused"),
    Standing.EXCLUDED: Sentence("特别程序，不计入时限", "excluded: a special procedure is on"),
    Standing.STOPPED: Sentence("已停止", "stopped"),
    Standing.VOID: Sentence("不计", "counts for nothing"),
}
CLOCK_ACTS: Mapping[Act, Sentence] = {
    Act.PAUSE: Sentence("中止", "pause"),
    Act.RESUME: Sentence("恢复", "resume"),
    Act.EXCLUDE: Sentence("特别程序扣除", "exclude"),
    Act.EXTEND: Sentence("延期", "extend"),
    Act.REVERSE: Sentence("撤销", "reverse"),
}
SIGNALS: Mapping[Signal, Sentence] = {
    Signal.NONE: Sentence("正常", "in time"),
    Signal.YELLOW: Sentence("临期", "nearly due"),
    Signal.RED: Sentence("超期", "overdue"),
}
CARD_STATES: Mapping[CardState, Sentence] = {
    CardState.ISSUED: Sentence("已发出", "issued"),
    CardState.EXPLAINED: Sentence("已说明", "explained"),
    CardState.UPHELD: Sentence("予以维持", "upheld"),
    CardState.CANCELLED: Sentence("予以撤销", "cancelled"),
}
CARD_GROUNDS: Mapping[CardGround, Sentence] = {
    CardGround.LIMIT: Sentence("时限", "limit"),
    CardGround.IRREGULARITY: Sentence("违规", "irregularity"),
}
ORDER_STATES: Mapping[OrderState, Sentence] = {
    OrderState.OPEN: Sentence("待答复", "awaiting an answer"),
    OrderState.ANSWERED: Sentence("待审核", "awaiting a review"),
    OrderState.CLOSED: Sentence("已办结", "closed"),
}
ORDER_ORIGINS: Mapping[OrderOrigin, Sentence] = {
    OrderOrigin.CARD: Sentence("预警牌", "card"),
    OrderOrigin.INSTRUCTION: Sentence("领导批示", "leader's instruction"),
    OrderOrigin.REPORT: Sentence("报表", "report"),
}
