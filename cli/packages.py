"""deploy and lint: the files of a process package, read from disk."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from casework import meaning
from casework.scenarios.package import COMMON, files_of
from cli.database import ready
from cli.host import Host, operator, pass_host
from cli.terminal import progress, refusals_shown, said, say, show_faults
from engine import deployments
from engine.diagram import read_diagram
from engine.errors import DiagramRefused, Fault, Sentence
from engine.ports import Ports
from engine.queries.definitions import EVERYWHERE
from engine.transaction import Database


def packages(paths: Sequence[Path]) -> Iterator[tuple[str, Mapping[str, bytes]]]:
    """Every package below the paths with its files; what others call (common) comes first."""
    for path in paths:
        if path.is_file():
            yield path.stem, {path.name: path.read_bytes()}
            continue
        folders = [folder for folder in sorted(path.iterdir()) if folder.is_dir()] if not files_of(path) else [path]
        for folder in sorted(folders, key=lambda folder: (folder.name != COMMON, folder.name)):
            found = files_of(folder)
            if found:
                yield folder.name, found


def deploy_all(database: Database, paths: Sequence[Path]) -> None:
    """Deploys each package in a transaction of its own. Raises DiagramRefused."""
    found = list(packages(paths))
    with progress() as bar:
        task = bar.add_task(said(Sentence("部署", "deploying")), total=len(found))
        for name, files in found:
            with database.begin(operator()) as tx:
                published = deployments.deploy(tx, files, region=EVERYWHERE, name=name, source="lianban deploy")
            new = len(files) - len(published.unchanged)
            bar.console.print(
                said(
                    Sentence(
                        f"{name}：{len(files)} 个文件，{new} 个有更新",
                        f"{name}: {len(files)} files, {new} of them changed",
                    )
                )
            )
            show_faults(published.warnings)
            bar.advance(task)


existing = click.Path(exists=True, path_type=Path)


@click.command()
@click.argument("paths", nargs=-1, required=True, type=existing)
@pass_host
def deploy(host: Host, paths: tuple[Path, ...]) -> None:
    """Deploy process packages: folders with .bpmn, .form and item.toml, or single files."""
    with refusals_shown():
        deploy_all(ready(host), paths)


@click.command()
@click.argument("paths", nargs=-1, required=True, type=existing)
@pass_host
def lint(host: Host, paths: tuple[Path, ...]) -> None:
    """Check packages as a deployment would, and how their diagrams meet the office; stores nothing."""
    ports = host.ports()
    wrong = 0
    for name, files in packages(paths):
        faults: list[Fault] = []
        for file, content in files.items():
            faults += _faults(ports, file, content)
        say(f"{name}：{len(faults)} 处问题", f"{name}: {len(faults)} faults")
        show_faults(faults)
        wrong += len(faults)
    raise SystemExit(1 if wrong else 0)


def _faults(ports: Ports, name: str, content: bytes) -> list[Fault]:
    reader = ports.file_kinds.get(Path(name).suffix)
    try:
        if name.endswith(deployments.DIAGRAM_SUFFIXES):
            diagram = read_diagram(content, functions=ports.function_names, delegates=frozenset(ports.delegates))
            return [fault for process in diagram.processes for fault in meaning.faults(process)]
        if reader is not None:
            reader(name, content)
    except DiagramRefused as refused:
        return list(refused.faults)
    return []
