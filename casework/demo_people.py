"""The demonstration's departments and people; password = login. `serve` keeps such a database at home."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from sqlalchemy import select

from casework import passwords, regions
from casework.departments import DEFAULT_REGION, NewDepartment, add
from casework.people import Appointment, NewPerson, enter
from casework.tables import Department, Person, Region, Role
from engine.transaction import Transaction


class Staffed(NamedTuple):
    """A department, the role of its staff, and name and post (职务) of an officer, a second officer and the head."""

    department: NewDepartment
    role: Role
    staff: tuple[tuple[str, str], tuple[str, str], tuple[str, str]]


DEPARTMENTS = (
    Staffed(
        NewDepartment("window", "政务服务中心综合窗口", "Comprehensive Window"),
        Role.WINDOW,
        (("叶知秋", "综合窗口受理员"), ("何晓岚", "综合窗口发证员"), ("冯立群", "综合窗口组长")),
    ),
    Staffed(
        NewDepartment("market-regulation", "市场监督管理局", "Market Regulation Bureau"),
        Role.OFFICER,
        (("周文清", "登记注册科科员"), ("沈砚秋", "登记注册科四级主任科员"), ("郑国梁", "登记注册科科长")),
    ),
    Staffed(
        NewDepartment("public-security", "公安局", "Public Security Bureau"),
        Role.OFFICER,
        (("韩志远", "治安管理支队民警"), ("罗晓峰", "治安管理支队二级警长"), ("曹建军", "治安管理支队副支队长")),
    ),
    Staffed(
        NewDepartment("taxation", "税务局", "Taxation Bureau"),
        Role.OFFICER,
        (("唐雨桐", "办税服务厅科员"), ("蒋明哲", "办税服务厅一级行政执法员"), ("潘素琴", "纳税服务科科长")),
    ),
    Staffed(
        NewDepartment("human-resources", "人力资源和社会保障局", "Human Resources and Social Security Bureau"),
        Role.OFFICER,
        (("许静怡", "社会保险科科员"), ("邓思远", "社会保险科四级主任科员"), ("吕学勤", "社会保险科科长")),
    ),
    Staffed(
        NewDepartment("medical-insurance", "医疗保障局", "Medical Insurance Bureau"),
        Role.OFFICER,
        (("方若兰", "参保登记科科员"), ("石俊杰", "参保登记科二级主任科员"), ("姚佩珍", "参保登记科科长")),
    ),
    Staffed(
        NewDepartment("housing-fund", "住房公积金管理中心", "Housing Fund Centre"),
        Role.OFFICER,
        (("薛冬梅", "归集管理科科员"), ("雷浩然", "归集管理科主办"), ("范志强", "归集管理科科长")),
    ),
    Staffed(
        NewDepartment("bank", "商业银行营业部", "Commercial Bank", is_external=True),
        Role.OFFICER,
        (("金婉莹", "对公业务客户经理"), ("汪子涵", "对公业务柜员"), ("秦守诚", "营业部主任")),
    ),
)

OTHERS = (
    ("applicant", "陆嘉禾", "企业经办人", Role.APPLICANT),
    ("agent", "苏启明", "园区代办员", Role.AGENT),
    ("lead", "谢文博", "政务服务中心联审联办科协调员", Role.LEAD),
    ("government-leader", "梁振国", "市政府分管副秘书长", Role.GOVERNMENT_LEADER),
    ("supervisor", "贺敏之", "政务监察室监察员", Role.SUPERVISOR),
    ("designer", "孔令仪", "信息中心流程设计工程师", Role.DESIGNER),
    ("admin", "宋致远", "信息中心系统管理员", Role.ADMIN),
)

SUFFIXES = ("", "-2", "-head")


def seed(tx: Transaction) -> int:
    """Adds what is missing of the demonstration and says how many people that was; a second time it changes nothing."""
    _seed_departments(tx)
    present = set(tx.session.scalars(select(Person.login)))
    missing = [person for person in people() if person.login not in present]
    for person in missing:
        enter(tx, person, _demo_hash(person.login), is_demo=True)
    return len(missing)


def is_demo(tx: Transaction) -> bool:
    """Whether somebody can still get in with the login as password."""
    found = select(Person.login).where(Person.is_demo, Person.disabled_at.is_(None)).limit(1)
    return tx.session.scalar(found) is not None


def people() -> Iterator[NewPerson]:
    """Every demonstration login, a person with a name and a post."""
    for staffed in DEPARTMENTS:
        code = staffed.department.role
        for suffix, (name, post) in zip(SUFFIXES, staffed.staff, strict=True):
            roles = (staffed.role, Role.HEAD) if suffix == "-head" else (staffed.role,)
            yield NewPerson(f"{code}{suffix}", name, post, tuple(Appointment(role, code) for role in roles))
    for login, name, post, role in OTHERS:
        yield NewPerson(login, name, post, (Appointment(role),))


def _seed_departments(tx: Transaction) -> None:
    if tx.session.get(Region, DEFAULT_REGION) is None:
        regions.add(tx, DEFAULT_REGION, "本级", "This division")
    present = set(tx.session.scalars(select(Department.code)))
    for staffed in DEPARTMENTS:
        if staffed.department.role not in present:
            add(tx, staffed.department)


@cache
def _demo_hash(login: str) -> str:
    """One hash a login and process: tests seed many databases."""
    return passwords.hashed(login)
