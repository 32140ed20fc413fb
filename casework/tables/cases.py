"""Cases, their numbers, materials and notices of corrections."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from casework.tables.people import Code, RegionCode
from engine.columns import Id, State
from engine.tables import Base

ONLINE = "online"


class CaseState(StrEnum):
    """The life of a case.

    RECEIVED 已收件 (submit). CORRECTING 补正中: a notice of corrections is out; supplement brings the case back to
    where it stood. ACCEPTED 已受理 (accept). DECIDED 已决定: approved or refused, see `decision`; the result is not
    delivered yet. CONCLUDED 已办结: nothing is left to do, but to hold a declaration against the facts
    (verify). DECLINED 不予受理 (decline). WITHDRAWN 已撤件 (withdraw).
    """

    RECEIVED = "RECEIVED"
    CORRECTING = "CORRECTING"
    ACCEPTED = "ACCEPTED"
    DECIDED = "DECIDED"
    CONCLUDED = "CONCLUDED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"


class Decision(StrEnum):
    """What was decided. APPROVED 准予许可. REFUSED 不予许可. REVOKED 撤销: approved on a declaration that was false."""

    APPROVED = "APPROVED"
    REFUSED = "REFUSED"
    REVOKED = "REVOKED"


class CorrectionState(StrEnum):
    """The life of a notice of corrections.

    COLLECTING: departments add what is missing (request correction). SENT: the applicant was told everything at once
    (send notice). ANSWERED: the applicant supplemented. LAPSED: the applicant let the time pass, the case ended, or the
    notice was not served before the law took the application for accepted.
    """

    COLLECTING = "COLLECTING"
    SENT = "SENT"
    ANSWERED = "ANSWERED"
    LAPSED = "LAPSED"


class Case(Base):
    """One application (办件). `root_id` is its process instance's id; the number begins with its division's code, so
    that it is nobody else's in any division.

    `received_at` is the legal day of receipt; with `is_backdated` (补录) a window entered it afterwards. `decision` is
    set with `decided_at`. `is_accepted_by_law`, `is_decided_by_law`: nobody did, and the law says what silence means
    (行政许可法 arts. 32, 50). `expires_on` is the last day of the permit that the case renews (延续). A case declined
    for want of competence names the `competent_authority`. `is_confidential` hides the case from everybody who has no
    task in it.
    """

    __tablename__ = "case"
    __table_args__ = (
        UniqueConstraint("number"),
        Index("ix_case_state_submitted_at", "state", "submitted_at"),
        Index("ix_case_submitted_by_submitted_at", "submitted_by", "submitted_at"),
    )

    root_id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(RegionCode)
    number: Mapped[str] = mapped_column(Code)
    query_code: Mapped[str] = mapped_column(String(16))
    item_id: Mapped[str] = mapped_column(Id, ForeignKey("item.id"), index=True)
    title: Mapped[str]
    state: Mapped[CaseState] = mapped_column(State(CaseState))
    applicant_kind: Mapped[str] = mapped_column(String(20))
    applicant_name: Mapped[str]
    applicant_id_type: Mapped[str] = mapped_column(String(20))
    applicant_id_number: Mapped[str]
    applicant_phone: Mapped[str]
    agent_name: Mapped[str | None]
    agent_id_number: Mapped[str | None]
    agent_phone: Mapped[str | None]
    channel: Mapped[str] = mapped_column(String(20))
    submitted_by: Mapped[str] = mapped_column(Code)
    submitted_at: Mapped[datetime]
    received_at: Mapped[datetime]
    is_backdated: Mapped[bool] = mapped_column(default=False)
    accepted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decision: Mapped[Decision | None] = mapped_column(State(Decision))
    is_accepted_by_law: Mapped[bool] = mapped_column(default=False)
    is_decided_by_law: Mapped[bool] = mapped_column(default=False)
    expires_on: Mapped[date | None]
    competent_authority: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    is_confidential: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=1)

    @property
    def is_online(self) -> bool:
        """Whether the applicant's own login handed it in; at the counter a clerk's did."""
        return self.channel == ONLINE


class CaseNumberSequence(Base):
    """The last serial number given to a case of a region on one day; raised under its lock, so without gaps."""

    __tablename__ = "case_number_sequence"

    region: Mapped[str] = mapped_column(RegionCode, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1)


class Material(Base):
    """One uploaded file; without a case until a submission, supplement or opinion uses it. The bytes are a blob's.

    `task_id`: no material of the application but an attachment to the opinion given with that task.
    """

    __tablename__ = "material"
    __table_args__ = (
        Index("ix_material_root_id", "root_id"),
        Index("ix_material_uploaded_by_uploaded_at", "uploaded_by", "uploaded_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(RegionCode)
    root_id: Mapped[str | None] = mapped_column(Id)
    task_id: Mapped[str | None] = mapped_column(Id)
    kind: Mapped[str | None] = mapped_column(Code)
    filename: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    blob_id: Mapped[str] = mapped_column(Id, ForeignKey("blob.id"))
    uploaded_by: Mapped[str] = mapped_column(Code)
    uploaded_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1)


class Correction(Base):
    """A case's single notice of everything the applicant has to correct (一次性告知, 行政许可法 art. 32).

    `items` is a JSON list, one row a missing thing, with the department that asked for it, and of a second notice the
    reason its head gave. `number` is the slip's; from `served_at` on it has effect. `is_irregular`: an earlier one was
    served, though the law wants everything told at once (art. 72).
    """

    __tablename__ = "correction"
    __table_args__ = (Index("ix_correction_root_id_state", "root_id", "state"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(RegionCode)
    root_id: Mapped[str] = mapped_column(Id)
    state: Mapped[CorrectionState] = mapped_column(State(CorrectionState))
    number: Mapped[str | None] = mapped_column(Code)
    items: Mapped[str]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    sent_by: Mapped[str | None] = mapped_column(Code)
    served_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    is_irregular: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=1)
