"""Runs the scenario files of a package, one after another; what does not hold is told with file and line."""

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from casework.scenarios.acts import ACTS
from casework.scenarios.expectations import LOOKS
from casework.scenarios.mismatch import Failure, Mismatch, plain, refusal
from casework.scenarios.package import Package
from casework.scenarios.reading import Scenario, Step, read_scenario
from casework.scenarios.stage import Present, Stage, furnish
from engine.errors import EngineError, Sentence
from engine.transaction import Database

DatabaseFactory = Callable[[Callable[[], datetime]], AbstractContextManager[Database]]
"""Opens a migrated, empty database with the office's ports, whose present is the given one."""

VERBS = {**ACTS, **LOOKS}


@dataclass(frozen=True, slots=True)
class Result:
    """How one scenario file went; `failure` is None when all of it held."""

    file: Path
    name: str
    seconds: float
    failure: Failure | None = None


def run_package(folder: Path, database_factory: DatabaseFactory) -> list[Result]:
    """Every scenario of a package, each with a case of its own in one database.

    Raises DiagramRefused when the package itself has faults.
    """
    package = Package(folder.resolve())
    present = Present()
    with database_factory(present) as database:
        furnish(database, package)
        return [_run_file(package, file, database, present) for file in package.scenario_files]


def _run_file(package: Package, file: Path, database: Database, present: Present) -> Result:
    began = time.perf_counter()
    name, failure = file.stem, None
    try:
        scenario = read_scenario(file)
        name = scenario.name
        failure = _run(scenario, _stage(package, scenario, file, database, present))
    except Mismatch as wrong:
        failure = Failure(wrong.line or 1, wrong.expected, wrong.found)
    return Result(file, name, time.perf_counter() - began, failure)


def _stage(package: Package, scenario: Scenario, file: Path, database: Database, present: Present) -> Stage:
    item = scenario.item or (str(package.item.published["code"]) if package.item else "")
    present.now = Present().now
    return Stage(database, present, item, file.parent)


def _run(scenario: Scenario, stage: Stage) -> Failure | None:
    try:
        for step in scenario.steps:
            failure = _tell(step, stage)
            if failure is not None:
                return failure
        return None
    finally:
        stage.close()


def _tell(step: Step, stage: Stage) -> Failure | None:
    """One step; what it said that does not hold."""
    try:
        VERBS[step.verb](stage, step.argument)
    except EngineError as error:
        return _of_refusal(step, error)
    except Mismatch as wrong:
        return Failure(wrong.line or step.line_of(wrong.key), wrong.expected, wrong.found)
    if step.refused is not None:
        wanted = step.refused["code"]
        return Failure(
            step.line,
            Sentence(f"被拒绝：{wanted}", f"a refusal: {wanted}"),
            Sentence("已办理", "it was done"),
        )
    return None


def _of_refusal(step: Step, error: EngineError) -> Failure | None:
    found = refusal(error)
    if step.refused is None:
        return Failure(step.line, Sentence("可以办理", "it can be done"), found)
    if not _is_meant(step.refused, error, found):
        return Failure(step.line, plain(" ".join(step.refused.values())), found)
    return None


def _is_meant(refused: Mapping[str, str], error: EngineError, found: Sentence) -> bool:
    mentioned = refused.get("mentions", "")
    return error.code == refused["code"] and (mentioned in found.zh or mentioned in found.en)
