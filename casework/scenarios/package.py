"""A process package on disk: what of its folder is deployed, the common package beside it, its scenario files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from casework import item_document, items
from casework.item_document import ItemDocument

COMMON = "common"
DEPLOYED = frozenset({".bpmn", ".dmn", ".form", ".toml"})
SCENARIOS = "scenarios"


@dataclass(frozen=True)
class Package:
    """One folder below processes/."""

    folder: Path

    @cached_property
    def item(self) -> ItemDocument | None:
        """The item that the package publishes. Raises DiagramRefused for an item.toml with faults."""
        file = self.folder / items.FILE_NAME
        return item_document.read(file.name, file.read_bytes()) if file.exists() else None

    @property
    def item_of_every_day(self) -> ItemDocument | None:
        """The item as scenarios play it: a change is tried before the day from which it counts."""
        return self.item and ItemDocument({**self.item.published, "in_force_on": None})

    @property
    def deployments(self) -> Sequence[tuple[str, Mapping[str, bytes]]]:
        """What to deploy: the common package that others call, then this one."""
        folders = (self.folder.parent / COMMON, self.folder)
        return [(folder.name, files_of(folder)) for folder in dict.fromkeys(folders) if folder.is_dir()]

    @property
    def scenario_files(self) -> Sequence[Path]:
        """Its scenarios by name; files in folders below, such as applications, are what scenarios refer to."""
        return sorted((self.folder / SCENARIOS).glob("*.yaml"))


def files_of(folder: Path) -> Mapping[str, bytes]:
    """The files of a folder that a deployment holds."""
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir()) if file.suffix in DEPLOYED}
