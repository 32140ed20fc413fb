"""The walk by hand that each package's README prints: its commands run as they stand, in both languages the same."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import ROOT, Running, running

PACKAGES = sorted(page.parent.name for page in (ROOT / "processes").glob("*/README.md"))
LANGUAGES = ("README.md", "README.zh-CN.md")


def script(page: Path) -> str:
    return "\n".join(re.findall(r"^```sh\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE))


def commands(page: Path) -> list[str]:
    return [line for line in script(page).splitlines() if not line.lstrip().startswith("#")]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(f"sqlite:///{tmp_path_factory.mktemp('walk') / 'lianban.db'}") as server:
        assert server.run("setup-demo").returncode == 0
        server.start()
        yield server


@pytest.mark.parametrize("package", PACKAGES)
def test_both_languages_print_the_same_commands(package: str) -> None:
    english, chinese = (commands(ROOT / "processes" / package / language) for language in LANGUAGES)

    assert english == chinese


@pytest.mark.timeout(180)
@pytest.mark.parametrize("package", PACKAGES)
def test_the_walk_of_a_readme_ends_where_it_says(package: str, server: Running, tmp_path: Path) -> None:
    page = ROOT / "processes" / package / LANGUAGES[0]
    ends = re.findall(r"`([A-Z]+)`", page.read_text(encoding="utf-8").rpartition("```")[2])

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
