"""Departments: keeping them, and finding the one that a diagram means by a role name in a region."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select

from casework import calendars, recomputing, regions
from casework.calendars import Hours
from casework.logins import head_of
from casework.recomputing import Change
from casework.tables import Department, Item, Membership, Person, Role
from casework.workdays import Calendar
from engine.diagram.model import Node
from engine.errors import Conflict, Fault, Invalid, NotFound, Sentence, Stale
from engine.queries.definitions import EVERYWHERE
from engine.tables import GROUP, Candidate, ProcessInstance, TaskState, UserTask
from engine.transaction import Transaction

DEFAULT_REGION = EVERYWHERE
ROLES = frozenset(Role)
CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,63}\Z")  # it is a candidate group; “/head” stands behind it
RESERVED = ROLES - {Role.WINDOW}
"""A department's people have its code among their groups: a department “admin” would make them administrators."""

BAD_CODE = Sentence(
    "由小写字母、数字和连字符组成，至多 64 个字符，且不得与角色代码相同。",
    "At most 64 lower-case letters, digits and hyphens, and not the code of a role.",
)
NO_WINDOW = Sentence(
    "该行政区划没有综合窗口，不能收件。请选择其他区划，或先添加承担 window 角色的部门。",
    "This division has no window to receive applications. Choose another, or add a department in the role window.",
)
BAD_ZONE = Sentence(
    "时区无法识别，请写成 Asia/Shanghai 这样的名称。", "This is no time zone; write one such as Asia/Shanghai."
)


@dataclass(frozen=True, slots=True)
class NewDepartment:
    """What is said of a department; its code is its role unless another region has that."""

    role: str
    name: str
    name_en: str
    is_external: bool = False
    code: str | None = None
    region: str = DEFAULT_REGION
    zone: str = "Asia/Shanghai"
    office_hours: str = calendars.STATE_COUNCIL_HOURS
    ends_at_close: bool = False
    defers_late_receipt: bool = False

    @property
    def hours(self) -> Hours:
        """When it is open, and where its day ends."""
        return Hours(self.zone, self.office_hours, self.ends_at_close, self.defers_late_receipt)


@dataclass(frozen=True, slots=True)
class Removal:
    """What stands in the way of removing a department, and how many items name its role."""

    open_tasks: int
    people: int
    items: int


def add(tx: Transaction, new: NewDepartment) -> Department:
    """Adds a department.

    Raises Conflict when the code is taken or its region already has a department in that role, Invalid with every
    fault of what is said.
    """
    tx.ports.may(tx, "departments.add", new.role)
    code = new.code or new.role
    faults = [Fault(BAD_CODE, key) for key, said in (("code", code), ("role", new.role)) if not _is_code(said)]
    _refuse([*faults, *regions.unknown(tx, new.region), *_time_faults(new.zone, new.office_hours)])
    if tx.session.get(Department, code) is not None:
        raise Conflict(
            Sentence(
                f"代码“{code}”已用于一个部门（部门撤销后代码仍保留），请另取代码。",
                f"The code {code} is, or was, that of a department; take another one.",
            )
        )
    _check_role_is_free(tx, new.region, new.role)
    department = Department(
        code=code,
        region=new.region,
        role=new.role,
        name=new.name,
        name_en=new.name_en,
        is_external=new.is_external,
        zone=new.zone,
        office_hours=new.office_hours,
        ends_at_close=new.ends_at_close,
        defers_late_receipt=new.defers_late_receipt,
    )
    tx.add(department)
    tx.flush()
    return department


def change(tx: Transaction, code: str, said: NewDepartment, *, revision: int | None = None) -> Department:
    """Gives a department another name, role, zone or hours; its code and region stay. Its open tasks stay its own.

    Raises NotFound, Stale, Conflict when its region already has a department in that role, Invalid with every fault.
    """
    tx.ports.may(tx, "departments.change", code)
    department = _locked(tx, code, revision)
    faults = [] if _is_code(said.role) else [Fault(BAD_CODE, "role")]
    _refuse([*faults, *_time_faults(said.zone, said.office_hours)])
    if said.role != department.role:
        _check_role_is_free(tx, department.region, said.role)
    department.role, department.name, department.name_en = said.role, said.name, said.name_en
    department.is_external = said.is_external
    _set_hours(tx, department, said.hours)
    department.revision += 1
    tx.flush()
    return department


def _set_hours(tx: Transaction, department: Department, hours: Hours) -> None:
    """Other hours, or another end of the day, are followed by the open deadlines that go by them."""
    if hours_of(department) == hours:
        return
    department.zone, department.office_hours = hours.zone, hours.open
    department.ends_at_close, department.defers_late_receipt = hours.ends_at_close, hours.defers_late_receipt
    tx.flush()
    calendars.forget(tx)
    source = f"{department.name}调整办公时间"
    recomputing.begin(tx, Change(department.region, source, department=department.code))


def hours_of(department: Department) -> Hours:
    """When a department is open, and where its day ends."""
    return Hours(department.zone, department.office_hours, department.ends_at_close, department.defers_late_receipt)


