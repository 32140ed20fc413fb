"""What the office keeps beside the engine's rows: people, departments, items, cases, materials, corrections, clocks.

Every table either has a `revision` or is append-only. A case and what belongs to it carry the root process instance's
id; `region` (行政区划) is the division that received the case. Logins, department codes and role codes are the words
diagrams and candidates use.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Float, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.columns import Id, State
from engine.tables import Base

RegionCode = String(12)
Code = String(64)


class Role(StrEnum):
    """What a person may do in the office.

    APPLICANT 申请人 and AGENT 代办人 submit and follow cases. WINDOW 综合窗口 receives, accepts and delivers.
    OFFICER 经办人 and HEAD 负责人 work in a department; a head also assigns. LEAD 联审联办协调员 convenes and chases,
    never signs. GOVERNMENT_LEADER 政府分管领导 decides what the law leaves to the government. SUPERVISOR 监察人员 sees
    all, completes nothing. DESIGNER 流程设计员 deploys. ADMIN 管理员 keeps people, departments and incidents.
    WORKER 对接系统 fetches external tasks.
    """

    APPLICANT = "applicant"
    AGENT = "agent"
    WINDOW = "window"
    OFFICER = "officer"
    HEAD = "head"
    LEAD = "lead"
    GOVERNMENT_LEADER = "government-leader"
    SUPERVISOR = "supervisor"
    DESIGNER = "designer"
    ADMIN = "admin"
    WORKER = "worker"


class ItemState(StrEnum):
    """IN_FORCE: cases may start (publish). SUSPENDED 暂停: none starts, running ones go on. REPEALED 取消: for ever."""

    IN_FORCE = "IN_FORCE"
    SUSPENDED = "SUSPENDED"
    REPEALED = "REPEALED"


class CaseState(StrEnum):
    """The life of a case.

    RECEIVED 已收件 (submit). CORRECTING 补正中: a notice of corrections is out; supplement brings the case back to
    where it stood. ACCEPTED 已受理 (accept). DECIDED 已决定: approved or refused, see `decision`; the result is not
    delivered yet. CONCLUDED 已办结: nothing is left to do. DECLINED 不予受理 (decline). WITHDRAWN 已撤件 (withdraw).
    """

    RECEIVED = "RECEIVED"
    CORRECTING = "CORRECTING"
    ACCEPTED = "ACCEPTED"
    DECIDED = "DECIDED"
    CONCLUDED = "CONCLUDED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"


class Decision(StrEnum):
    """What was decided. APPROVED 准予许可. REFUSED 不予许可."""

    APPROVED = "APPROVED"
    REFUSED = "REFUSED"


class CorrectionState(StrEnum):
    """The life of a notice of corrections.

    COLLECTING: departments add what is missing (request correction). SENT: the applicant was told everything at once
    (send notice). ANSWERED: the applicant supplemented. LAPSED: the applicant let the time pass, or the case ended.
    """

    COLLECTING = "COLLECTING"
    SENT = "SENT"
    ANSWERED = "ANSWERED"
    LAPSED = "LAPSED"


class ClockKind(StrEnum):
    """What a clock measures.

    RECEIPT: from receipt to acceptance. PROMISED and STATUTORY: the whole case. DEPARTMENT: one department's share.
    TASK: one step. CORRECTION: the applicant's time to supplement. DELIVERY: from decision to delivery.
    """

    RECEIPT = "RECEIPT"
    PROMISED = "PROMISED"
    STATUTORY = "STATUTORY"
    DEPARTMENT = "DEPARTMENT"
    TASK = "TASK"
    CORRECTION = "CORRECTION"
    DELIVERY = "DELIVERY"


class ClockState(StrEnum):
    """The state of a clock.

    RUNNING (start, resume, restart). PAUSED: no time is counted (pause, exclude). STOPPED: what it measured is done
    (stop). VOID: it counts for nothing, as when the applicant withdraws (void).
    """

    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    STOPPED = "STOPPED"
    VOID = "VOID"


class Region(Base):
    """An administrative division, by its code."""

    __tablename__ = "region"

    code: Mapped[str] = mapped_column(RegionCode, primary_key=True)
    name: Mapped[str]
    name_en: Mapped[str | None]
    parent: Mapped[str | None] = mapped_column(RegionCode)
    revision: Mapped[int] = mapped_column(default=1)


class Department(Base):
    """A department, a window or an outside body that works on cases. `code` is its candidate group everywhere.

    `role` is the name by which a diagram asks for the region's department ("fire"). `is_external`: sees only what an
    item names for it. `office_hours` is text like "09:00-12:00,13:30-17:30" in `zone`.
    """

    __tablename__ = "department"
    __table_args__ = (UniqueConstraint("region", "role"),)

    code: Mapped[str] = mapped_column(Code, primary_key=True)
    region: Mapped[str] = mapped_column(RegionCode)
    role: Mapped[str] = mapped_column(Code)
    name: Mapped[str]
    name_en: Mapped[str]
    is_external: Mapped[bool] = mapped_column(default=False)
    zone: Mapped[str] = mapped_column(String(40), default="Asia/Shanghai")
    office_hours: Mapped[str] = mapped_column(default="09:00-12:00,13:00-17:00")
    revision: Mapped[int] = mapped_column(default=1)


class Person(Base):
    """Somebody with a login. `post` is 职务; a disabled person keeps name and acts but no longer gets in."""

    __tablename__ = "person"

    login: Mapped[str] = mapped_column(Code, primary_key=True)
    region: Mapped[str] = mapped_column(RegionCode)
    name: Mapped[str]
    post: Mapped[str]
    password_hash: Mapped[str]
    is_demo: Mapped[bool] = mapped_column(default=False)
    disabled_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)


class Membership(Base):
    """A person's role in a department. Append-only: moving deletes and inserts."""

    __tablename__ = "membership"

    login: Mapped[str] = mapped_column(Code, ForeignKey("person.login"), primary_key=True)
    department: Mapped[str] = mapped_column(Code, ForeignKey("department.code"), primary_key=True, index=True)
    role: Mapped[Role] = mapped_column(State(Role), primary_key=True)


