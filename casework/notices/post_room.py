"""The post room (收发室): which sender carries which notice, and the errand that hands it over."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from casework.notices.kinds import NOTICE_KINDS, NoticeKind
from casework.notices.messages import Message, NotSent, Sender
from casework.tables import Case, Notice
from engine import retries
from engine.errors import Sentence
from engine.tables import Job
from engine.transaction import Transaction

KIND = "notice"
ALL_OTHERS = "*"
DELAYS = "PT1M,PT5M,PT30M,PT2H,PT12H"
"""How long a notice waits before each further try; after the last it waits for a person."""


@dataclass(frozen=True, slots=True)
class PostRoom:
    """The senders of this server by name, and which of them carries a kind of notice; `*` stands for all other kinds.

    A notice of a kind that nobody carries stays where its receiver reads it.
    """

    senders: Mapping[str, Sender] = field(default_factory=dict)
    carries: Mapping[str, str] = field(default_factory=dict)

    def sender_of(self, kind: str) -> str | None:
        """The name of the sender that carries this kind."""
        return self.carries.get(kind) or self.carries.get(ALL_OTHERS)

    def order(self, tx: Transaction, job: Job) -> Callable[[], None]:
        """The engine's port: the notice as it is handed to its sender. Raises NotSent for a sender that is not here."""
        notice = tx.session.get_one(Notice, job.id)
        sender = self.senders.get(notice.sender or "")
        if sender is None:
            raise NotSent(
                Sentence(
                    f"本服务器没有名为“{notice.sender}”的发送方式，请检查 LIANBAN_NOTICES。",
                    f"This server has no sender “{notice.sender}”: check LIANBAN_NOTICES.",
                )
            )
        return partial(sender, _message(tx, notice), key=notice.id)

    def settle(self, tx: Transaction, job: Job, result: None) -> None:
        """The engine's port: the notice is out."""
        notice = tx.session.get_one(Notice, job.id)
        notice.sent_at = tx.now
        notice.revision += 1


def _message(tx: Transaction, notice: Notice) -> Message:
    case = None if notice.root_id is None else tx.session.get(Case, notice.root_id)
    kind = NoticeKind(notice.kind)
    return Message(
        kind=kind,
        title=NOTICE_KINDS[kind],
        text=Sentence(notice.text_zh, notice.text_en),
        region=notice.region,
        case_number=None if case is None else case.number,
        receiver_kind=notice.receiver_kind,
        receiver=notice.receiver,
        name=notice.name,
        phone=notice.phone,
        created_at=notice.created_at.astimezone(tx.ports.zone),
        sent_at=tx.now.astimezone(tx.ports.zone),
    )


def hand_in(tx: Transaction, notice: Notice) -> None:
    """Gives a new notice to whoever carries its kind: a job that is due now, under the notice's own id."""
    room = tx.ports.errands.get(KIND)
    notice.sender = room.sender_of(notice.kind) if isinstance(room, PostRoom) else None
    if notice.sender is None:
        return
    tx.add(
        Job(
            id=notice.id,
            region=notice.region,
            kind=KIND,
            due_at=tx.now,
            retries=retries.tries(DELAYS),
            payload={"delays": DELAYS},
            created_at=tx.now,
        )
    )
