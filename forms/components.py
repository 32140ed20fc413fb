"""The closed table of Camunda Forms components: what each type may say, and what the server does with it.

Source: form-js JSON schema, schemaVersion 19. A property that is not listed for an input has no effect there and is
refused; what only arranges or shows (layout, appearance, text …) is decoration.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import NamedTuple

from forms.errors import Bilingual


class Role(Enum):
    """What a component does with values: binds one to a key, nests others, repeats them, computes one, shows."""

    INPUT = "input"
    GROUP = "group"
    LIST = "list"
    EXPRESSION = "expression"
    PRESENTATION = "presentation"


@dataclass(frozen=True, slots=True)
class Component:
    """One component type: its role, its own properties, the entries of `validate` it runs, and the properties it
    must state, because form-js reads their absence as the opposite of what the Modeler offers."""

    role: Role
    own: frozenset[str] = frozenset()
    validations: frozenset[str] = frozenset()
    demanded: frozenset[str] = frozenset()


class Shape(NamedTuple):
    """What the value of a property must be."""

    expected: Bilingual
    fits: Callable[[object], bool]


COMMON = frozenset({"type", "id", "label", "description", "layout", "conditional", "properties", "appearance"})
BOUND = frozenset({"key", "defaultValue", "disabled", "readonly", "validate"})
CONTAINER = frozenset({"components", "path", "showOutline", "verticalAlignment"})

_CHOICE = frozenset({"values", "valuesKey", "valuesExpression"})
_REQUIRED = frozenset({"required"})
_TEXT = _REQUIRED | {"minLength", "maxLength", "pattern", "patternErrorMessage", "validationType"}
_NUMBER = _REQUIRED | {"min", "max"}
_REPEATED = frozenset({"isRepeating", "allowAddRemove", "defaultRepetitions", "disableCollapse", "nonCollapsedItems"})
_DATETIME = frozenset(
    {"subtype", "dateLabel", "timeLabel", "use24h", "timeInterval", "timeSerializingFormat", "disallowPassedDates"}
)
_SHOWN = Component(Role.PRESENTATION)

COMPONENTS: dict[str, Component] = {
    "textfield": Component(Role.INPUT, validations=_TEXT),
    "textarea": Component(Role.INPUT, validations=_TEXT),
    "number": Component(Role.INPUT, frozenset({"decimalDigits", "increment", "serializeToString"}), _NUMBER),
    "checkbox": Component(Role.INPUT, validations=_REQUIRED),
    "radio": Component(Role.INPUT, _CHOICE, _REQUIRED),
    "select": Component(Role.INPUT, _CHOICE | {"searchable"}, _REQUIRED),
    "checklist": Component(Role.INPUT, _CHOICE, _REQUIRED),
    "taglist": Component(Role.INPUT, _CHOICE, _REQUIRED),
    "datetime": Component(Role.INPUT, _DATETIME, _REQUIRED),
    "filepicker": Component(Role.INPUT, frozenset({"accept", "multiple"}), _REQUIRED),
    "expression": Component(
        Role.EXPRESSION, frozenset({"key", "expression", "computeOn"}), demanded=frozenset({"expression"})
    ),
    "group": Component(Role.GROUP),
    "dynamiclist": Component(Role.LIST, _REPEATED, demanded=frozenset({"isRepeating", "allowAddRemove"})),
    "text": _SHOWN,
    "html": _SHOWN,
    "image": _SHOWN,
    "table": _SHOWN,
    "iframe": _SHOWN,
    "documentPreview": _SHOWN,
    "separator": _SHOWN,
    "spacer": _SHOWN,
    "button": _SHOWN,
}


def is_decimal(value: object) -> bool:
    """A finite JSON number, or the same written as text, as the Modeler may store it."""
    if isinstance(value, bool) or not isinstance(value, int | float | str) or len(str(value)) > 40:
        return False
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return False
    return number.is_finite() and abs(number.adjusted()) <= 40


def is_count(value: object) -> bool:
    """A whole number from 0 to a million, or the same written as text."""
    if isinstance(value, str):
        return value.isascii() and value.isdecimal() and len(value) <= 6
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 1_000_000


def _one_of(*values: str | None) -> Shape:
    listed = ", ".join(value or "“”" for value in values)
    return Shape(Bilingual(f"以下之一：{listed}", f"one of {listed}"), lambda value: value in values)


_FLAG = Shape(Bilingual("布尔值 true 或 false", "true or false"), lambda value: isinstance(value, bool))
_STRING = Shape(Bilingual("文字", "text"), lambda value: isinstance(value, str))
_OBJECT = Shape(Bilingual("JSON 对象", "a JSON object"), lambda value: isinstance(value, dict))
_LIST = Shape(Bilingual("列表", "a list"), lambda value: isinstance(value, list))
_COUNT = Shape(Bilingual("0 至 1000000 的整数", "a whole number from 0 to 1000000"), is_count)
_DECIMAL = Shape(Bilingual("数", "a number"), is_decimal)
_STEP = Shape(Bilingual("大于 0 的数", "a number above 0"), lambda value: is_decimal(value) and Decimal(str(value)) > 0)
_MINUTES = Shape(
    Bilingual("1 至 60 的整数", "a whole number from 1 to 60"),
    lambda value: isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 60,
)

SHAPES: dict[str, Shape] = {
    "properties": _OBJECT,
    "conditional": _OBJECT,
    "validate": _OBJECT,
    "components": _LIST,
    "label": _STRING,
    "disabled": _FLAG,
    "readonly": _FLAG,
    "serializeToString": _FLAG,
    "multiple": _FLAG,
    "disallowPassedDates": _FLAG,
    "isRepeating": _FLAG,
    "allowAddRemove": _FLAG,
    "decimalDigits": _COUNT,
    "defaultRepetitions": _COUNT,
    "increment": _STEP,
    "timeInterval": _MINUTES,
    "expression": Shape(
        Bilingual("FEEL 表达式", "a FEEL expression"), lambda value: isinstance(value, str) and value != ""
    ),
    "computeOn": _one_of("change", "presubmit"),
    "subtype": _one_of("date", "time", "datetime"),
    "timeSerializingFormat": _one_of("utc_offset", "utc_normalized", "no_timezone"),
}

VALIDATION_SHAPES: dict[str, Shape] = {
    "required": _FLAG,
    "minLength": _COUNT,
    "maxLength": _COUNT,
    "min": _DECIMAL,
    "max": _DECIMAL,
    "pattern": _STRING,
    "patternErrorMessage": _STRING,
    "validationType": _one_of("email", "phone", "custom", "", None),
}
