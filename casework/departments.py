"""Departments: adding them, and finding the one that a diagram means by a role name in a region."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from casework.tables import Department, Region, Role
from engine.diagram.model import Node
from engine.errors import Conflict, Sentence
from engine.tables import ProcessInstance
from engine.transaction import Transaction

DEFAULT_REGION = "000000"
ROLES = frozenset(Role)


@dataclass(frozen=True, slots=True)
class NewDepartment:
    """What is said of a department when it is added; its code is its role unless another region has that."""

    role: str
    name: str
    name_en: str
    is_external: bool = False
    code: str | None = None
    region: str = DEFAULT_REGION


def add(tx: Transaction, new: NewDepartment) -> Department:
    """Adds a department; Conflict when the code is taken or its region already has one in that role."""
    tx.ports.may(tx, "departments.add", new.role)
    code = new.code or new.role
    taken = select(Department.code).where(
        (Department.code == code) | ((Department.region == new.region) & (Department.role == new.role))
    )
    if tx.session.scalar(taken) is not None:
        raise Conflict(Sentence(f"部门“{code}”已经存在。", f"There already is a department {code}."))
    department = Department(
        code=code, region=new.region, role=new.role, name=new.name, name_en=new.name_en, is_external=new.is_external
    )
    tx.add(department)
    tx.flush()
    return department


def add_region(
    tx: Transaction, code: str, name: str, name_en: str | None = None, *, parent: str | None = None
) -> Region:
    """Adds an administrative division; Conflict when the code is taken."""
    tx.ports.may(tx, "departments.add", code)
    if tx.session.get(Region, code) is not None:
        raise Conflict(Sentence(f"行政区划“{code}”已经存在。", f"There already is a division {code}."))
    region = Region(code=code, name=name, name_en=name_en, parent=parent)
    tx.add(region)
    tx.flush()
    return region


def all_departments(tx: Transaction) -> Sequence[Department]:
    """Every department, by region and code."""
    return tx.session.scalars(select(Department).order_by(Department.region, Department.code)).all()


def codes_by_role(tx: Transaction, region: str) -> Mapping[str, str]:
    """Which department plays which role in a region; asked of the database once a transaction."""
    key = ("departments", region)
    found: Mapping[str, str] | None = tx.session.info.get(key)
    if found is None:
        departments = tx.session.scalars(select(Department).where(Department.region == region))
        found = tx.session.info[key] = {department.role: department.code for department in departments}
    return found


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
