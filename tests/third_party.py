"""What the product is built from, as the installed packages themselves say it: the table of docs/third-party.md.

python -m tests.third_party    writes the table again
"""

import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "third-party.md"
HEADER = "| package | version | licence |\n|---|---|---|\n"
CLASSIFIER = "License :: OSI Approved :: "


def table() -> str:
    """One row for every package that comes with the product, by name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    found = {name.lower(): package for name, package in needed(project["dependencies"])}
    rows = [(package.metadata["Name"], package.version, licence(package)) for _, package in sorted(found.items())]
    return HEADER + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def needed(requirements: list[str], extras: frozenset[str] = frozenset()) -> Iterator[tuple[str, Distribution]]:
    """The packages that these requirements bring to this machine."""
    for requirement in map(Requirement, requirements):
        marker = requirement.marker
        if marker and not any(marker.evaluate({"extra": extra}) for extra in extras | {""}):
            continue
        package = distribution(requirement.name)
        yield package.metadata["Name"], package
        yield from needed(package.requires or [], frozenset(requirement.extras))


def licence(package: Distribution) -> str:
    """In the package's own words: the SPDX expression, else the classifier, else the field."""
    said: dict[str, Any] = package.metadata.json
    classified = [line.removeprefix(CLASSIFIER) for line in said.get("classifier", []) if line.startswith(CLASSIFIER)]
    return str(said.get("license_expression") or " · ".join(classified) or said.get("license") or "–")


def written() -> str:
    """The page, with the table as it is now."""
    before, _, _ = PAGE.read_text().partition(HEADER)
    return before + table()


if __name__ == "__main__":
    PAGE.write_text(written())
