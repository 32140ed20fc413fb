"""`lianban lint --watch` checks at every save, in the words of `lint`, until Ctrl-C."""

import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import lianban
from tests.diagrams import properties, straight, user_task

RIGHT = straight(user_task("review", candidateGroups="fire"))
WRONG = straight(user_task("review", properties(act="revew"), candidateGroups="fire"))
PATIENCE = 30.0


class Watching:
    """A running `lint --watch`, and what it says line by line."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line.strip())

    def says(self) -> list[str]:
        """The lines up to the next one that says it waits."""
        told = []
        while "waits for the next save" not in (line := self.lines.get(timeout=PATIENCE)):
            told.append(line)
        return told


@contextmanager
def watching(folder: Path) -> Iterator[Watching]:
    process = subprocess.Popen(
        [sys.executable, lianban.__file__, "lint", "--watch", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "LC_ALL": "en_GB.UTF-8", "PYTHONUNBUFFERED": "1"},
    )
    try:
        yield Watching(process)
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    drawn = tmp_path / "approval"
    drawn.mkdir()
    (drawn / "approval.bpmn").write_bytes(RIGHT)
    return drawn


def test_every_save_is_checked_until_ctrl_c(folder: Path) -> None:
    with watching(folder) as watched:
        assert watched.says() == ["approval: 0 faults"]
        (folder / "approval.bpmn").write_bytes(WRONG)
        first, second = watched.says()
        assert first == "approval: 1 faults"
        assert second.startswith("approval.bpmn:")
        assert "[review] Property act “revew” is none of:" in second
        (folder / "approval.bpmn").write_bytes(RIGHT)
        assert watched.says() == ["approval: 0 faults"]
        watched.process.send_signal(signal.SIGINT)
        assert watched.process.wait(PATIENCE) == 0


def test_a_torn_file_and_a_folder_that_is_emptied_are_told_and_watched_on(folder: Path) -> None:
    with watching(folder) as watched:
        watched.says()
        (folder / "item.toml").write_text("code = ")
        assert watched.says()[0] == "approval: 1 faults"
        shutil.copy(folder / "approval.bpmn", folder.parent / "kept.bpmn")
        for file in folder.iterdir():
            file.unlink()
        assert "holds nothing to deploy" in " ".join(watched.says())
        shutil.copy(folder.parent / "kept.bpmn", folder / "approval.bpmn")
        assert watched.says() == ["approval: 0 faults"]


def test_of_one_package_its_forms_and_decisions_and_common_are_watched_too(folder: Path) -> None:
    shows = user_task("review", candidateGroups="fire", formRef="common-paper", formRefBinding="latest")
    (folder / "approval.bpmn").write_bytes(straight(shows))
    common = folder.parent / "common"
    common.mkdir()
    (common / "common-other.form").write_text('{"id": "common-other", "type": "default", "components": []}')
    with watching(folder) as watched:
        assert watched.says()[0] == "approval: 0 faults, 1 warnings"
        (common / "common-paper.form").write_text('{"id": "common-paper", "ty')
        assert "common/common-paper.form" in " ".join(watched.says())
        (common / "common-paper.form").write_text('{"id": "common-paper", "type": "default", "components": []}')
        assert watched.says() == ["approval: 0 faults"]
        (folder / "risk.dmn").write_text("<definitions")
        assert watched.says()[0] == "approval: 1 faults"
