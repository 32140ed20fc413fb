"""What Camunda's API changes and this server changes at the office's own door alone: refused, naming that door.

A client is told where to go in place of a 404, and nothing changes by two ways.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from flask import Response

from api.engine_rest.routes import CamundaRoutes
from engine.errors import Forbidden, Sentence
from engine.transaction import Transaction

routes = CamundaRoutes("kept-elsewhere", "What is changed at the office's own door.")

PEOPLE = Sentence(
    "人员由系统管理员在 /api/people 维护；本人的密码在 PUT /api/own-password 修改。",
    "People are kept by administrators at /api/people; one's own password is changed by PUT /api/own-password.",
)
DEPARTMENTS = Sentence(
    "用户组即部门与角色：部门在 /api/departments 维护，人员的部门与角色在 PUT /api/people/{login} 设定。",
    "Groups are departments and roles: departments are kept at /api/departments, who belongs to them is said by "
    "PUT /api/people/{login}.",
)
DIVISIONS = Sentence(
    "租户即行政区划，在 /api/regions 维护；部门与人员的区划在 /api/departments、/api/people 设定。",
    "Tenants are divisions, kept at /api/regions; /api/departments and /api/people say which division has whom.",
)
MATRIX = Sentence(
    "权限由角色决定，本系统只有一份权限表，不能逐条授权；角色在 PUT /api/people/{login} 设定。",
    "What people may do follows from their roles, by one table for all; nothing is granted singly. Roles are given by "
    "PUT /api/people/{login}.",
)
DIAGRAMS = Sentence(
    "任务由流程图产生和取消，不能单独新建或删除；要办的事项请启动相应流程。",
    "Tasks come and go with their diagram and are neither added nor deleted singly; start a process for what is to be "
    "done.",
)


class Refused(NamedTuple):
    """One route: whose act it would be, its title in both languages, and where to go."""

    method: str
    path: str
    act: str
    zh: str
    en: str
    why: Sentence


REFUSED = (
    Refused("POST", "/user/create", "people.add", "添加用户", "Add a user", PEOPLE),
    Refused("DELETE", "/user/<login>", "people.disable", "删除用户", "Delete a user", PEOPLE),
    Refused("PUT", "/user/<login>/profile", "people.read_own", "修改用户", "Change a user", PEOPLE),
    Refused("PUT", "/user/<login>/credentials", "people.change_password", "修改密码", "Change a password", PEOPLE),
    Refused("POST", "/user/<login>/unlock", "people.enable", "解锁用户", "Unlock a user", PEOPLE),
    Refused("POST", "/group/create", "departments.add", "添加用户组", "Add a group", DEPARTMENTS),
    Refused("PUT", "/group/<path:group_id>", "departments.change", "修改用户组", "Change a group", DEPARTMENTS),
    Refused("DELETE", "/group/<path:group_id>", "departments.remove", "删除用户组", "Delete a group", DEPARTMENTS),
    Refused(
        "PUT", "/group/<path:group_id>/members/<login>", "people.move", "加入用户组", "Add to a group", DEPARTMENTS
    ),
    Refused(
        "DELETE", "/group/<path:group_id>/members/<login>", "people.move", "移出用户组", "Take out of a group",
        DEPARTMENTS,
    ),
    Refused("POST", "/tenant/create", "regions.add", "添加租户", "Add a tenant", DIVISIONS),
    Refused("PUT", "/tenant/<tenant_id>", "regions.change", "修改租户", "Change a tenant", DIVISIONS),
    Refused("DELETE", "/tenant/<tenant_id>", "regions.change", "删除租户", "Delete a tenant", DIVISIONS),
    Refused(
        "PUT", "/tenant/<tenant_id>/user-members/<login>", "people.change", "用户加入租户", "Add a user to a tenant",
        DIVISIONS,
    ),
    Refused(
        "DELETE", "/tenant/<tenant_id>/user-members/<login>", "people.change", "用户移出租户",
        "Take a user out of a tenant", DIVISIONS,
    ),
    Refused(
        "PUT", "/tenant/<tenant_id>/group-members/<path:group_id>", "departments.change", "用户组加入租户",
        "Add a group to a tenant", DIVISIONS,
    ),
    Refused(
        "DELETE", "/tenant/<tenant_id>/group-members/<path:group_id>", "departments.change", "用户组移出租户",
        "Take a group out of a tenant", DIVISIONS,
    ),
    Refused("POST", "/authorization/create", "people.change", "授权", "Grant an authorization", MATRIX),
    Refused(
        "PUT", "/authorization/<authorization_id>", "people.change", "修改授权", "Change an authorization", MATRIX
    ),
    Refused(
        "DELETE", "/authorization/<authorization_id>", "people.change", "撤销授权", "Delete an authorization", MATRIX
    ),
    Refused("POST", "/task/create", "user_tasks.complete", "新建任务", "Create a task", DIAGRAMS),
    Refused("DELETE", "/task/<task_id>", "user_tasks.complete", "删除任务", "Delete a task", DIAGRAMS),
)  # fmt: skip


def state(routes: CamundaRoutes, refused: Iterable[Refused]) -> None:
    """The routes that answer who might do it what to do instead."""
    for one in refused:
        stated = {"GET": routes.get, "POST": routes.post, "PUT": routes.put, "DELETE": routes.delete}[one.method]
        stated(one.path, one.zh, one.act, status=204)(_refusing(one.why, one.en))


def _refusing(why: Sentence, title: str) -> Callable[..., Response]:
    def refuse(tx: Transaction, **named: str) -> Response:
        raise Forbidden(why)

    refuse.__doc__ = title
    return refuse


state(routes, REFUSED)
