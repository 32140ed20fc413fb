"""lint: whether the files of packages would deploy, and how diagrams meet the office; with --watch at every save."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import click
from watchfiles import DefaultFilter, watch

from casework import package_check
from casework.package_check import Package
from casework.scenarios.package import COMMON, DEPLOYED, files_of
from cli.host import Host, pass_host
from cli.packages import existing, packages
from cli.setup import PROCESSES
from cli.terminal import console, errors, refusals_shown, said, say, show_faults
from engine.errors import EngineError
from engine.ports import Ports

SETTLES = 200  # milliseconds: a program may write a file in several goes


@click.command()
@click.argument("paths", nargs=-1, required=True, type=existing)
@click.option(
    "--watch", "watched", is_flag=True, help="check again at every save, until Ctrl-C 每次保存后再检查，Ctrl-C 结束"
)
@pass_host
def lint(host: Host, paths: tuple[Path, ...], watched: bool) -> None:
    """Check packages as a deployment would, and how their diagrams meet the office; stores nothing.

    按部署的规则检查流程包，并检查图与办件的衔接；不保存任何内容。
    """
    if watched:
        _watch(host, paths)
        return
    with refusals_shown():
        wrong = _shown(host.ports(), paths)
    raise SystemExit(1 if wrong else 0)


def _shown(ports: Ports, paths: Sequence[Path]) -> int:
    """Shows what is found package by package; how many faults there are. Raises DiagramRefused for a common package
    that cannot be read."""
    wrong = 0
    for package in _packages(paths):
        found = package_check.check(ports, package, str(PROCESSES / COMMON))
        told = f"，{len(found.warnings)} 处提醒" if found.warnings else ""
        told_en = f", {len(found.warnings)} warnings" if found.warnings else ""
        say(f"{package.name}：{len(found.faults)} 处问题{told}", f"{package.name}: {len(found.faults)} faults{told_en}")
        show_faults([*found.faults, *found.warnings])
        wrong += len(found.faults)
    return wrong


def _packages(paths: Sequence[Path]) -> Iterator[Package]:
    for path in map(Path.resolve, paths):
        common = _common_beside(path)
        others = files_of(path.parent) if path.is_file() else {}
        for name, files in packages([path]):
            yield Package(name, files, files_of(common) if common else {}, others)


def _watch(host: Host, paths: Sequence[Path]) -> None:
    """Once at the beginning and after every save of a file that a package holds; ends on Ctrl-C."""
    ports = host.ports()
    # The first check comes when the folders are already watched: a save in between is not missed.
    beats = watch(
        *_watched(paths),
        watch_filter=_Deployed(),
        debounce=SETTLES,
        step=50,
        rust_timeout=SETTLES,
        yield_on_timeout=True,
    )
    with suppress(KeyboardInterrupt):
        for number, changed in enumerate(beats):
            if changed and number:
                console.clear()
            if changed or not number:
                _show_again(ports, paths)


def _watched(paths: Sequence[Path]) -> Sequence[Path]:
    """The folders whose files count: a file's own, in which programs put it anew at a save, and common beside it."""
    whole = [path.resolve() for path in paths]
    folders = [path.parent if path.is_file() else path for path in whole]
    return list(dict.fromkeys([*folders, *filter(None, map(_common_beside, whole))]))


def _show_again(ports: Ports, paths: Sequence[Path]) -> None:
    """A file that is gone, or half written, is told like any other fault; the next save is checked again."""
    try:
        _shown(ports, paths)
    except EngineError as refused:
        errors.print(said(refused.detail), style="red", markup=False)
        show_faults(refused.faults)
    except OSError as gone:
        errors.print(f"{gone.filename}: {gone.strerror}", style="red", markup=False)
    except click.exceptions.Exit:
        pass  # `packages` has said that a folder holds nothing
    at = ports.now().astimezone()
    say(
        f"{at:%H:%M:%S} 已检查，等待下一次保存；Ctrl-C 结束。",
        f"{at:%H:%M:%S} checked; waits for the next save, Ctrl-C ends.",
    )


class _Deployed(DefaultFilter):
    """What programs write beside the files of a package, such as copies and swap files, is nobody's save."""

    def __call__(self, change: object, path: str) -> bool:
        return Path(path).suffix in DEPLOYED


def _common_beside(path: Path) -> Path | None:
    """The common package of a folder of packages, of a package in it, or of a file of one; None where there is none."""
    beside = [folder / COMMON for folder in (path, path.parent, path.parent.parent)[: 3 if path.is_file() else 2]]
    return next((folder for folder in beside if folder.is_dir()), None)
