"""Setting up on a machine that lacks something stops at once and names the one command that helps."""

import subprocess
from pathlib import Path

import pytest

VENV = Path(__file__).parent.parent / "venv.sh"

TOO_OLD = 'case "$2" in *version_info*) exit 1 ;; esac'
WITHOUT_VENV = 'case "$2" in *ensurepip*) exit 1 ;; esac'
COMPLETE = ""
NOT_INSTALLED = "exit 127"


def set_up(folder: Path, commands: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Runs it on a machine with these commands and no others; each notes its name and arguments."""
    machine = folder / "bin"
    machine.mkdir()
    for name, script in commands.items():
        program = machine / name
        program.write_text(f'#!/bin/sh\n{script}\necho "$0 $*"\n')
        program.chmod(0o755)
    return subprocess.run(
        ["/bin/sh", str(VENV)], cwd=folder, env={"PATH": str(machine)}, capture_output=True, text=True, timeout=5
    )


@pytest.mark.parametrize(
    ("commands", "help"),
    [
        ({"apt-get": ""}, "sudo apt-get install python3-venv"),
        ({"apt-get": "", "python3": TOO_OLD}, "sudo apt-get install python3.11-venv"),
        ({"apt-get": "", "python3": WITHOUT_VENV}, "sudo apt-get install python3-venv"),
        ({"apt-get": "", "python3": TOO_OLD, "python3.11": WITHOUT_VENV}, "sudo apt-get install python3.11-venv"),
        ({"dnf": "", "python3": TOO_OLD}, "sudo dnf install python3.12"),
        ({"python3": TOO_OLD}, "brew install python@3.13"),
        ({}, "brew install python@3.13"),
    ],
)
def test_a_machine_that_lacks_something_is_told_one_command(
    tmp_path: Path, commands: dict[str, str], help: str
) -> None:
    refused = set_up(tmp_path, commands)

    assert refused.returncode != 0
    assert "-m venv" not in refused.stdout
    chinese, english = refused.stderr.splitlines()
    assert chinese.endswith(f"请先运行：{help}")
    assert english.endswith(f"run this first: {help}")


@pytest.mark.parametrize(
    ("commands", "chosen"),
    [
        ({"python3": COMPLETE, "python3.11": COMPLETE}, "python3"),
        ({"python3": TOO_OLD, "python3.11": COMPLETE}, "python3.11"),
        ({"python3": WITHOUT_VENV, "python3.11": COMPLETE}, "python3.11"),
        ({"python3": NOT_INSTALLED, "python3.11": COMPLETE}, "python3.11"),
    ],
)
def test_the_first_python_that_will_do_makes_the_environment(
    tmp_path: Path, commands: dict[str, str], chosen: str
) -> None:
    made = set_up(tmp_path, commands)

    assert made.returncode == 0
    assert made.stdout.splitlines()[-1].endswith(f"/{chosen} -m venv .venv")
