"""test: runs the scenario files of process packages on a virtual calendar."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from casework import migrations
from casework.scenarios import DatabaseFactory, Result, run_package
from cli.host import Host, pass_host
from cli.terminal import console, errors, refusals_shown, said, say
from engine.errors import Sentence
from engine.store.dialect import open_engine
from engine.transaction import Database


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@pass_host
def test(host: Host, paths: tuple[Path, ...]) -> None:
    """Run the scenario files of packages; a failure shows file, line, expected and found.

    运行流程包的场景文件；未通过时显示文件、行号、应为和实为。
    """
    with refusals_shown():
        results = [result for path in paths for result in run_package(path, _databases(host))]
    for result in results:
        _show(result)
    failed = sum(result.failure is not None for result in results)
    say(
        f"{len(results)} 个场景，{failed} 个未通过。",
        f"{len(results)} scenarios, {failed} of them failed.",
    )
    raise SystemExit(1 if failed or not results else 0)


def _databases(host: Host) -> DatabaseFactory:
    """Databases that last as long as one package, with the office's ports and the scenario's present."""

    @contextmanager
    def opened(present: Callable[[], datetime]) -> Iterator[Database]:
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{folder}/scenario.db"
            engine = open_engine(url)
            migrations.upgrade(engine)
            engine.dispose()
            database = Database(url, replace(host.ports(), now=present))
            try:
                yield database
            finally:
                database.close()

    return opened


def _show(result: Result) -> None:
    milliseconds = round(result.seconds * 1000)
    if result.failure is None:
        console.print(f"  ✓ {result.name} ({milliseconds} ms)", markup=False)
        return
    errors.print(f"  ✗ {result.name} ({milliseconds} ms)", style="red", markup=False)
    errors.print(f"    {result.file}:{result.failure.line}", markup=False)
    errors.print(said(Sentence("    应为：", "    expected: ")) + said(result.failure.expected), markup=False)
    errors.print(said(Sentence("    实为：", "    found: ")) + said(result.failure.found), markup=False)
