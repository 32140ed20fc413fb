"""Reads the bytes of a .form file into JSON. Knows nothing of components."""

import json
import re
from collections.abc import Iterator

from forms.errors import FormFault, FormRefused
from forms.sentences import form_sentence

LARGEST_KB = 256
DEEPEST = 32
LATEST_SCHEMA_VERSION = 19

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL stores no NUL, UTF-8 no half of a surrogate pair

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
        reason = str(error)[:200].encode(errors="backslashreplace").decode()
        line, column = (error.lineno, error.colno) if isinstance(error, json.JSONDecodeError) else (None, None)
        said = form_sentence("not-json", reason=reason)
        raise FormRefused([FormFault(said, line=line, column=column)]) from None
    if not isinstance(document, dict) or document.get("type") != "default":
        raise _refused("not-a-form")
    if not isinstance(document.get("components"), list):
        raise _refused("not-a-form")
    if _is_deeper_than(document, DEEPEST):
        raise _refused("too-deep", most=DEEPEST)
    if any(_UNSTORABLE.search(text) for text in _texts(document)):
        raise _refused("unstorable")
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


def _texts(value: object) -> Iterator[str]:
    """Every text of the document, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for child in value:
            yield from _texts(child)
        if isinstance(value, dict):
            yield from _texts([*value.values()])


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
