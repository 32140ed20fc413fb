"""Everything that is found in the files of a package before it is deployed: faults of each file, how its diagrams fit
its item and the files beside it. Stores nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from casework import filled_forms, item_document, items, lint, lint_decisions, lint_references, meaning_faults
from casework.lint import Surroundings
from casework.lint_references import There
from casework.scenarios.package import COMMON
from engine import deployments
from engine.diagram import read_diagram
from engine.diagram.model import Diagram, Process
from engine.diagram.references import Kind
from engine.dmn import Requirements, read_decisions
from engine.errors import DiagramRefused, Fault
from engine.ports import Ports

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Package:
    """Files to check by name, those of common beside them, and others of their folder that they may refer to."""

    name: str
    files: Files
    common: Files = field(default_factory=dict)
    others: Files = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong with a package's files, and what its designer should know although they run."""

    faults: Sequence[Fault] = ()
    warnings: Sequence[Fault] = ()

    def __add__(self, other: "Checked") -> "Checked":
        return Checked([*self.faults, *other.faults], [*self.warnings, *other.warnings])


def check(ports: Ports, package: Package, shipped: str) -> Checked:
    """Every fault and warning, each with its file. `shipped` is where the product's own common lies. Raises
    DiagramRefused for faults of common."""
    found, diagrams = _read_all(ports, package.files)
    if found.faults:
        return found
    there = _there(ports, package)
    absent = [] if package.common or package.name == COMMON else lint_references.of_common(diagrams.values(), there)
    if absent:
        found += Checked([lint_references.no_common(absent, shipped)])
    if items.FILE_NAME not in package.files:
        return found + _tried(diagrams, there.beside(absent))
    beside = replace(surroundings(ports, package.files, package.common), absent=absent)
    return found + _fitting(diagrams, package.files, beside)


def _read_all(ports: Ports, files: Files) -> tuple[Checked, Mapping[str, Diagram]]:
    """What is wrong with each file by itself, and the diagrams that can be read."""
    faults: list[Fault] = []
    diagrams: dict[str, Diagram] = {}
    for file, content in files.items():
        try:
            diagrams.update((file, one) for one in _read(ports, file, content))
        except DiagramRefused as refused:
            faults += _in(file, refused.faults)
    for file, one in diagrams.items():
        for process in one.processes:
            faults += _in(file, meaning_faults.faults(process))
    warnings = [fault for file, one in diagrams.items() for fault in _in(file, one.warnings)]
    return Checked(faults, warnings), diagrams


def _tried(diagrams: Mapping[str, Diagram], there: There) -> Checked:
    """What files without an item refer to and have not."""
    found = Checked()
    for file, one in diagrams.items():
        faults, warnings = lint_references.of_tried(one, there)
        found += Checked([*_in(file, faults)], [*_in(file, warnings)])
    return found


def _fitting(diagrams: Mapping[str, Diagram], files: Files, beside: Surroundings) -> Checked:
    """How diagrams and decisions fit the item."""
    found = Checked([*_in(items.FILE_NAME, lint.item_faults(beside))])
    for file, one in diagrams.items():
        found += Checked([*_in(file, lint.faults(one, beside))], [*_in(file, lint.warnings(one, beside))])
    form = beside.forms.get(beside.item.form)
    for file, requirements in _decisions(files):
        found += Checked([*_in(file, lint_decisions.faults(requirements, beside.item, form))])
    return found


def surroundings(ports: Ports, own: Files, common: Files) -> Surroundings:
    """What the diagrams of a package may name. Raises DiagramRefused for files with faults."""
    there = _there(ports, Package("", own, common))
    files = {**common, **own}
    shared, drawn = _processes(ports, common), _processes(ports, own)
    return Surroundings(
        item_document.read(items.FILE_NAME, files[items.FILE_NAME]),
        forms={
            str(form.id): form
            for form in (filled_forms.compiled(files[name]) for name in files if name.endswith(deployments.FORM_SUFFIX))
        },
        processes=there.keys[Kind.PROCESS],
        shared=shared,
        own=drawn,
        decisions=there.keys[Kind.DECISION],
        files=there.keys[Kind.FILE],
        apart=there.apart,
    )


def _there(ports: Ports, package: Package) -> There:
    own, shared = _keys(ports, package.files), _of_common(ports, package.common)
    for name, content in package.others.items():
        try:
            own = {kind: own[kind] | keys for kind, keys in _keys(ports, {name: content}).items()}
        except DiagramRefused:
            continue  # it is not what is checked
    return There(
        {kind: own[kind] | (shared[kind] if kind is not Kind.FILE else set()) for kind in Kind},
        {kind: shared[kind] - own[kind] for kind in Kind},
    )


def _of_common(ports: Ports, common: Files) -> Mapping[Kind, set[str]]:
    """The keys that common has. Raises DiagramRefused, naming its folder."""
    found: dict[Kind, set[str]] = {kind: set() for kind in Kind}
    for name, content in common.items():
        try:
            found = {kind: found[kind] | keys for kind, keys in _keys(ports, {name: content}).items()}
        except DiagramRefused as refused:
            raise DiagramRefused(faults=[*_in(f"{COMMON}/{name}", refused.faults)]) from refused
    return found


def _keys(ports: Ports, files: Files) -> dict[Kind, set[str]]:
    """What files have by the names that diagrams use."""
    reader = ports.file_kinds.get(deployments.FORM_SUFFIX)
    forms = {reader(name, one) for name, one in files.items() if reader and name.endswith(deployments.FORM_SUFFIX)}
    return {
        Kind.FORM: {key for key in forms if key is not None},
        Kind.FILE: set(files),
        Kind.DECISION: {key for _, file in _decisions(files) for key in file.decisions},
        Kind.PROCESS: set(_processes(ports, files)),
    }


def _read(ports: Ports, name: str, content: bytes) -> Sequence[Diagram]:
    """The diagram of a file that is one. Raises DiagramRefused for any file with faults."""
    if name.endswith(deployments.DIAGRAM_SUFFIXES):
        return [read_diagram(content, functions=ports.function_names, delegates=frozenset(ports.delegates))]
    if name.endswith(deployments.DECISION_SUFFIXES):
        read_decisions(content)
    reader = ports.file_kinds.get(PurePath(name).suffix)
    if reader is not None:
        reader(name, content)
    return []


def _decisions(files: Files) -> Iterator[tuple[str, Requirements]]:
    for name, content in files.items():
        if name.endswith(deployments.DECISION_SUFFIXES):
            yield name, read_decisions(content)


def _processes(ports: Ports, files: Files) -> Mapping[str, Process]:
    drawn = {name: content for name, content in files.items() if name.endswith(deployments.DIAGRAM_SUFFIXES)}
    diagrams = [one for name, content in drawn.items() for one in _read(ports, name, content)]
    return {process.key: process for one in diagrams for process in one.processes}


def _in(file: str, faults: Iterable[Fault]) -> Iterator[Fault]:
    """A package has several files: a line alone would not say of which."""
    return (replace(fault, resource=file) for fault in faults)
