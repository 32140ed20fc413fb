"""users: adding, giving passwords, disabling and moving people on the server's own machine."""

import click

from casework import people
from casework.people import Appointment, NewPerson
from casework.tables import Role
from cli.database import ready
from cli.host import Host, operator, pass_host
from cli.terminal import refusals_shown, say

password_prompt = click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
roles = click.Choice([role.value for role in Role])


@click.group()
def users() -> None:
    """People with logins: add, password, disable, move.

    有登录名的人员：添加、设密码、停用、调岗。
    """


@users.command()
@click.argument("login")
@click.option("--name", required=True, help="中文姓名 the person's name")
@click.option("--post", required=True, help="职务")
@click.option("--role", type=roles, required=True)
@click.option("--department", help="code of the department the role is held in")
@password_prompt
@pass_host
def add(host: Host, login: str, name: str, post: str, role: str, department: str | None, password: str) -> None:
    """Add a person with one role.

    添加一名人员及其岗位。
    """
    with refusals_shown(), ready(host).begin(operator()) as tx:
        people.add(tx, NewPerson(login, name, post, (Appointment(Role(role), department),)), password)
    say(f"已添加 {name}（{login}）。", f"Added {name} ({login}).")


@users.command()
@click.argument("login")
@password_prompt
@pass_host
def password(host: Host, login: str, password: str) -> None:
    """Give a person a new password; every token of theirs is revoked.

    为人员设置新密码，并注销其全部令牌。
    """
    with refusals_shown(), ready(host).begin(operator()) as tx:
        people.set_password(tx, login, password)
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
@click.option("--role", type=roles, required=True)
@click.option("--department", help="code of the department the role is held in")
@pass_host
def move(host: Host, login: str, role: str, department: str | None) -> None:
    """Give a person another place: the role and department replace those held so far.

    调整岗位：新角色和部门取代原有的。
    """
    with refusals_shown(), ready(host).begin(operator()) as tx:
        people.move(tx, login, (Appointment(Role(role), department),))
    say(f"{login} 的岗位已调整。", f"{login} has moved.")
