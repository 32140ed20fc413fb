"""deploy: the files of process packages, read from disk."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from casework import deployment_warnings
from casework.scenarios.package import COMMON, files_of
from cli.database import ready
from cli.host import Host, operator, pass_host
from cli.terminal import progress, refusals_shown, said, show_faults, stop
from engine import deployments
from engine.errors import Sentence
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
                f"{path} 中没有可部署的文件（.bpmn、.form、.dmn、item.toml）。",
                f"{path} holds nothing to deploy: no .bpmn, no .form, no .dmn, no item.toml.",
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
    """Deploy process packages: folders with .bpmn, .form, .dmn and item.toml, or single files.

    部署流程包：含 .bpmn、.form、.dmn 和 item.toml 的文件夹，或单个文件。
    """
    with refusals_shown():
        deploy_all(ready(host), paths)
