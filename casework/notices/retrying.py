"""A person lets a notice be sent again, when whatever was in its way is gone."""

from casework.notices.post_room import KIND, PostRoom
from casework.tables import Case, Notice
from engine import jobs
from engine.errors import Conflict, NotFound, Sentence
from engine.transaction import Transaction

SENT = Sentence("该通知已发出，无需重发。", "The notice is sent already.")
NOT_CARRIED = Sentence(
    "没有发送方式承接这种通知，收件人在系统内查看。",
    "No sender carries this kind of notice: its receiver reads it here.",
)


def retry(tx: Transaction, notice_id: str) -> Notice:
    """Sends a notice that could not be sent once more, by the sender that now carries its kind.

    Raises NotFound, also for a notice of a case that the actor may not know of, and Conflict when it is sent already
    or has no sender.
    """
    notice = tx.session.get(Notice, notice_id)
    if notice is None:
        raise NotFound
    tx.ports.may(tx, "notices.retry", notice.root_id and tx.session.get(Case, notice.root_id))
    room = tx.ports.errands.get(KIND)
    sender = room.sender_of(notice.kind) if isinstance(room, PostRoom) else None
    if notice.sent_at is not None:
        raise Conflict(SENT)
    if notice.sender is None or sender is None:
        raise Conflict(NOT_CARRIED)
    jobs.retry(tx, notice.id, act="notices.retry")
    notice.sender = sender
    notice.revision += 1
    return notice
