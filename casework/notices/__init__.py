"""Notices (通知): who is told what, and how it goes out.

`tell(tx, person("zhou"), NoticeKind.TASK_TRANSFERRED, Sentence(zh, en), case=case)` is all that a command needs.
"""

from casework.notices.kinds import NOTICE_KINDS, NoticeKind
from casework.notices.telling import Receiver, applicant, department, person, tell

__all__ = ["NOTICE_KINDS", "NoticeKind", "Receiver", "applicant", "department", "person", "tell"]
