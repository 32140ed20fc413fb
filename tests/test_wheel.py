"""A wheel carries what the program reads beside its Python: templates of slips, pages, process packages."""

import shutil
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).parent.parent
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
FOLDERS = [name.rstrip("*") for name in SETTINGS["packages"]["find"]["include"]]
FOR_PEOPLE = {".md"}


def test_every_file_of_the_packages_is_packed() -> None:
    packed = ["*.py", *SETTINGS["package-data"]["*"]]
    files = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.*") if "__pycache__" not in path.parts]

    left = [path for path in files if not any(fnmatch(path.name, pattern) for pattern in packed)]

    assert {path.suffix for path in files} >= {".typ", ".bpmn", ".form", ".toml"}
    assert [str(path.relative_to(ROOT)) for path in left if path.suffix not in FOR_PEOPLE] == []


PACKED = ("feel/__init__.py", "feel/feelin.js", "setup.py", "pyproject.toml", "README.md", "LICENSE", "lianban.py")


def packed_in(folder: Path, *, without: str | None = None) -> subprocess.CompletedProcess[str]:
    """Builds a wheel of FEEL alone, as the whole is built, by what is installed here."""
    for name in PACKED:
        if name != without:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    build = "from setuptools.build_meta import build_wheel; build_wheel('.')"
    return subprocess.run([sys.executable, "-c", build], cwd=folder, capture_output=True, text=True, timeout=100)


def test_the_evaluator_of_feel_is_in_the_wheel_with_the_licences_of_what_it_holds(tmp_path: Path) -> None:
    built = packed_in(tmp_path)

    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with ZipFile(wheel) as archive:
        evaluator = archive.read("feel/feelin.js")
    assert evaluator == (ROOT / "feel" / "feelin.js").read_bytes()
    bundled = (ROOT / "docs" / "third-party.md").read_text().partition("| bundled |")[2].partition("\n\n")[0]
    rows = [row.strip("| ").split(" | ") for row in bundled.splitlines()[2:]]
    assert rows
    head = evaluator.decode().partition("*/")[0]
    assert [name for name, version, licence in rows if f"{name} {version} ({licence})" not in head] == []
    assert head.count("Permission is hereby granted") == len(rows)


def test_no_wheel_is_built_without_the_evaluator(tmp_path: Path) -> None:
    built = packed_in(tmp_path, without="feel/feelin.js")

    assert built.returncode != 0
    assert "make wheel" in built.stderr
