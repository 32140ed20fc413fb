"""deploy and lint: the files of a process package, read from disk."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from casework import deployment_warnings, filled_forms, item_document, items, meaning_faults
from casework import lint as fitting
from casework.scenarios.package import COMMON, files_of
from cli.database import ready
from cli.host import Host, operator, pass_host
from cli.terminal import progress, refusals_shown, said, say, show_faults, stop
from engine import deployments
from engine.diagram import read_diagram
from engine.diagram.model import Diagram, Process
from engine.errors import DiagramRefused, Fault, Sentence
from engine.ports import Ports
from engine.queries.definitions import EVERYWHERE
from engine.transaction import Database


def packages(paths: Sequence[Path]) -> Iterator[tuple[str, Mapping[str, bytes]]]:
    """Every package below the paths with its files; what others call (common) comes first. A path without any stops
    the command."""
    for path in paths:
        if path.is_file():
            yield path.stem, {path.name: path.read_bytes()}
            continue
        folders = [folder for folder in sorted(path.iterdir()) if folder.is_dir()] if not files_of(path) else [path]
        folders = sorted(folders, key=lambda folder: (folder.name != COMMON, folder.name))
        found = [(folder.name, files) for folder in folders if (files := files_of(folder))]
        if not found:
            raise stop(
                f"{path} 中没有可部署的文件（.bpmn、.form、item.toml）。",
                f"{path} holds nothing to deploy: no .bpmn, no .form, no item.toml.",
            )
        yield from found


def deploy_all(database: Database, paths: Sequence[Path]) -> None:
    """Deploys each package in a transaction of its own. Raises DiagramRefused."""
    found = list(packages(paths))
    with progress() as bar:
        task = bar.add_task(said(Sentence("部署", "deploying")), total=len(found))
        for name, files in found:
            with database.begin(operator()) as tx:
                published = deployments.deploy(tx, files, region=EVERYWHERE, name=name, source="lianban deploy")
                warnings = deployment_warnings.of(tx, published, files)
            new = len(files) - len(published.unchanged)
            bar.console.print(
                said(
                    Sentence(
                        f"{name}：{len(files)} 个文件，{new} 个有更新",
                        f"{name}: {len(files)} files, {new} of them changed",
                    )
                )
            )
            show_faults(warnings)
            bar.advance(task)


existing = click.Path(exists=True, path_type=Path)


@click.command()
@click.argument("paths", nargs=-1, required=True, type=existing)
@pass_host
def deploy(host: Host, paths: tuple[Path, ...]) -> None:
    """Deploy process packages: folders with .bpmn, .form and item.toml, or single files.

    部署流程包：含 .bpmn、.form 和 item.toml 的文件夹，或单个文件。
    """
    with refusals_shown():
        deploy_all(ready(host), paths)


@click.command()
@click.argument("paths", nargs=-1, required=True, type=existing)
@pass_host
def lint(host: Host, paths: tuple[Path, ...]) -> None:
    """Check packages as a deployment would, and how their diagrams meet the office; stores nothing.

    按部署的规则检查流程包，并检查图与办件的衔接；不保存任何内容。
    """
    ports = host.ports()
    wrong = 0
    for path in paths:
        for name, files in packages([path]):
            with refusals_shown():
                faults, warnings = _checked(ports, files, _common_beside(path, name))
            say(f"{name}：{len(faults)} 处问题", f"{name}: {len(faults)} faults")
            show_faults([*faults, *warnings])
            wrong += len(faults)
    raise SystemExit(1 if wrong else 0)


def _common_beside(path: Path, name: str) -> Mapping[str, bytes]:
    """The files of the common package that lies beside this one."""
    folder = (path if (path / name).is_dir() else path.parent) / COMMON
    return files_of(folder) if folder.is_dir() else {}


def _checked(
    ports: Ports, files: Mapping[str, bytes], common: Mapping[str, bytes]
) -> tuple[Sequence[Fault], Sequence[Fault]]:
    """The faults of a package's files, and what its designer should know although they run."""
    faults: list[Fault] = []
    diagrams: list[Diagram] = []
    for name, content in files.items():
        try:
            diagrams += _read(ports, name, content)
        except DiagramRefused as refused:
            faults += refused.faults
    faults += [fault for one in diagrams for process in one.processes for fault in meaning_faults.faults(process)]
    if not faults and items.FILE_NAME in files:
        beside = surroundings(ports, files, common)
        faults += [fault for one in diagrams for fault in fitting.faults(one, beside)]
        faults += fitting.item_faults(beside)
    return faults, [warning for one in diagrams for warning in one.warnings]


def _read(ports: Ports, name: str, content: bytes) -> Sequence[Diagram]:
    """The diagram of a file that is one. Raises DiagramRefused for any file with faults."""
    if name.endswith(deployments.DIAGRAM_SUFFIXES):
        return [read_diagram(content, functions=ports.function_names, delegates=frozenset(ports.delegates))]
    reader = ports.file_kinds.get(Path(name).suffix)
    if reader is not None:
        reader(name, content)
    return []


def surroundings(ports: Ports, own: Mapping[str, bytes], common: Mapping[str, bytes]) -> fitting.Surroundings:
    files = {**common, **own}
    shared = _processes(ports, common)
    return fitting.Surroundings(
        item_document.read(items.FILE_NAME, files[items.FILE_NAME]),
        forms={
            str(form.id): form
            for form in (filled_forms.compiled(files[name]) for name in files if name.endswith(".form"))
        },
        processes=shared.keys() | _processes(ports, own).keys(),
        shared=shared,
    )


def _processes(ports: Ports, files: Mapping[str, bytes]) -> Mapping[str, Process]:
    diagrams = [one for name, content in files.items() for one in _read(ports, name, content)]
    return {process.key: process for one in diagrams for process in one.processes}
