"""backup, restore: the whole database in one file, and a database made of it again."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from casework import backups
from casework.backups import Tell
from cli.database import address, bare, ready
from cli.host import Host, pass_host
from cli.terminal import progress, refusals_shown, said, say, stop
from engine.errors import Sentence


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@pass_host
def backup(host: Host, file: Path) -> None:
    """Write all that is kept at this moment, uploaded files too, to FILE, while people go on working.

    把此刻的全部数据连同上传的文件写入 FILE；系统可继续运行。
    """
    database = ready(host)
    with refusals_shown(), _files_told(file), _rows_shown("备份", "backing up") as tell:
        manifest = backups.write(database, file, tell)
    database.close()
    say(f"已备份 {manifest.rows} 行：{file}", f"{manifest.rows} rows are backed up: {file}")
    if manifest.lost:
        raise stop(
            f"文件存储中缺少这些文件，备份中也没有：{'、'.join(manifest.lost)}。",
            f"These files are missing from the file store, and from the backup: {', '.join(manifest.lost)}.",
        )


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@pass_host
def restore(host: Host, file: Path) -> None:
    """Fill the empty database at LIANBAN_DATABASE_URL with what the backup FILE holds.

    将备份 FILE 恢复到 LIANBAN_DATABASE_URL 所指的空数据库。
    """
    with bare(host) as engine, refusals_shown(), _files_told(file), _rows_shown("恢复", "restoring") as tell:
        manifest = backups.restore(engine, file, tell)
        where = address(engine)
    say(
        f"已将 {manifest.rows} 行恢复到 {where}，备份时间 {manifest.made_at}。请重新登录。",
        f"{manifest.rows} rows of {manifest.made_at} are restored into {where}. Everybody has to log in again.",
    )


@contextmanager
def _rows_shown(zh: str, en: str) -> Iterator[Tell]:
    with progress() as bar:
        task = bar.add_task(said(Sentence(zh, en)), total=None)
        yield lambda done, whole: bar.update(task, completed=done, total=whole)


@contextmanager
def _files_told(file: Path) -> Iterator[None]:
    """A file that cannot be written or read ends the command with a sentence."""
    try:
        yield
    except OSError as unusable:
        raise stop(
            f"无法读写备份文件 {file}：{unusable.strerror}。请检查路径、权限和剩余空间。",
            f"{file} cannot be read or written: {unusable.strerror}. Check path, permissions and free space.",
        ) from unusable
