"""lint: whether the files of packages would deploy, and how diagrams meet the office; with --watch at every save."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import click
from watchfiles import DefaultFilter, watch

from casework import filled_forms, item_document, items, meaning_faults
from casework import lint as fitting
from casework.scenarios.package import COMMON, DEPLOYED, files_of
from cli.host import Host, pass_host
from cli.packages import existing, packages
from cli.terminal import console, errors, refusals_shown, said, say, show_faults
from engine import deployments
from engine.diagram import read_diagram
from engine.diagram.model import Diagram, Process
from engine.dmn import read_decisions
from engine.errors import DiagramRefused, EngineError, Fault
from engine.ports import Ports

SETTLES = 200  # milliseconds: a program may write a file in several goes


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong with a package's files, and what its designer should know although they run."""

    name: str
    faults: Sequence[Fault]
    warnings: Sequence[Fault]


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
    for path in paths:
        for name, files in packages([path]):
            found = check(ports, name, files, _common_beside(path, name))
            told = f"，{len(found.warnings)} 处提醒" if found.warnings else ""
            told_en = f", {len(found.warnings)} warnings" if found.warnings else ""
            say(f"{name}：{len(found.faults)} 处问题{told}", f"{name}: {len(found.faults)} faults{told_en}")
            show_faults([*found.faults, *found.warnings])
            wrong += len(found.faults)
    return wrong


def _watch(host: Host, paths: Sequence[Path]) -> None:
    """Once at the beginning and after every save of a file that a package holds; ends on Ctrl-C."""
    ports = host.ports()
    # The first check comes when the folders are already watched: a save in between is not missed.
    beats = watch(
        *paths, watch_filter=_Deployed(), debounce=SETTLES, step=50, rust_timeout=SETTLES, yield_on_timeout=True
    )
    with suppress(KeyboardInterrupt):
        for number, changed in enumerate(beats):
            if changed and number:
                console.clear()
            if changed or not number:
                _show_again(ports, paths)


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


def _common_beside(path: Path, name: str) -> Mapping[str, bytes]:
    """The files of the common package that lies beside this one."""
    folder = (path if (path / name).is_dir() else path.parent) / COMMON
    return files_of(folder) if folder.is_dir() else {}


def check(ports: Ports, name: str, files: Mapping[str, bytes], common: Mapping[str, bytes]) -> Checked:
    """Everything that is found in a package's files, each with its file. Raises DiagramRefused for faults of common."""
    faults: list[Fault] = []
    diagrams: dict[str, Diagram] = {}
    for file, content in files.items():
        try:
            diagrams.update((file, one) for one in _read(ports, file, content))
        except DiagramRefused as refused:
            faults += _in(file, refused.faults)
    faults += [
        fault
        for file, one in diagrams.items()
        for process in one.processes
        for fault in _in(file, meaning_faults.faults(process))
    ]
    warnings = [fault for file, one in diagrams.items() for fault in _in(file, one.warnings)]
    if not faults and items.FILE_NAME in files:
        beside = surroundings(ports, files, common)
        for file, one in diagrams.items():
            faults += _in(file, fitting.faults(one, beside))
            warnings += _in(file, fitting.warnings(one, beside))
        faults += _in(items.FILE_NAME, fitting.item_faults(beside))
    return Checked(name, faults, warnings)


def _in(file: str, faults: Iterable[Fault]) -> Iterator[Fault]:
    """A package has several files: a line alone would not say of which."""
    return (replace(fault, resource=file) for fault in faults)


def _read(ports: Ports, name: str, content: bytes) -> Sequence[Diagram]:
    """The diagram of a file that is one. Raises DiagramRefused for any file with faults."""
    if name.endswith(deployments.DIAGRAM_SUFFIXES):
        return [read_diagram(content, functions=ports.function_names, delegates=frozenset(ports.delegates))]
    if name.endswith(deployments.DECISION_SUFFIXES):
        read_decisions(content)
    reader = ports.file_kinds.get(Path(name).suffix)
    if reader is not None:
        reader(name, content)
    return []


def surroundings(ports: Ports, own: Mapping[str, bytes], common: Mapping[str, bytes]) -> fitting.Surroundings:
    """What the diagrams of a package may name. Raises DiagramRefused for files with faults."""
    files = {**common, **own}
    shared, drawn = _processes(ports, common), _processes(ports, own)
    return fitting.Surroundings(
        item_document.read(items.FILE_NAME, files[items.FILE_NAME]),
        forms={
            str(form.id): form
            for form in (filled_forms.compiled(files[name]) for name in files if name.endswith(".form"))
        },
        processes=shared.keys() | drawn.keys(),
        shared=shared,
        own=drawn,
        decisions={
            key
            for name, content in files.items()
            if name.endswith(deployments.DECISION_SUFFIXES)
            for key in read_decisions(content).decisions
        },
    )


def _processes(ports: Ports, files: Mapping[str, bytes]) -> Mapping[str, Process]:
    diagrams = [one for name, content in files.items() for one in _read(ports, name, content)]
    return {process.key: process for one in diagrams for process in one.processes}
