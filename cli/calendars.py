"""calendars: a year of a division, brought in on the server's own machine with a bar to watch, or shown."""

import os
import socket
import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from casework import calendar_files, calendar_imports, calendar_years, moved_deadlines, recomputing
from casework.calendar_imports import Proposal
from casework.clocks import shown
from casework.moved_deadlines import Move
from casework.tables import Recomputation
from casework.words import CLOCK_KINDS
from cli.database import ready
from cli.host import Host, operator, pass_host
from cli.terminal import progress, refusals_shown, said, say, show_table, stop
from engine import jobs
from engine.errors import Sentence
from engine.ports import ENGINE, SHANGHAI
from engine.queries.definitions import EVERYWHERE
from engine.tables import Job
from engine.transaction import Database

MOST_SHOWN = 200
WAITS = 0.2
"""Seconds between two looks while a running server is at a batch."""
DAYS = (Sentence("日期", "date"), Sentence("名称", "name"), Sentence("", ""))
MOVES = (Sentence("办件", "case"), Sentence("时限", "limit"), Sentence("原为", "was"), Sentence("现为", "is"))
OFF, WORKED = Sentence("放假", "off"), Sentence("上班", "worked")

region_option = click.option(
    "--region", default=EVERYWHERE, show_default=True, help="code of the division 行政区划代码"
)


@click.group()
def calendars() -> None:
    """Working calendars: import, show.

    工作日历：导入、查看。
    """


@calendars.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@region_option
@click.option("--year", type=int, help="the year, where the file does not name it 年份")
@click.option("--source", help="the notice it rests on 依据的通知、通告名称")
@click.option("--document", help="the notice's number 文号")
@click.option("--dry-run", is_flag=True, help="say what would move, store nothing 只看哪些时限会变动，不保存")
@pass_host
def import_calendar(
    host: Host, /, file: Path, region: str, year: int | None, dry_run: bool, **told: str | None
) -> None:
    """Bring in a year from the list {date, name, isOffDay}; every open deadline is counted again.

    从 {date, name, isOffDay} 列表导入一年的日历，并重算所有未办结的时限。
    """
    database = ready(host)
    with refusals_shown():
        content = {**calendar_files.read(_read(file)), **{key: text for key, text in told.items() if text}}
        if dry_run:
            _forecast(database, region, year, content)
            return
        with database.begin(operator()) as tx:
            calendar_imports.take_turn(tx)
            begun = calendar_imports.publish(tx, calendar_imports.propose(tx, region, year, content))
        _tell(_watch(database, begun), Sentence("", ""))
        _show(_moved(database, begun.id))


@calendars.command("show")
@click.argument("year", type=int)
@region_option
@pass_host
def show_calendar(host: Host, year: int, region: str) -> None:
    """Show a year of a division's own calendar.

    查看一年的工作日历。
    """
    with refusals_shown(), ready(host).view(operator()) as tx:
        found = calendar_years.one(tx, region, year)
    rows = (
        (one["date"].isoformat(), one["name"], said(OFF if one["isOffDay"] else WORKED)) for one in found.said["days"]
    )
    show_table(DAYS, rows)
    if found.is_published:
        say(f"{year} 年已公布。", f"{year} is published.")
    else:
        say(f"{year} 年尚未公布，时限为暂定。", f"{year} is not published; deadlines in it are provisional.")


def _read(file: Path) -> bytes:
    """No more than is allowed, and one byte, so that a giant file is refused and not read."""
    try:
        with file.open("rb") as stream:
            return stream.read(calendar_files.MOST_BYTES + 1)
    except OSError as unreadable:
        raise stop(f"无法读取 {file}。", f"{file} cannot be read.") from unreadable


def _forecast(database: Database, region: str, year: int | None, content: dict[str, Any]) -> None:
    with database.view(operator()) as tx:
        proposal: Proposal = calendar_imports.propose(tx, region, year, content)
        would = moved_deadlines.forecast(tx, proposal, after=None, limit=MOST_SHOWN)
    _tell(would, Sentence("将会：", "It would be: "))
    _show(would.rows)


def _watch(database: Database, begun: Recomputation) -> Recomputation:
    """Does the batches that nobody else is at, until all are done."""
    worker = f"{socket.gethostname()}:{os.getpid()}:calendars.import"
    with progress() as bar:
        task = bar.add_task(said(Sentence("重算时限", "counting deadlines")), total=begun.clocks)
        while begun.ended_at is None:
            took = jobs.run_due(database, worker, only=Job.kind == recomputing.KIND)
            with database.view(ENGINE) as tx:
                begun = moved_deadlines.one(tx, begun.id)
            bar.update(task, completed=begun.done)
            if not took:
                time.sleep(WAITS)
        bar.update(task, completed=begun.done, total=begun.clocks)
    return begun


def _moved(database: Database, recomputation_id: str) -> list[Move]:
    with database.view(operator()) as tx:
        page = moved_deadlines.listed(tx, recomputation_id, {}, after=None, limit=MOST_SHOWN)
    return [Move._make(row[: len(Move._fields)]) for row in page.rows]


def _tell(done: Recomputation | moved_deadlines.Forecast, before: Sentence) -> None:
    figures = (done.clocks, done.moved, done.confirmed, done.into_past)
    zh = "{} 个未办结时限，{} 个变动，{} 个由暂定转为确定，{} 个因此已过期。".format(*figures)
    en = "{} open deadlines, {} moved, {} no longer provisional, {} passed by the change alone.".format(*figures)
    say(f"{before.zh}{zh}", f"{before.en}{en}")


def _show(moves: Iterable[Move]) -> None:
    """The first of the moves."""
    rows = [(one.number or "—", said(CLOCK_KINDS[one.kind]), _text(one.old_due_at), _text(one.due_at)) for one in moves]
    if rows:
        show_table(MOVES, rows)


def _text(due_at: datetime | None) -> str:
    last = shown(due_at)
    return "—" if last is None else f"{last.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
