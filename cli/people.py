"""users: adding, giving passwords, disabling, moving and listing people on the server's own machine.

A password is asked for, or read from standard input; on the command line every process of the machine could read it.
"""

import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import click

from casework import people, staff
from casework.departments import DEFAULT_REGION
from casework.people import Appointment, NewPerson
from casework.tables import Role
from cli import hand_over
from cli.database import ready
from cli.host import Host, operator, pass_host
from cli.terminal import all_rows, refusals_shown, said, say, show_table
from engine.errors import Sentence

COLUMNS = (
    Sentence("登录名", "login"),
    Sentence("姓名", "name"),
    Sentence("职务", "post"),
    Sentence("岗位", "appointments"),
    Sentence("停用", "disabled"),
)
roles = click.Choice([role.value for role in Role])
role_option = click.option("--role", type=roles, required=True)
department_option = click.option("--department", help="code of the department the role is held in 部门代码")


def read_password() -> str:
    """Asks twice at a terminal; takes the first line of standard input where there is none."""
    if sys.stdin.isatty():
        asked = said(Sentence("密码", "Password"))
        return str(click.prompt(asked, hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")


@click.group()
def users() -> None:
    """People with logins: list, add, password, disable, enable, move, hand over.

    有登录名的人员：列出、添加、设密码、停用、恢复、调岗、移交。
    """


@users.command("list")
@click.option("--department", help="code of a department 部门代码")
@click.option("--role", type=roles)
@pass_host
def list_users(host: Host, department: str | None, role: str | None) -> None:
    """List the people with what they are appointed to.

    列出人员及其岗位。
    """
    wanted: dict[str, Any] = {"department": department, "role": role and Role(role)}
    with refusals_shown(), ready(host).view(operator()) as tx:
        found = [row.Person for row in all_rows(lambda after: staff.listed(tx, wanted, after=after, limit=200))]
        held = staff.appointments(tx, [one.login for one in found])
        rows = [(one.login, one.name, one.post, _told(held[one.login]), _day(one.disabled_at)) for one in found]
    show_table(COLUMNS, rows)


@users.command()
@click.argument("login")
@click.option("--name", required=True, help="中文姓名 the person's name")
@click.option("--post", required=True, help="职务")
@role_option
@department_option
@click.option("--region", default=DEFAULT_REGION, show_default=True, help="所属区划")
@pass_host
def add(host: Host, /, login: str, role: str, department: str | None, **personal: str) -> None:
    """Add a person with one role; the password is asked for, or read from standard input.

    添加一名人员及其岗位；密码由提示输入，或从标准输入读取。
    """
    new = NewPerson(login=login, appointments=(Appointment(Role(role), department),), **personal)
    given = read_password()
    with refusals_shown(), ready(host).begin(operator()) as tx:
        people.add(tx, new, given)
    say(f"已添加 {personal['name']}（{login}）。", f"Added {personal['name']} ({login}).")


@users.command()
@click.argument("login")
@pass_host
def password(host: Host, login: str) -> None:
    """Give a person a new password; every token of theirs is revoked.

    为人员设置新密码，并注销其全部令牌。
    """
    given = read_password()
    with refusals_shown(), ready(host).begin(operator()) as tx:
        people.set_password(tx, login, given)
    say(f"{login} 的密码已更新。", f"{login} has a new password.")


@users.command()
@click.argument("login")
@pass_host
def disable(host: Host, login: str) -> None:
    """Shut a person out; name and acts stay.

    停用人员；姓名和办理记录保留。
    """
    with refusals_shown(), ready(host).begin(operator()) as tx:
        people.disable(tx, login)
    say(f"{login} 已停用。", f"{login} is disabled.")


@users.command()
@click.argument("login")
@pass_host
def enable(host: Host, login: str) -> None:
    """Let a disabled person in again.

    恢复已停用的人员。
    """
    with refusals_shown(), ready(host).begin(operator()) as tx:
        people.enable(tx, login)
    say(f"{login} 已恢复。", f"{login} may log in again.")


@users.command()
@click.argument("login")
@role_option
@department_option
@pass_host
def move(host: Host, login: str, role: str, department: str | None) -> None:
    """Give a person another place: the role and department replace those held so far.

    调整岗位：新角色和部门取代原有的。
    """
    with refusals_shown(), ready(host).begin(operator()) as tx:
        people.move(tx, login, (Appointment(Role(role), department),))
    say(f"{login} 的岗位已调整。", f"{login} has moved.")


users.add_command(hand_over.hand_over_all)


def _told(appointments: Sequence[Appointment]) -> str:
    return " ".join(f"{one.role}@{one.department}" if one.department else one.role for one in appointments)


def _day(disabled_at: datetime | None) -> str:
    return f"{disabled_at:%Y-%m-%d}" if disabled_at else ""
