"""items: thousands of items out of the catalogue into a file, and back, with a bar to watch."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from casework import item_import, item_lines
from casework.item_import import Summary
from casework.item_lines import MOST_FAULTS
from cli.database import ready
from cli.host import Host, operator, pass_host
from cli.terminal import errors, progress, refusals_shown, said, say
from engine.errors import Invalid, Sentence

TELLS_EVERY = 100


@click.group()
def items() -> None:
    """The item catalogue in bulk: export, import.

    事项目录的批量导出与导入。
    """


@items.command("export")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@pass_host
def export_items(host: Host, file: Path) -> None:
    """Write the newest version of every item to a file, one JSON document a line.

    将每个事项的最新版本写入文件，每行一个 JSON。
    """
    written = 0
    half_done = file.with_name(f"{file.name}.part")
    with ready(host).view(operator()) as tx, progress() as bar, half_done.open("w", encoding="utf-8") as out:
        task = bar.add_task(said(Sentence("导出", "exporting")), total=item_import.count(tx))
        for line in item_import.exported(tx):
            out.write(f"{line}\n")
            written += 1
            if written % TELLS_EVERY == 0:
                bar.update(task, completed=written)
        bar.update(task, completed=written)
    os.replace(half_done, file)
    say(f"已导出 {written} 个事项。", f"{written} items exported.")


@items.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="say what would be done, store nothing 只检查，不保存")
@pass_host
def import_items(host: Host, file: Path, dry_run: bool) -> None:
    """Publish every item of a file that differs from its newest version; all of the file or nothing.

    发布文件中与最新版本不同的事项；要么全部导入，要么一个不导。
    """
    database = ready(host)
    with refusals_shown(), _every_bad_line_told(), progress() as bar:
        total = _lines_of(file)
        checking = bar.add_task(said(Sentence("检查", "checking")), total=total)
        storing = bar.add_task(said(Sentence("写入", "storing")), total=total)
        with file.open("rb") as stream:
            lines = item_lines.read(stream, lambda done: bar.advance(checking, done))
        try:
            with database.view(operator()) if dry_run else database.begin(operator()) as tx:
                carry_out = item_import.preview if dry_run else item_import.publish
                summary = carry_out(tx, lines, most_listed=MOST_FAULTS, tell=lambda done: bar.advance(storing, done))
        finally:
            lines.close()
    _tell(summary, dry_run)


@contextmanager
def _every_bad_line_told() -> Iterator[None]:
    """Whoever repairs a file of thousands needs all of it, not the first hundred."""
    try:
        yield
    except Invalid as refused:
        errors.print(said(refused.detail), style="red", markup=False)
        for fault in refused.faults:
            key = f" {fault.element_id}" if fault.element_id else ""
            zh, en = fault.sentence
            told = Sentence(f"第 {fault.line} 行{key}：{zh}", f"line {fault.line}{key}: {en}")
            errors.print(f"  {said(told)}", markup=False)
        raise SystemExit(1) from refused


def _lines_of(file: Path) -> int:
    with file.open("rb") as stream:
        return sum(1 for _ in stream)


def _tell(done: Summary, dry_run: bool) -> None:
    numbers = (done.created, done.changed, done.unchanged)
    zh = "新增 {} 个，变更 {} 个，未变 {} 个。".format(*numbers)
    en = "{} created, {} changed, {} unchanged.".format(*numbers)
    say(f"将会：{zh}" if dry_run else zh, f"It would be: {en}" if dry_run else en)
