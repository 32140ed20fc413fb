"""What a form refuses, and how it says so in Chinese and in English. Knows nothing of the engine or of HTTP."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Bilingual(NamedTuple):
    """One sentence for a person, in the two languages the product speaks."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class FormFault:
    """One thing in a form definition that cannot run, and the component (id, key path) where the designer finds it; the
    line and column of a text that is no JSON."""

    text: Bilingual
    component_id: str | None = None
    key: str | None = None
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One submitted value that is not acceptable. `path` reads like `shareholders[1].id_number`, rows from 0."""

    path: str
    text: Bilingual
    code: str


MOST_FAULTS = 1_000  # beyond it a list serves nobody but an attacker


class FormRefused(Exception):
    """The form definition has faults; none of it can be used."""

    def __init__(self, faults: Sequence[FormFault]) -> None:
        self.faults = tuple(faults[:MOST_FAULTS])
        super().__init__("; ".join(fault.text.en for fault in self.faults))


class FormRejected(Exception):
    """What was submitted does not fit the form; nothing of it may be stored."""

    def __init__(self, faults: Sequence[FieldFault]) -> None:
        self.faults = tuple(faults[:MOST_FAULTS])
        super().__init__("; ".join(f"{fault.path}: {fault.text.en}" for fault in self.faults))
