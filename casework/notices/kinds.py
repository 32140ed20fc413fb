"""What notices are about: one word each, by which an administrator also says which sender carries them."""

from collections.abc import Mapping
from enum import StrEnum

from engine.errors import Sentence


class NoticeKind(StrEnum):
    """The occasions on which somebody is told something."""

    CASE_RECEIVED = "case-received"
    CASE_ACCEPTED = "case-accepted"
    CASE_DECLINED = "case-declined"
    CASE_APPROVED = "case-approved"
    CASE_REFUSED = "case-refused"
    CASE_WITHDRAWN = "case-withdrawn"
    CASE_CANCELLED = "case-cancelled"
    CORRECTION_SENT = "correction-sent"
    CORRECTION_LAPSED = "correction-lapsed"
    PROCEDURE_BEGUN = "procedure-begun"
    TERM_EXTENDED = "term-extended"
    CASE_PAUSED = "case-paused"
    ACT_REVERSED = "act-reversed"
    MATERIAL_DEFERRED = "material-deferred"
    FEES_DUE = "fees-due"
    CASE_REVOKED = "case-revoked"
    APPLICANT_ASKED = "applicant-asked"
    RESULT_READY = "result-ready"
    RESULT_DELIVERED = "result-delivered"
    TASKS_CLOSED = "tasks-closed"
    TASK_TRANSFERRED = "task-transferred"
    TASK_DELEGATED = "task-delegated"
    TASK_RESOLVED = "task-resolved"
    TASK_REMINDED = "task-reminded"
    TASK_CONSULTED = "task-consulted"
    TASK_ANSWERED = "task-answered"
    CASE_COPIED = "case-copied"
    TASKS_HANDED_OVER = "tasks-handed-over"
    PAUSE_OUTLASTED = "pause-outlasted"
    CARD_ISSUED = "card-issued"
    CARD_EXPLAINED = "card-explained"
    CARD_DECIDED = "card-decided"
    CLOCK_SIGNALLED = "clock-signalled"
    ORDER_ISSUED = "order-issued"
    ORDER_OVERDUE = "order-overdue"
    DEADLINE_MOVED = "deadline-moved"
    DEADLINES_MOVED = "deadlines-moved"


NOTICE_KINDS: Mapping[NoticeKind, Sentence] = {
    NoticeKind.CASE_RECEIVED: Sentence("收件凭证", "receipt of the application"),
    NoticeKind.CASE_ACCEPTED: Sentence("受理通知", "notice of acceptance"),
    NoticeKind.CASE_DECLINED: Sentence("不予受理通知", "notice that the application is declined"),
    NoticeKind.CASE_APPROVED: Sentence("准予许可通知", "notice of approval"),
    NoticeKind.CASE_REFUSED: Sentence("不予许可通知", "notice of refusal"),
    NoticeKind.CASE_WITHDRAWN: Sentence("撤件通知", "notice of withdrawal"),
    NoticeKind.CASE_CANCELLED: Sentence("终止通知", "notice that the case was ended"),
    NoticeKind.CORRECTION_SENT: Sentence("补正通知", "notice of corrections"),
    NoticeKind.CORRECTION_LAPSED: Sentence("补正逾期通知", "notice that the time for corrections has passed"),
    NoticeKind.PROCEDURE_BEGUN: Sentence("特别程序通知", "notice of a special procedure"),
    NoticeKind.TERM_EXTENDED: Sentence("延期通知", "notice of an extension"),
    NoticeKind.CASE_PAUSED: Sentence("中止通知", "notice that the case is paused"),
    NoticeKind.ACT_REVERSED: Sentence("撤销时限操作通知", "notice that an act on the time is reversed"),
    NoticeKind.MATERIAL_DEFERRED: Sentence("容缺受理通知", "notice of deferred materials"),
    NoticeKind.FEES_DUE: Sentence("缴费通知", "notice of fees"),
    NoticeKind.CASE_REVOKED: Sentence("撤销许可通知", "notice of revocation"),
    NoticeKind.APPLICANT_ASKED: Sentence("待申请人办理通知", "notice that something waits for the applicant"),
    NoticeKind.RESULT_READY: Sentence("领取通知", "notice that the result is ready"),
    NoticeKind.RESULT_DELIVERED: Sentence("送达通知", "notice of delivery"),
    NoticeKind.TASKS_CLOSED: Sentence("任务关闭通知", "notice that tasks were closed"),
    NoticeKind.TASK_TRANSFERRED: Sentence("转办", "transfer"),
    NoticeKind.TASK_DELEGATED: Sentence("委派", "delegation"),
    NoticeKind.TASK_RESOLVED: Sentence("委派办结", "answer to a delegation"),
    NoticeKind.TASK_REMINDED: Sentence("催办", "reminder"),
    NoticeKind.TASK_CONSULTED: Sentence("征求意见", "consultation"),
    NoticeKind.TASK_ANSWERED: Sentence("意见反馈", "answer to a consultation"),
    NoticeKind.CASE_COPIED: Sentence("抄送", "copy"),
    NoticeKind.TASKS_HANDED_OVER: Sentence("移交", "hand-over"),
    NoticeKind.PAUSE_OUTLASTED: Sentence("中止超期提示", "notice that a pause outlasts its expected end"),
    NoticeKind.CARD_ISSUED: Sentence("预警牌", "supervision card"),
    NoticeKind.CARD_EXPLAINED: Sentence("预警牌说明", "explanation of a card"),
    NoticeKind.CARD_DECIDED: Sentence("预警牌审定", "decision on a card"),
    NoticeKind.CLOCK_SIGNALLED: Sentence("时限提示", "signal of a clock"),
    NoticeKind.ORDER_ISSUED: Sentence("督办单", "supervision order"),
    NoticeKind.ORDER_OVERDUE: Sentence("督办逾期提级", "supervision order taken to the next level"),
    NoticeKind.DEADLINE_MOVED: Sentence("期限调整通知", "notice that a deadline was moved"),
    NoticeKind.DEADLINES_MOVED: Sentence("时限调整通知", "notice that deadlines of open cases were moved"),
}
