"""The demonstration's departments and people; password = login. `serve` keeps such a database at home."""

from collections.abc import Iterable, Iterator
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
    Staffed(
        NewDepartment("housing-construction", "住房和城乡建设局", "Housing and Urban-Rural Development Bureau"),
        Role.OFFICER,
        (("邱明远", "建筑业管理科科员"), ("钟雅琴", "建筑业管理科四级主任科员"), ("龚维国", "建筑业管理科科长")),
    ),
    Staffed(
        NewDepartment("planning", "自然资源和规划局", "Natural Resources and Planning Bureau"),
        Role.OFFICER,
        (("程以宁", "规划用途管制科科员"), ("田嘉树", "自然资源确权科四级主任科员"), ("戴国栋", "规划用途管制科科长")),
    ),
    Staffed(
        NewDepartment("fire", "住房和城乡建设局消防设计审查验收科", "Fire Design Review and Acceptance Section"),
        Role.OFFICER,
        (
            ("彭家骏", "消防设计审查验收科科员"),
            ("白若溪", "消防设计审查验收科工程师"),
            ("夏振华", "消防设计审查验收科科长"),
        ),
    ),
    Staffed(
        NewDepartment("civil-defence", "人民防空办公室", "Civil Air Defence Office"),
        Role.OFFICER,
        (("江心怡", "工程科科员"), ("段鹏飞", "工程科四级主任科员"), ("万建平", "工程科科长")),
    ),
    Staffed(
        NewDepartment("urban-archives", "城市建设档案馆", "Urban Construction Archives"),
        Role.OFFICER,
        (("章墨言", "业务指导科科员"), ("乔书瑶", "业务指导科馆员"), ("毛志诚", "城市建设档案馆副馆长")),
    ),
    Staffed(
        NewDepartment(
            "quality-supervision", "建设工程质量安全监督站", "Construction Quality and Safety Supervision Station"
        ),
        Role.OFFICER,
        (("汤宇航", "土建监督科监督员"), ("尹思琪", "土建监督科工程师"), ("施卫东", "质量安全监督站站长")),
    ),
    Staffed(
        NewDepartment("ecology", "生态环境局", "Ecology and Environment Bureau"),
        Role.OFFICER,
        (("顾青岚", "环境影响评价科科员"), ("葛天宇", "环境影响评价科四级主任科员"), ("俞海波", "环境影响评价科科长")),
    ),
    Staffed(
        NewDepartment("urban-management", "城市管理局", "Urban Management Bureau"),
        Role.OFFICER,
        (("黎晓棠", "园林绿化科科员"), ("齐文昊", "园林绿化科工程师"), ("倪国忠", "园林绿化科科长")),
    ),
    Staffed(
        NewDepartment("water", "水务局", "Water Affairs Bureau"),
        Role.OFFICER,
        (("骆清扬", "水资源管理科科员"), ("樊雨晴", "水土保持科四级主任科员"), ("卓长河", "水资源管理科科长")),
    ),
    Staffed(
        NewDepartment("traffic-police", "公安局交通警察支队", "Traffic Police Detachment"),
        Role.OFFICER,
        (("岳凯", "设施管理大队民警"), ("单诗雅", "设施管理大队二级警长"), ("贾铁山", "设施管理大队大队长")),
    ),
)

OTHERS = (
    ("applicant", "陆嘉禾", "企业经办人", Role.APPLICANT),
    ("agent", "苏启明", "园区代办员", Role.AGENT),
    ("lead", "谢文博", "政务服务中心联审联办科协调员", Role.LEAD),
    ("government-leader", "梁振国", "市政府分管副秘书长", Role.GOVERNMENT_LEADER),
    ("supervisor", "贺敏之", "政务监察室监察员", Role.SUPERVISOR),
    ("supervisor-2", "孟昭辉", "政务监察室主任", Role.SUPERVISOR),
    ("designer", "孔令仪", "信息中心流程设计工程师", Role.DESIGNER),
    ("payments", "支付平台", "非税收入统一收缴系统", Role.WORKER),
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
        yield from staff_of(staffed)
    for login, name, post, role in OTHERS:
        yield NewPerson(login, name, post, (Appointment(role),))


def staff_of(staffed: Staffed) -> Iterator[NewPerson]:
    """A department's people, whose logins are its role and a suffix."""
    code = staffed.department.role
    for suffix, (name, post) in zip(SUFFIXES, staffed.staff, strict=True):
        roles = (staffed.role, Role.HEAD) if suffix == "-head" else (staffed.role,)
        yield NewPerson(f"{code}{suffix}", name, post, tuple(Appointment(role, code) for role in roles))


def standing_in(roles: Iterable[str]) -> Iterator[Staffed]:
    """Departments for the roles that the demonstration has none for, each called by its role."""
    played = {staffed.department.role for staffed in DEPARTMENTS}
    for role in roles:
        if role not in played:
            staff = ((f"{role} 甲", "科员"), (f"{role} 乙", "科员"), (f"{role} 丙", "负责人"))
            yield Staffed(NewDepartment(role, role, role), Role.OFFICER, staff)


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
