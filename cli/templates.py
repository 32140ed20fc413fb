"""templates: element templates for Camunda Modeler, with the departments, items, limits and forms that there are."""

import json
from pathlib import Path

import click
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from casework import element_templates
from casework.element_templates import Offer, stored
from cli.database import ready
from cli.host import Host, operator, pass_host
from cli.terminal import console, refusals_shown, say

PROCESSES = Path(__file__).parent.parent / "processes"


@click.command()
@click.option(
    "--out", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="the file to write 写入的文件"
)
@click.option(
    "--from",
    "folders",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="read packages below this folder instead of the database 读取该文件夹下的流程包，不读数据库",
)
@click.option("--item", "codes", multiple=True, help="only the limits of this item 只列该事项的时限")
@pass_host
def templates(host: Host, out: Path | None, folders: tuple[Path, ...], codes: tuple[str, ...]) -> None:
    """Write element templates for Camunda Modeler, with this server's departments, items, limits and forms to choose
    from.

    生成 Camunda Modeler 的元素模板，可选本服务的部门、事项、时限和表单。
    """
    with refusals_shown():
        written = element_templates.written(_offer(host, folders, codes))
    text = json.dumps(written, ensure_ascii=False, indent=2)
    if out is None:
        console.print(text, markup=False)
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(f"{text}\n", encoding="utf-8")
    say(f"已写入 {len(written)} 个模板：{out}", f"{len(written)} templates written: {out}")


def _offer(host: Host, folders: tuple[Path, ...], codes: tuple[str, ...]) -> Offer:
    """What the database has; without one, what the packages of the product have."""
    if folders or not _has_database(host):
        return stored.of_packages(folders or (PROCESSES,), codes)
    with ready(host).view(operator()) as tx:
        return stored.of_database(tx, codes)


def _has_database(host: Host) -> bool:
    """Whether anything is kept at the configured place: a file that is not there yet would have nothing to offer."""
    try:
        url = make_url(host.database_url)
    except ArgumentError:
        return True
    return url.get_backend_name() != "sqlite" or (url.database is not None and Path(url.database).exists())
