"""Deferred materials (容缺受理): what an applicant has promised to hand in after acceptance."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.tables.people import Code, RegionCode
from engine.columns import Id, State
from engine.tables import Base


class DeferralState(StrEnum):
    """The life of a deferral.

    OFFERED: the window lets the applicant hand it in later, the promise is not signed yet (defer). PROMISED: it is
    signed and the applicant's time runs. MET: everything promised has come (hand in). MISSED: the time passed.
    VOID: the promise was not signed, or the case ended before it mattered.
    """

    OFFERED = "OFFERED"
    PROMISED = "PROMISED"
    MET = "MET"
    MISSED = "MISSED"
    VOID = "VOID"


class Deferral(Base):
    """What is outstanding of a case, how it is to be handed in and within which time (容缺受理).

    `materials` is a JSON list of the item's codes; `within` is the applicant's promise, amount and unit.
    """

    __tablename__ = "deferral"
    __table_args__ = (Index("ix_deferral_root_id", "root_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(RegionCode)
    root_id: Mapped[str] = mapped_column(Id)
    state: Mapped[DeferralState] = mapped_column(State(DeferralState))
    materials: Mapped[str]
    within: Mapped[str] = mapped_column(String(12))
    how: Mapped[str]
    offered_at: Mapped[datetime]
    offered_by: Mapped[str] = mapped_column(Code)
    promised_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)
