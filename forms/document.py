"""Reads the bytes of a .form file into JSON. Knows nothing of components."""

import json
from collections.abc import Iterator

from forms.errors import FormFault, FormRefused
from forms.sentences import form_sentence

LARGEST_KB = 256
DEEPEST = 32
LATEST_SCHEMA_VERSION = 19

JsonObject = dict[str, object]


def read_document(source: bytes) -> JsonObject:
    """The parsed form file. Raises FormRefused when it is no form at all, so that nothing in it can be inspected."""
    if len(source) > LARGEST_KB * 1024:
        raise _refused("too-large", most=LARGEST_KB)
    try:
        document = json.loads(
            source.decode("utf-8-sig"), object_pairs_hook=_without_duplicates, parse_constant=_no_constant
        )
    except RecursionError:
        raise _refused("too-deep", most=DEEPEST) from None
    except ValueError as error:
        raise _refused("not-json", reason=str(error)[:200]) from None
    if not isinstance(document, dict) or document.get("type") != "default":
        raise _refused("not-a-form")
    if not isinstance(document.get("components"), list):
        raise _refused("not-a-form")
    if _is_deeper_than(document, DEEPEST):
        raise _refused("too-deep", most=DEEPEST)
    return document


def head_faults(document: JsonObject) -> Iterator[FormFault]:
    """What is wrong with the form as a whole: its id, its schemaVersion."""
    if not isinstance(document.get("id"), str | None):
        yield FormFault(form_sentence("form-id"))
    version = document.get("schemaVersion", 1)
    if not isinstance(version, int) or isinstance(version, bool) or not 1 <= version <= LATEST_SCHEMA_VERSION:
        yield FormFault(form_sentence("schema-version", version=str(version)[:20], most=LATEST_SCHEMA_VERSION))


def _refused(code: str, **values: object) -> FormRefused:
    return FormRefused([FormFault(form_sentence(code, **values))])


def _without_duplicates(pairs: list[tuple[str, object]]) -> JsonObject:
    found: JsonObject = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"“{name}” × 2")
        found[name] = value
    return found


def _no_constant(name: str) -> object:
    raise ValueError(name)


def _is_deeper_than(value: object, most: int) -> bool:
    level = [value]
    for _ in range(most):
        level = [
            child
            for parent in level
            if isinstance(parent, dict | list)
            for child in (parent.values() if isinstance(parent, dict) else parent)
        ]
    return any(isinstance(value, dict | list) for value in level)
