"""How a scenario says that something is not as told: where in the file, what was expected, what was found."""

from collections.abc import Iterable
from dataclasses import dataclass

from engine.errors import EngineError, Sentence

NOTHING = Sentence("无", "nothing")


@dataclass(frozen=True, slots=True)
class Failure:
    """The first line of a scenario file that did not hold. `line` counts from 1."""

    line: int
    expected: Sentence
    found: Sentence


class Mismatch(Exception):
    """What was found is not what was expected; `key` is the argument of the step that said so, `line` its place."""

    def __init__(self, expected: Sentence, found: Sentence, *, key: str | None = None, line: int | None = None) -> None:
        self.expected, self.found, self.key, self.line = expected, found, key, line
        super().__init__(f"expected {expected.en}, found {found.en}")


def plain(value: object) -> Sentence:
    """A value that reads the same in both languages."""
    if value is None:
        return NOTHING
    return Sentence(str(value), str(value))


def listed(names: Iterable[str]) -> Sentence:
    """Several names in a row."""
    told = list(names)
    return Sentence("、".join(told), ", ".join(told)) if told else NOTHING


def refusal(error: EngineError) -> Sentence:
    """A refusal with its code and every fault, each with the field or element it belongs to."""
    zh, en = [error.detail.zh], [error.detail.en]
    for fault in error.faults:
        place = f"{fault.element_id} " if fault.element_id else ""
        zh.append(f"{place}{fault.sentence.zh}")
        en.append(f"{place}{fault.sentence.en}")
    return Sentence(f"[{error.code}] {' '.join(zh)}", f"[{error.code}] {' '.join(en)}")
