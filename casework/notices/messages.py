"""What a sender is handed, and what is asked of a sender. Knows no database."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from casework.notices.kinds import NoticeKind
from engine.errors import EngineError, Sentence


class NotSent(EngineError):
    """A notice could not be sent; it is tried again."""

    code = "notice-not-sent"
    title = Sentence("通知未能发出，将自动重试。", "A notice could not be sent; it is tried again.")


@dataclass(frozen=True, slots=True)
class Message:
    """A notice on its way out. `phone` is the whole number; `sent_at` is the instant of this try."""

    kind: NoticeKind
    title: Sentence
    text: Sentence
    region: str
    case_number: str | None
    receiver_kind: str
    receiver: str | None
    name: str | None
    phone: str | None
    created_at: datetime
    sent_at: datetime

    def document(self, key: str) -> dict[str, Any]:
        """The message as JSON: what the senders in the box write and post."""
        return {
            "id": key,
            "kind": self.kind.value,
            "title": self.title._asdict(),
            "text": self.text._asdict(),
            "region": self.region,
            "case_number": self.case_number,
            "to": {
                "kind": self.receiver_kind.lower(),
                "code": self.receiver,
                "name": self.name,
                "phone": self.phone,
            },
            "created_at": self.created_at.isoformat(timespec="milliseconds"),
            "sent_at": self.sent_at.isoformat(timespec="milliseconds"),
        }


class Sender(Protocol):
    """Carries messages out: to a file, a gateway, a telephone.

    Runs outside any transaction. Returning means that the message was taken; raising NotSent, or anything else, that
    it is to be tried again. `key` is the same at every try of one notice: after a crash a message that was taken may
    come again. What is raised is shown to administrators and must hold neither secrets nor personal data.
    """

    def __call__(self, message: Message, *, key: str) -> None: ...
