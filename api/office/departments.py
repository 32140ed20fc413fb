"""Departments at the door: who works on cases, in which division, at what hours."""

from typing import Any

import marshmallow as ma

from api.etags import expected_revision, show_revision
from api.office.fields import Words
from api.pages import PageQuery, page_of
from api.routes import Routes
from api.wire import Instant
from casework import calendars, department_list, departments
from casework.departments import DEFAULT_REGION, NewDepartment
from casework.tables import Department
from casework.yes_or_no import YesOrNo
from engine.transaction import Transaction

LONGEST_NAME = 100
A_NAME = ma.validate.Length(1, LONGEST_NAME)

routes = Routes("departments", "Departments.", prefix="/api/departments")


class DepartmentQuery(PageQuery):
    """Which departments; those that were removed only when asked for."""

    q = ma.fields.String(load_default=None, validate=A_NAME)
    region = ma.fields.String(load_default=None)
    role = ma.fields.String(load_default=None)
    removed = ma.fields.Boolean(load_default=False)


class DepartmentGiven(ma.Schema):
    """What is said of a department. `role` is the name by which diagrams and items ask for it."""

    role = ma.fields.String(required=True, validate=ma.validate.Length(1, 64))
    name = Words(required=True, validate=A_NAME)
    name_en = Words(required=True, validate=A_NAME)
    is_external = YesOrNo(load_default=False, metadata={"description": "sees only what an item names for it"})
    zone = ma.fields.String(load_default="Asia/Shanghai", validate=ma.validate.Length(max=40))
    office_hours = ma.fields.String(
        load_default=calendars.STATE_COUNCIL_HOURS,
        validate=ma.validate.Length(1, 200),
        metadata={"description": "办公时间"},
    )
    ends_at_close = YesOrNo(
        load_default=False,
        metadata={
            "description": "limits in days end at the close of business, not at 24:00 (民法典第二百零三条第二款)"
        },
    )
    defers_late_receipt = YesOrNo(
        load_default=False, metadata={"description": "what comes after the close counts as received the next day"}
    )


class DepartmentAdded(DepartmentGiven):
    """A department that is added; its code is its role unless said otherwise."""

    code = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(1, 64))
    region = ma.fields.String(load_default=DEFAULT_REGION, validate=ma.validate.Length(max=12))


class DepartmentRow(ma.Schema):
    """A department; the ETag of a single one is its revision."""

    code = ma.fields.String(required=True)
    region = ma.fields.String(required=True)
    role = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    name_en = ma.fields.String(required=True)
    is_external = ma.fields.Boolean(required=True)
    zone = ma.fields.String(required=True)
    office_hours = ma.fields.String(required=True)
    ends_at_close = ma.fields.Boolean(required=True)
    defers_late_receipt = ma.fields.Boolean(required=True)
    removed_at = Instant(allow_none=True)


class RemovalQuery(ma.Schema):
    """`dry_run`: only say what removing the department would meet."""

    dry_run = ma.fields.Boolean(load_default=False)


class RemovalShown(ma.Schema):
    """What stood, or would stand, in the way of removing a department; `items` name its role."""

    code = ma.fields.String(required=True)
    removed_at = Instant(allow_none=True)
    open_tasks = ma.fields.Integer(required=True)
    people = ma.fields.Integer(required=True)
    items = ma.fields.Integer(required=True)


@routes.get("", "部门列表", "departments.read", query=DepartmentQuery, answer=page_of(DepartmentRow))
def list_departments(tx: Transaction, query: dict[str, Any]) -> dict[str, Any]:
    """List the departments"""
    page = department_list.listed(tx, query, after=query["cursor"], limit=query["limit"])
    return {"rows": [row.Department for row in page.rows], "after": page.after}


@routes.get("/<code>", "部门详情", "departments.read", answer=DepartmentRow)
def show_department(tx: Transaction, code: str) -> Department:
    """Show a department"""
    return _shown(departments.one(tx, code))


@routes.post("", "添加部门", "departments.add", body=DepartmentAdded, answer=DepartmentRow, status=201)
def add_department(tx: Transaction, body: dict[str, Any]) -> Department:
    """Add a department"""
    return _shown(departments.add(tx, NewDepartment(**body)))


@routes.put("/<code>", "修改部门", "departments.change", body=DepartmentGiven, answer=DepartmentRow)
def change_department(tx: Transaction, body: dict[str, Any], code: str) -> Department:
    """Change a department's names, role, zone, office hours and the end of its day

    Open deadlines that go by its hours are counted again.
    """
    return _shown(departments.change(tx, code, NewDepartment(**body), revision=expected_revision()))


@routes.delete("/<code>", "撤销部门", "departments.remove", query=RemovalQuery, answer=RemovalShown)
def remove_department(tx: Transaction, query: dict[str, Any], code: str) -> dict[str, Any]:
    """Remove a department without open tasks and people

    Its name stays with the cases it worked on.
    """
    department = departments.one(tx, code)
    found = departments.would_remove(tx, department)
    if not query["dry_run"]:
        department = departments.remove(tx, code, revision=expected_revision())
    counted = {"open_tasks": found.open_tasks, "people": found.people, "items": found.items}
    return {"code": code, "removed_at": department.removed_at} | counted


def _shown(department: Department) -> Department:
    show_revision(department.revision)
    return department
