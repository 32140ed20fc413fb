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
    NoticeKind.DEADLINE_MOVED: Sentence("期限调整通知", "notice that a deadline was moved"),
    NoticeKind.DEADLINES_MOVED: Sentence("时限调整通知", "notice that deadlines of open cases were moved"),
}
