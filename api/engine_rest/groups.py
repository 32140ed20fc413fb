"""Groups: departments, their heads, and roles, under the codes by which diagrams and tasks name them."""

from typing import Any

import marshmallow as ma
from sqlalchemy import ColumnElement, Select, exists, literal, select, union_all

from api.engine_rest.paging import Counted, PageQuery, SortKeys, counted, paged, sortable
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.wire import Camel, Dto, Listed, Pattern, region_of
from api.languages import ENGLISH, language, say
from casework import logins
from casework.matrix import ROLE_NAMES
from casework.tables import Department, Role
from engine.errors import NotFound, Sentence
from engine.queries.definitions import EVERYWHERE
from engine.queries.filters import ESCAPE, Filters, narrowed
from engine.transaction import Transaction

routes = CamundaRoutes("group", "Groups.")

HEADS = Sentence("负责人", "heads")
DEPARTMENT, DEPARTMENT_HEADS, ROLE = "department", "head", "role"


class GroupFilter(Dto):
    """Which groups."""

    id = ma.fields.String()
    id_in = Listed(ma.fields.String())
    name = ma.fields.String()
    name_like = Pattern()
    type = ma.fields.String()
    member = ma.fields.String()
    member_of_tenant = ma.fields.String()


class GroupQuery(GroupFilter, PageQuery):
    """Which groups, which part of the list, in which order."""

    sort_by = sortable({"id": literal(""), "name": literal(""), "type": literal("")})


class GroupNamed(Camel):
    """A group by its code and name."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class GroupShown(GroupNamed):
    """A group; its type is `department`, `head` (those who lead one) or `role`."""

    type = ma.fields.String(required=True)


class Groups:
    """All groups in the reader's language, as one relation; a department that bears a role's code is that group."""

    def __init__(self) -> None:
        name = Department.name_en if language() == ENGLISH else Department.name
        standing = Department.removed_at.is_(None)
        departments = select(
            Department.code.label("id"), name.label("name"), literal(DEPARTMENT).label("type"), Department.region
        ).where(standing)
        heads = select(
            Department.code + f"/{Role.HEAD}", name + f" · {say(HEADS)}", literal(DEPARTMENT_HEADS), Department.region
        ).where(standing)
        roles = [
            select(literal(role.value), literal(say(called)), literal(ROLE), literal(EVERYWHERE)).where(
                ~exists().where(Department.code == role.value, standing)
            )
            for role, called in ROLE_NAMES.items()
        ]
        all_groups = union_all(departments, heads, *roles).subquery()
        self.id, self.name, self.type, self.region = (
            all_groups.c[column] for column in ("id", "name", "type", "region")
        )

    @property
    def rows(self) -> Select[*tuple[Any, ...]]:
        """Every group: id, name, type."""
        return select(self.id, self.name, self.type)

    @property
    def sort_keys(self) -> SortKeys:
        """By what they can be sorted."""
        return {"id": self.id, "name": self.name, "type": self.type}

    def filters(self, tx: Transaction) -> Filters:
        """What narrows them."""
        return {
            "id": lambda code: self.id == code,
            "id_in": lambda codes: self.id.in_(codes),
            "name": lambda name: self.name == name,
            "name_like": lambda pattern: self.name.like(pattern, escape=ESCAPE),
            "type": lambda kind: self.type == kind,
            "member": lambda login: self.of(tx, login),
            "member_of_tenant": lambda tenant: self.region == region_of(tenant),
        }

    def of(self, tx: Transaction, login: str) -> ColumnElement[bool]:
        """The groups of a person at work."""
        known = logins.by_login(tx, login)
        return self.id.in_([] if known is None else sorted(known.actor.groups))


@routes.get("/group", "用户组", "departments.read", query=GroupQuery, answer=GroupShown(many=True))
def list_groups(tx: Transaction, query: dict[str, Any]) -> Any:
    """List groups: departments, their heads, roles"""
    groups = Groups()
    return paged(tx, narrowed(groups.rows, groups.filters(tx), query), groups.sort_keys, query, groups.id)


@routes.get("/group/count", "用户组数", "departments.read", query=GroupFilter, answer=Counted)
def count_groups(tx: Transaction, query: dict[str, Any]) -> dict[str, int]:
    """Count groups"""
    groups = Groups()
    return counted(tx, narrowed(groups.rows, groups.filters(tx), query))


@routes.get("/group/<path:group_id>", "用户组", "departments.read", answer=GroupShown)
def show_group(tx: Transaction, group_id: str) -> Any:
    """Show a group"""
    groups = Groups()
    found = tx.session.execute(groups.rows.where(groups.id == group_id)).first()
    if found is None:
        raise NotFound
    return found
