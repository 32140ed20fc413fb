"""The walk by hand that a README prints: its commands run as they stand, in both languages the same."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import ROOT, Running, running

PLACES = [".", *sorted(f"processes/{page.parent.name}" for page in (ROOT / "processes").glob("*/README.md"))]
LANGUAGES = ("README.md", "README.zh-CN.md")
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)


def script(page: Path) -> str:
    """What is printed from the line on that names the server."""
    printed = "\n".join(BLOCK.findall(page.read_text(encoding="utf-8")))
    return printed[printed.index("api=") :]


def ends_named(page: Path) -> list[str]:
    """The states that the words after the last command name."""
    after = page.read_text(encoding="utf-8").rpartition("\n```")[2]
    return re.findall(r"`([A-Z]+)`", after.partition("\n## ")[0])


def commands(page: Path) -> list[str]:
    return [line for line in script(page).splitlines() if not line.lstrip().startswith("#")]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(f"sqlite:///{tmp_path_factory.mktemp('walk') / 'lianban.db'}") as server:
        assert server.run("setup-demo").returncode == 0
        server.start()
        yield server


@pytest.mark.parametrize("place", PLACES)
def test_both_languages_print_the_same_commands(place: str) -> None:
    english, chinese = (commands(ROOT / place / language) for language in LANGUAGES)

    assert english == chinese


@pytest.mark.timeout(180)
@pytest.mark.parametrize("place", PLACES)
def test_the_walk_of_a_readme_ends_where_it_says(place: str, server: Running, tmp_path: Path) -> None:
    page = ROOT / place / LANGUAGES[0]
    ends = ends_named(page)

    walked = subprocess.run(
        ["bash", "-c", script(page)],
        env={**server.environment, "API": f"{server.address}/api", "no_proxy": "127.0.0.1"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )

    lines = iter(walked.stdout.splitlines())
    assert ends
    assert [end for end in ends if end in lines] == ends, walked.stdout + walked.stderr