class RoleGrant(Base):
    """A role a person holds outside any department. Append-only."""

    __tablename__ = "role_grant"

    login: Mapped[str] = mapped_column(Code, ForeignKey("person.login"), primary_key=True)
    role: Mapped[Role] = mapped_column(State(Role), primary_key=True)


class AccessToken(Base):
    """A bearer token: only its SHA-256 is kept. Append-only; deleted when revoked."""

    __tablename__ = "access_token"

    sha256: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    login: Mapped[str] = mapped_column(Code, ForeignKey("person.login"), index=True)
    name: Mapped[str | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Item(Base):
    """An item (事项) in one version. `document` is its item.toml as JSON; cases keep the version they began under."""

    __tablename__ = "item"
    __table_args__ = (UniqueConstraint("region", "code", "version"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(RegionCode)
    code: Mapped[str] = mapped_column(Code)
    version: Mapped[int]
    state: Mapped[ItemState] = mapped_column(State(ItemState))
    in_force_on: Mapped[date | None]
    out_of_force_on: Mapped[date | None]
    name: Mapped[str]
    definition_key: Mapped[str]
    form_key: Mapped[str | None]
    deployment_id: Mapped[str | None] = mapped_column(Id, ForeignKey("deployment.id"))
    document: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)


class Case(Base):
    """One application (办件). `root_id` is its process instance's id.

    `received_at` is the legal day of receipt; with `is_backdated` (补录) a window entered it afterwards. `decision` is
    set with `decided_at`. `is_confidential` hides the case from everybody who has no task in it.
    """

    __tablename__ = "case"
    __table_args__ = (
        UniqueConstraint("number", "region"),
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
    ended_at: Mapped[datetime | None]
    is_confidential: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=1)


class CaseNumberSequence(Base):
    """The last serial number given to a case of a region on one day; raised under its lock, so without gaps."""

    __tablename__ = "case_number_sequence"

    region: Mapped[str] = mapped_column(RegionCode, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1)


class Material(Base):
    """One uploaded file; without a case until a submission or supplement uses it. The bytes are a blob's."""

    __tablename__ = "material"
    __table_args__ = (
        Index("ix_material_root_id", "root_id"),
        Index("ix_material_uploaded_by_uploaded_at", "uploaded_by", "uploaded_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(RegionCode)
    root_id: Mapped[str | None] = mapped_column(Id)
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

    `items` is a JSON list, one row a missing thing, with the department that asked for it. `number` is the slip's.
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
    answered_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)


class Clock(Base):
    """One running measurement (时限) of a case.

    `subject` is the department code or user task id it belongs to, empty for the case itself. Limits are amount and
    unit ("5WD": WD working days, ND natural days, WH office hours, H hours); `extension` is what was added. A deadline
    is the first instant too late; null while paused. `is_provisional`: it reaches into a year whose calendar is not
    published. `used` is what had been counted when it stopped, in the limit's unit.
    """

    __tablename__ = "clock"
    __table_args__ = (
        Index("ix_clock_root_id", "root_id"),
        Index("ix_clock_state_due_at", "state", "due_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(RegionCode)
    root_id: Mapped[str] = mapped_column(Id)
    kind: Mapped[ClockKind] = mapped_column(State(ClockKind))
    subject: Mapped[str] = mapped_column(Code, default="")
    state: Mapped[ClockState] = mapped_column(State(ClockState))
    limit: Mapped[str] = mapped_column(String(12))
    statutory_limit: Mapped[str | None] = mapped_column(String(12))
    extension: Mapped[str | None] = mapped_column(String(12))
    started_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    statutory_due_at: Mapped[datetime | None]
    is_provisional: Mapped[bool] = mapped_column(default=False)
    stopped_at: Mapped[datetime | None]
    used: Mapped[float | None] = mapped_column(Float)
    revision: Mapped[int] = mapped_column(default=1)


class ClockPause(Base):
    """One stretch of time a clock does not count; open while `ends_at` is null.

    Stretches may overlap: their union counts. `is_exclusion`: a special procedure (扣除, 行政许可法 art. 45), not a
    pause (中止).
    """

    __tablename__ = "clock_pause"

    clock_id: Mapped[str] = mapped_column(Id, ForeignKey("clock.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    is_exclusion: Mapped[bool] = mapped_column(default=False)
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    reason: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)


class CalendarYear(Base):
    """One year of a division's calendar; without a row of its own it follows the division above it.

    `is_published`: the State Council's notice for the year is in the calendar's days; without it deadlines that reach
    into the year are provisional. `revision` goes up with every change of the year's days.
    """

    __tablename__ = "calendar_year"

    region: Mapped[str] = mapped_column(RegionCode, primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    is_published: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)


class CalendarDay(Base):
    """A day that differs from its weekday: a holiday, a day worked in exchange (调休), a local closure."""

    __tablename__ = "calendar_day"

    region: Mapped[str] = mapped_column(RegionCode, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    is_working: Mapped[bool]
    name: Mapped[str]
    source: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)
