"""demo: walks one case of a package through every department of a running server, and prints its timeline.

What happens is told by a scenario file of the package, its first unless another is named.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import httpx
from rich.table import Table

from casework.item_document import read as read_item
from casework.scenarios.reading import Step, read_scenario
from cli.host import Host, pass_host
from cli.terminal import console, progress, said, say, stop
from cli.walk import ACTS, Refused, Walk, first_day, is_done_by_people
from engine.errors import Sentence

PROCESSES = Path(__file__).parent.parent / "processes"
PACKAGES = sorted(file.parent.name for file in PROCESSES.glob("*/item.toml"))
FIRST = "enterprise-registration"
TIMEOUT = 30.0
COLUMNS = (
    Sentence("时间", "when"),
    Sentence("何人", "who"),
    Sentence("何事", "what"),
    Sentence("结论", "outcome"),
    Sentence("理由", "reasons"),
)


@click.command()
@click.option("--package", type=click.Choice(PACKAGES), default=FIRST, show_default=True, help="which approval")
@click.option("--scenario", default="", help="how the file of another scenario begins, such as 03; default: the first")
@click.option("--base-url", help="a running server; default: this machine's at PORT")
@pass_host
def demo(host: Host, package: str, scenario: str, base_url: str | None) -> None:
    """Walk one case of a package through every department of a running server and print its timeline.

    让某个流程包的一件申请走过运行中服务的每个部门，并打印办理过程。
    """
    url = base_url or f"http://127.0.0.1:{host.port}"
    file = _scenario_file(package, scenario)
    steps = read_scenario(file).steps
    with httpx.Client(base_url=url, timeout=TIMEOUT, trust_env=False) as client:
        walk = Walk(client, _item_of(package), file.parent, said(Sentence("zh", "en")), _later(host, steps))
        try:
            _walk(walk, [step for step in steps if is_done_by_people(step)])
            _print_timeline(walk.call("window", "GET", f"/cases/{walk.number}"))
        except httpx.TransportError as error:
            raise stop(
                f"{url} 没有应答，请先运行 make run；服务使用其他端口时，请设置 PORT 或 --base-url。",
                f"{url} does not answer: run make run first, or name the server by PORT or --base-url.",
            ) from error
        except Refused as refused:
            raise stop(*refused.sentence) from refused
    say(
        f"办件编号 {walk.number}，查询码 {walk.query_code}。",
        f"Case number {walk.number}, query code {walk.query_code}.",
    )


def _scenario_file(package: str, begins: str) -> Path:
    files = sorted((PROCESSES / package / "scenarios").glob("*.yaml"))
    found = [file for file in files if file.name.startswith(begins)]
    if not found:
        listed = ", ".join(file.stem for file in files)
        raise stop(f"没有以“{begins}”开头的场景：{listed}。", f"No scenario begins with “{begins}”: {listed}.")
    return found[0]


def _item_of(package: str) -> str:
    document = read_item("item.toml", (PROCESSES / package / "item.toml").read_bytes())
    return str(document.published["code"])


def _later(host: Host, steps: Sequence[Step]) -> timedelta:
    """How much later the present is than the scenario's days."""
    ports = host.ports()
    today = ports.now().astimezone(ports.zone).date()
    return today - (first_day(steps) or today)


def _walk(walk: Walk, steps: Sequence[Step]) -> None:
    with progress() as bar:
        task = bar.add_task(said(Sentence("办理", "walking")), total=len(steps))
        for step in steps:
            ACTS[step.verb](walk, step.argument)
            bar.advance(task)


def _print_timeline(case: Mapping[str, Any]) -> None:
    table = Table(title=f"{case['number']}  {case['title']}  {case['state_name']}")
    for column in COLUMNS:
        table.add_column(said(column), overflow="fold")
    for entry in case["timeline"]:
        who = entry["who"] or {}
        department = who.get("department") or entry["department"] or {}
        table.add_row(
            entry["at"][:19].replace("T", " "),
            " ".join(filter(None, (department.get("name"), who.get("name")))),
            entry["text"].replace("\n", " "),
            entry["outcome"] or "",
            entry["reason"] or "",
        )
    console.print(table, soft_wrap=False)
