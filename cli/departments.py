"""departments: who works on cases, kept on the server's own machine."""

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import click

from casework import department_list
from casework import departments as offices
from casework.departments import NewDepartment
from cli.database import ready
from cli.host import Host, operator, pass_host
from cli.terminal import all_rows, refusals_shown, say, show_table
from engine.errors import Sentence

COLUMNS = (
    Sentence("代码", "code"),
    Sentence("区划", "division"),
    Sentence("角色", "role"),
    Sentence("名称", "name"),
    Sentence("办公时间", "hours"),
)


def end_of_day(verb: Callable[..., Any]) -> Callable[..., Any]:
    """The two options that say where a department's day ends (民法典 art. 203)."""
    late = click.option(
        "--late-receipt-next-day/--late-receipt-same-day",
        "defers_late_receipt",
        default=None,
        help="what comes after the close counts as received the next day, or the same 下班后收到的视为次日（当日）收到",
    )
    close = click.option(
        "--ends-at-close/--ends-at-midnight",
        "ends_at_close",
        default=None,
        help="limits in days end at the close of business, or at 24:00 按日计算的期限到下班时（24:00）为止",
    )
    return close(late(verb))


@click.group()
def departments() -> None:
    """Departments: list, add, change, remove.

    部门：列出、添加、修改、撤销。
    """


@departments.command("list")
@pass_host
def list_departments(host: Host) -> None:
    """List the departments.

    列出部门。
    """
    with refusals_shown(), ready(host).view(operator()) as tx:
        found = all_rows(lambda after: department_list.listed(tx, {"removed": False}, after=after, limit=200))
        rows = (row.Department for row in found)
        show_table(COLUMNS, ((one.code, one.region, one.role, one.name, one.office_hours) for one in rows))


@departments.command()
@click.argument("role")
@click.option("--name", required=True, help="名称 the department's name")
@click.option("--name-en", required=True, help="its English name 英文名称")
@click.option("--code", help="its code, where that is not the role 代码，默认与角色相同")
@click.option("--region", default=offices.DEFAULT_REGION, show_default=True, help="its division 所属区划")
@click.option("--external", "is_external", is_flag=True, help="sees only what an item names for it 外部单位")
@click.option("--zone", default="Asia/Shanghai", show_default=True, help="时区")
@click.option("--office-hours", help="09:00-12:00,13:30-17:30 办公时间")
@end_of_day
@pass_host
def add(host: Host, /, role: str, **said: Any) -> None:
    """Add the department that plays a role in its division.

    添加在区划内承担某一角色的部门。
    """
    given = {name: value for name, value in said.items() if value is not None}
    with refusals_shown(), ready(host).begin(operator()) as tx:
        added = offices.add(tx, NewDepartment(role, **given))
    say(f"已添加部门 {added.name}（{added.code}）。", f"Added the department {added.name_en} ({added.code}).")


@departments.command()
@click.argument("code")
@click.option("--role", help="the name by which diagrams ask for it 角色")
@click.option("--name", help="名称")
@click.option("--name-en", help="its English name 英文名称")
@click.option("--external/--internal", "is_external", default=None, help="外部单位 / 本机关")
@click.option("--zone", help="时区")
@click.option("--office-hours", help="办公时间")
@end_of_day
@pass_host
def change(host: Host, /, code: str, **said: Any) -> None:
    """Change what is named of a department; the rest stays.

    修改部门，未写明的各项不变。
    """
    given = {name: value for name, value in said.items() if value is not None}
    with refusals_shown(), ready(host).begin(operator()) as tx:
        now = offices.one(tx, code)
        as_it_is = NewDepartment(**{name: getattr(now, name) for name in asdict(NewDepartment("", "", ""))})
        offices.change(tx, code, replace(as_it_is, **given))
    say(f"部门 {code} 已修改。", f"The department {code} is changed.")


@departments.command()
@click.argument("code")
@click.option("--dry-run", is_flag=True, help="say what stands in the way, change nothing 只检查")
@pass_host
def remove(host: Host, code: str, dry_run: bool) -> None:
    """Remove a department without open tasks and people; its name stays with its cases.

    撤销没有待办和在岗人员的部门；其名称保留在办件中。
    """
    database = ready(host)
    with refusals_shown(), database.view(operator()) if dry_run else database.begin(operator()) as tx:
        found = offices.would_remove(tx, offices.one(tx, code))
        if not dry_run:
            offices.remove(tx, code)
    say(
        f"待办 {found.open_tasks} 件，在岗 {found.people} 人，{found.items} 个事项提到其角色。",
        f"{found.open_tasks} open tasks, {found.people} people, {found.items} items that name its role.",
    )
    if not dry_run:
        say(f"部门 {code} 已撤销。", f"The department {code} is removed.")
