"""regions: administrative divisions on the server's own machine."""

from collections.abc import Callable
from functools import reduce

import click

from casework import regions as divisions
from cli.database import ready
from cli.host import Host, operator, pass_host
from cli.terminal import all_rows, refusals_shown, say, show_table
from engine.errors import Sentence

COLUMNS = (Sentence("代码", "code"), Sentence("名称", "name"), Sentence("上级", "above"))

Command = Callable[..., None]


def division(command: Command) -> Command:
    """What is said of a division: its code, its names and what is above it."""
    said = (
        click.argument("code"),
        click.option("--name", required=True, help="名称 the division's name"),
        click.option("--name-en", help="its English name 英文名称"),
        click.option("--parent", help="code of the division above 上级区划代码"),
    )
    return reduce(lambda told, option: option(told), reversed(said), command)


@click.group()
def regions() -> None:
    """Administrative divisions: list, add, change.

    行政区划：列出、添加、修改。
    """


@regions.command("list")
@pass_host
def list_regions(host: Host) -> None:
    """List the administrative divisions.

    列出行政区划。
    """
    with refusals_shown(), ready(host).view(operator()) as tx:
        found = all_rows(lambda after: divisions.listed(tx, {}, after=after, limit=200))
        show_table(COLUMNS, ((row.Region.code, row.Region.name, row.Region.parent or "") for row in found))


@regions.command()
@division
@pass_host
def add(host: Host, code: str, name: str, name_en: str | None, parent: str | None) -> None:
    """Add an administrative division.

    添加行政区划。
    """
    with refusals_shown(), ready(host).begin(operator()) as tx:
        divisions.add(tx, code, name, name_en, parent=parent)
    say(f"已添加 {name}（{code}）。", f"Added {name} ({code}).")


@regions.command()
@division
@pass_host
def change(host: Host, code: str, name: str, name_en: str | None, parent: str | None) -> None:
    """Give a division these names and this one above it.

    修改行政区划的名称和上级。
    """
    with refusals_shown(), ready(host).begin(operator()) as tx:
        divisions.change(tx, code, name, name_en, parent=parent)
    say(f"{code} 已修改。", f"{code} is changed.")