def remove(tx: Transaction, code: str, *, revision: int | None = None) -> Department:
    """Takes a department out of the office; its name stays with the cases it worked on.

    Raises NotFound, Stale, Conflict while it has open tasks or people.
    """
    tx.ports.may(tx, "departments.remove", code)
    department = _locked(tx, code, revision)
    found = would_remove(tx, department)
    if found.open_tasks or found.people:
        raise Conflict(
            Sentence(
                f"部门“{code}”尚有 {found.open_tasks} 件待办、{found.people} 名在岗人员。"
                "请先移交待办，再调离或停用人员。",
                f"Department {code} has {found.open_tasks} open tasks and {found.people} people. Hand the tasks over "
                "and move or disable the people first.",
            )
        )
    department.removed_at = tx.now
    department.revision += 1
    tx.flush()
    return department


def would_remove(tx: Transaction, department: Department) -> Removal:
    """What removing a department would meet; reads only."""
    groups = (department.code, head_of(department.code))
    offered = select(Candidate.task_id).where(Candidate.kind == GROUP, Candidate.name.in_(groups))
    tasks = UserTask.department == department.code
    members = Membership.department == department.code
    enabled = select(Person.login).where(Person.disabled_at.is_(None))
    named = Item.document.contains(f'"role": "{department.role}"', autoescape=True)
    counted = (
        select(func.count()).where(UserTask.state == TaskState.CREATED, or_(tasks, UserTask.id.in_(offered))),
        select(func.count(Membership.login.distinct())).where(members, Membership.login.in_(enabled)),
        select(func.count(Item.code.distinct())).where(named),
    )
    return Removal(*(tx.session.scalar(one) or 0 for one in counted))


def one(tx: Transaction, code: str) -> Department:
    """A department, one that was removed too. Raises NotFound."""
    found = tx.session.get(Department, code)
    if found is None:
        raise NotFound(absent(code))
    return found


def absent(code: str) -> Sentence:
    """Says that there is no department of this code."""
    return Sentence(f"没有部门“{code}”。", f"There is no department {code}.")


def codes_by_role(tx: Transaction, region: str) -> Mapping[str, str]:
    """Which department plays which role in a region; asked of the database once a transaction."""
    key = ("departments", region)
    found: Mapping[str, str] | None = tx.session.info.get(key)
    if found is None:
        standing = select(Department).where(Department.region == region, Department.removed_at.is_(None))
        found = tx.session.info[key] = {one.role: one.code for one in tx.session.scalars(standing)}
    return found


def receiving_faults(tx: Transaction, region: str) -> list[Fault]:
    """What keeps a division from receiving applications: there is none of this code, or it has no window (综合窗口)."""
    faults = regions.unknown(tx, region)
    if not faults and region != EVERYWHERE and Role.WINDOW not in codes_by_role(tx, region):
        faults.append(Fault(NO_WINDOW, "region"))
    return faults


def resolve_groups(tx: Transaction, instance: ProcessInstance, node: Node, groups: Sequence[str]) -> tuple[str, ...]:
    """The engine's port: turns the roles a diagram names into the group codes of the instance's region.

    `fire/head` is the heads of that department; a role code of the office (`lead`) that is no department stays.
    Conflict when the region has nothing of that name: nobody would ever see the task.
    """
    codes = codes_by_role(tx, instance.region)
    return tuple(_resolved(codes, instance.region, node, group) for group in groups)


def _resolved(codes: Mapping[str, str], region: str, node: Node, group: str) -> str:
    role, slash, rest = group.partition("/")
    if role in codes:
        return f"{codes[role]}{slash}{rest}"
    if group in codes.values() or group in ROLES:
        return group
    raise Conflict(
        Sentence(
            f"区划 {region} 没有承担“{group}”的部门，任务将无人可见。请先添加该部门。",
            f"Division {region} has no department in the role {group}, so nobody would see the task. Add it first.",
        ),
        element_id=node.id,
    )


def _locked(tx: Transaction, code: str, revision: int | None) -> Department:
    department = tx.session.get(Department, code, with_for_update=True, populate_existing=True)
    if department is None or department.removed_at is not None:
        raise NotFound(absent(code))
    if revision not in (None, department.revision):
        raise Stale
    return department


def _check_role_is_free(tx: Transaction, region: str, role: str) -> None:
    held = select(Department.code).where(
        Department.region == region, Department.role == role, Department.removed_at.is_(None)
    )
    by = tx.session.scalar(held)
    if by is not None:
        raise Conflict(
            Sentence(
                f"区划 {region} 的“{role}”角色已由部门“{by}”承担。",
                f"In division {region} the role {role} is played by department {by} already.",
            )
        )


def _is_code(text: str) -> bool:
    return CODE.match(text) is not None and text not in RESERVED


def _time_faults(zone: str, office_hours: str) -> list[Fault]:
    faults = []
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, LookupError):
        faults.append(Fault(BAD_ZONE, "zone"))
    try:
        Calendar(office_hours=calendars.read_office_hours(office_hours))
    except (Conflict, Invalid) as unreadable:
        faults.append(Fault(unreadable.detail, "office_hours"))
    return faults


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise Invalid(faults=faults)
