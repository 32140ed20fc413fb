"""What changes are about, in words that another program reads."""

from collections.abc import Mapping
from enum import StrEnum

from engine.errors import Sentence


class ChangeKind(StrEnum):
    """The kinds of changes."""

    TASK_CREATED = "task-created"
    TASK_ASSIGNED = "task-assigned"
    TASK_RELEASED = "task-released"
    TASK_TRANSFERRED = "task-transferred"
    TASK_REMINDED = "task-reminded"
    TASK_CONSULTED = "task-consulted"
    TASK_ANSWERED = "task-answered"
    TASK_COMPLETED = "task-completed"
    TASK_CLOSED = "task-closed"
    CASE_COPIED = "case-copied"
    CASE_MOVED = "case-moved"
    CORRECTION_SENT = "correction-sent"
    CORRECTION_ANSWERED = "correction-answered"
    CORRECTION_LAPSED = "correction-lapsed"


CHANGE_KINDS: Mapping[ChangeKind, Sentence] = {
    ChangeKind.TASK_CREATED: Sentence("新任务", "there is a new task"),
    ChangeKind.TASK_ASSIGNED: Sentence("任务已签收或分派", "a task was claimed or assigned"),
    ChangeKind.TASK_RELEASED: Sentence("任务已取消签收", "a task was released"),
    ChangeKind.TASK_TRANSFERRED: Sentence("任务已转办", "a task was transferred"),
    ChangeKind.TASK_REMINDED: Sentence("催办", "a reminder of a task"),
    ChangeKind.TASK_CONSULTED: Sentence("征求意见", "the department is consulted"),
    ChangeKind.TASK_ANSWERED: Sentence("意见已反馈", "a consultation was answered"),
    ChangeKind.TASK_COMPLETED: Sentence("任务已办结", "a task was completed"),
    ChangeKind.TASK_CLOSED: Sentence("任务已随流程关闭", "a task was closed by the process"),
    ChangeKind.CASE_COPIED: Sentence("抄送", "a copy of the case"),
    ChangeKind.CASE_MOVED: Sentence("办件状态变化", "a case is in another state"),
    ChangeKind.CORRECTION_SENT: Sentence("补正通知已发出", "a notice of corrections was sent"),
    ChangeKind.CORRECTION_ANSWERED: Sentence("申请人已补正", "the applicant supplemented"),
    ChangeKind.CORRECTION_LAPSED: Sentence("补正通知已失效", "a notice of corrections lapsed"),
}
