"""Divisions, departments, people and how they log in."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.columns import State
from engine.tables import Base

RegionCode = String(12)
Code = String(64)
STANDS = text("removed_at IS NULL")


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
    item names for it. `office_hours` is text like "09:00-12:00,13:30-17:30" in `zone`. `ends_at_close`: its limits in
    days end at the close of business, not at 24:00 (民法典 art. 203). `defers_late_receipt`: what reaches it after the
    close counts as received the next day. A removed department keeps its name for the cases it worked on, and its code;
    another may take its role.
    """

    __tablename__ = "department"
    __table_args__ = (
        Index("uq_department_region_role", "region", "role", unique=True, postgresql_where=STANDS, sqlite_where=STANDS),
    )

    code: Mapped[str] = mapped_column(Code, primary_key=True)
    region: Mapped[str] = mapped_column(RegionCode)
    role: Mapped[str] = mapped_column(Code)
    name: Mapped[str]
    name_en: Mapped[str]
    is_external: Mapped[bool] = mapped_column(default=False)
    zone: Mapped[str] = mapped_column(String(40), default="Asia/Shanghai")
    office_hours: Mapped[str] = mapped_column(default="09:00-12:00,13:00-17:00")
    ends_at_close: Mapped[bool] = mapped_column(default=False)
    defers_late_receipt: Mapped[bool] = mapped_column(default=False)
    removed_at: Mapped[datetime | None]
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
