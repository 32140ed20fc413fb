"""Notices (通知): who is told what, and how it goes out.

`tell(tx, person("zhou"), NoticeKind.TASK_TRANSFERRED, Sentence(zh, en), case=case)` is all that a command needs.
"""

from casework.notices.kinds import NOTICE_KINDS, NoticeKind
from casework.notices.messages import Message, NotSent, Sender
from casework.notices.occasions import (
    act_reversed,
    case_paused,
    correction_sent,
    fees_due,
    granted,
    listen,
    material_deferred,
    procedure_begun,
    term_extended,
)
from casework.notices.post_room import KIND, PostRoom
from casework.notices.telling import Receiver, applicant, department, person, tell

__all__ = [
    "KIND",
    "NOTICE_KINDS",
    "Message",
    "NotSent",
    "NoticeKind",
    "PostRoom",
    "Receiver",
    "Sender",
    "act_reversed",
    "applicant",
    "case_paused",
    "correction_sent",
    "department",
    "fees_due",
    "granted",
    "listen",
    "material_deferred",
    "person",
    "procedure_begun",
    "tell",
    "term_extended",
]
