"""Where a component says FEEL instead of a fixed value, and whether what it says is FEEL.

As form-js: a text that begins with “=”. Templates ({{…}}) are for the viewer alone, which shows them.
"""

from collections.abc import Iterator

import feel
from forms.document import JsonObject
from forms.errors import Bilingual
from forms.sentences import form_sentence

SIGN = "="
ALWAYS = frozenset({"hide", "expression", "valuesExpression", "columnsExpression"})
LIMITS = frozenset({"min", "max", "minLength", "maxLength"})
REQUIRED_IF = "required_if"

LITERAL = frozenset({"type", "id", "key", "path", "defaultValue", "values", "valuesKey", "properties", "components"})
LITERAL_VALIDATIONS = frozenset({"pattern", "patternErrorMessage"})
NEVER = frozenset(
    {
        "disabled",
        "multiple",
        "required",
        "validationType",
        "decimalDigits",
        "increment",
        "subtype",
        "timeInterval",
        "timeSerializingFormat",
        "serializeToString",
        "disallowPassedDates",
        "isRepeating",
        "allowAddRemove",
        "defaultRepetitions",
        "computeOn",
    }
)
"""What form-js reads as it stands: an expression there would be taken for a text, or for true."""


def is_expression(value: object) -> bool:
    """Whether form-js would evaluate a value."""
    return isinstance(value, str) and value.lstrip().startswith(SIGN)


def body(value: object) -> str | None:
    """The FEEL of an expression, None for a fixed value."""
    return str(value).lstrip()[len(SIGN) :].strip() if is_expression(value) else None


def places(component: JsonObject) -> dict[str, str]:
    """Every expression of a component by its place, the rule of when it is required (`required_if`) among them."""
    found = {place: value for place, value in _texts("", component) if _is_meant(place, value)}
    properties = component.get("properties")
    said = properties.get(REQUIRED_IF) if isinstance(properties, dict) else None
    return found | ({f"properties.{REQUIRED_IF}": str(said)} if said not in (None, "") else {})


def faults(found: dict[str, str]) -> Iterator[Bilingual]:
    """What is wrong with the expressions of a component."""
    for place in found:
        if place.rpartition(".")[2] in NEVER:
            yield form_sentence("feel-not-here", where=place)
    evaluated = {place: value for place, value in found.items() if place.rpartition(".")[2] not in NEVER}
    for place, value in evaluated.items():
        if not is_expression(value):
            yield form_sentence("feel-wanted", where=place)
    written = {place: body(value) or "" for place, value in evaluated.items() if is_expression(value)}
    for place, fault in zip(written, feel.expression_faults([*written.values()]), strict=True):
        if fault is not None:
            yield form_sentence("feel-syntax", where=place, reason_zh=fault.sentence.zh, reason_en=fault.sentence.en)


def _is_meant(place: str, value: str) -> bool:
    return is_expression(value) or (place.rpartition(".")[2] in ALWAYS and value != "")


def _texts(place: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in (LITERAL_VALIDATIONS if place == "validate" else LITERAL):
                yield from _texts(f"{place}.{name}" if place else name, inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(f"{place}[{number}]", inner)
    elif isinstance(value, str):
        yield place, value
