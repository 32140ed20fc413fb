"""A wheel carries what the program reads beside its Python: templates of slips, pages, process packages."""

import tomllib
from fnmatch import fnmatch
from pathlib import Path

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
