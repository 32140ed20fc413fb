"""The table from component type to marshmallow field."""

import re
from collections.abc import Callable
from fractions import Fraction

from forms.blueprint import Blueprint, count
from forms.choices import Choice, Choices, Options
from forms.components import is_count
from forms.containers import MOST_ROWS, RowLimits
from forms.inputs import MOST_FILES, Checkbox, Computed, Input, Materials, Number, NumberText, Text
from forms.moments import Moment, Notation
from forms.patterns import PatternRefused, PatternTooCostly, compile_pattern
from forms.rules import (
    LONGEST_PATTERN_TEXT,
    Rule,
    decimal_digits,
    email,
    matches,
    max_length,
    maximum,
    min_length,
    minimum,
    multiple_of,
    phone,
    plain_decimal,
)

FILE_TYPE = re.compile(r"\.[^\s.]\S*|([a-z0-9.+-]+|\*)/([a-z0-9.+-]+|\*)")
_PRESETS: dict[object, Rule] = {"email": email, "phone": phone}


def _text(blueprint: Blueprint) -> Input:
    type_field = blueprint.properties.get("type_field")
    return Text(
        is_required=blueprint.is_required,
        rules=_text_rules(blueprint),
        kind=blueprint.kind(),
        type_field=str(type_field).rpartition(".")[2] if type_field else None,
    )


def _text_rules(blueprint: Blueprint) -> list[Rule]:
    validate = blueprint.validate
    least, most = count(validate.get("minLength")), count(validate.get("maxLength"))
    if least is not None and most is not None and least > most:
        blueprint.refuse("bad-range", low="minLength", high="maxLength")
    rules: list[Rule] = []
    if least is not None:
        rules.append(min_length(least))
    if most is None and validate.get("pattern"):
        most = LONGEST_PATTERN_TEXT
    if most is not None:
        rules.append(max_length(most))
    if validate.get("validationType") in _PRESETS:
        rules.append(_PRESETS[validate["validationType"]])
    if most is not None and validate.get("pattern"):
        rules += _pattern_rules(blueprint, most)
    return rules


def _pattern_rules(blueprint: Blueprint, longest: int) -> list[Rule]:
    pattern = str(blueprint.validate["pattern"])
    try:
        compiled = compile_pattern(pattern, longest)
    except PatternTooCostly:
        blueprint.refuse("costly-pattern", most=longest)
        return []
    except PatternRefused as error:
        blueprint.refuse("bad-pattern", reason=error)
        return []
    return [matches(compiled, longest, str(blueprint.validate.get("patternErrorMessage") or pattern))]


def _number(blueprint: Blueprint) -> Input:
    field = Number if blueprint.is_plain_number else NumberText
    return field(is_required=blueprint.is_required, rules=_number_rules(blueprint), kind=blueprint.kind())


def _number_rules(blueprint: Blueprint) -> list[Rule]:
    validate, component = blueprint.validate, blueprint.component
    least, most = (plain_decimal(validate[name]) if name in validate else None for name in ("min", "max"))
    if least is not None and most is not None and Fraction(least) > Fraction(most):
        blueprint.refuse("bad-range", low="min", high="max")
    rules: list[Rule] = []
    if least is not None:
        rules.append(minimum(least))
    if most is not None:
        rules.append(maximum(most))
    digits = count(component.get("decimalDigits"))
    if digits is not None:
        rules.append(decimal_digits(digits))
    if "increment" in component:
        rules.append(multiple_of(plain_decimal(component["increment"])))
    return rules


def _checkbox(blueprint: Blueprint) -> Input:
    return Checkbox(is_required=blueprint.is_required)


def _choice(blueprint: Blueprint) -> Input:
    return Choice(_options(blueprint), is_required=blueprint.is_required)


def _choices(blueprint: Blueprint) -> Input:
    return Choices(_options(blueprint), is_required=blueprint.is_required)


def _options(blueprint: Blueprint) -> Options:
    values, source = blueprint.component.get("values"), blueprint.text("valuesKey")
    asked = blueprint.expression("valuesExpression")
    if [values, source, asked].count(None) != 2:
        blueprint.refuse("options-source")
    if asked is not None:
        return Options(is_asked=True)
    if source is not None:
        return Options(source=source)
    fixed = [option.get("value") for option in values if isinstance(option, dict)] if isinstance(values, list) else []
    is_usable = fixed and isinstance(values, list) and len(fixed) == len(values) and all(map(_is_option, fixed))
    if values is not None and not (is_usable and len({repr(value) for value in fixed}) == len(fixed)):
        blueprint.refuse(
            "bad-property",
            name="values",
            expected_zh="至少一项、值各不相同的 {label, value} 列表",
            expected_en="a list of one or more {label, value} with different values",
        )
        return Options()
    return Options(fixed)


def _is_option(value: object) -> bool:
    return isinstance(value, str | int | float) and value != ""


def _moment(blueprint: Blueprint) -> Input:
    # Without timeSerializingFormat form-js writes no zone.
    zone = blueprint.text("timeSerializingFormat") or "no_timezone"
    return Moment(
        Notation(blueprint.text("subtype") or "date", zone),
        step=count(blueprint.component.get("timeInterval")) or 1,
        is_future_only=blueprint.flag("disallowPassedDates"),
        is_required=blueprint.is_required,
    )


def _materials(blueprint: Blueprint) -> Input:
    return Materials(MOST_FILES if blueprint.flag("multiple") else 1, is_required=blueprint.is_required)


def _computed(blueprint: Blueprint) -> Input:
    return Computed()


BUILDERS: dict[str, Callable[[Blueprint], Input]] = {
    "textfield": _text,
    "textarea": _text,
    "number": _number,
    "checkbox": _checkbox,
    "radio": _choice,
    "select": _choice,
    "checklist": _choices,
    "taglist": _choices,
    "datetime": _moment,
    "filepicker": _materials,
    "expression": _computed,
}


def row_limits(blueprint: Blueprint, path: tuple[str, ...], *, is_nested: bool) -> RowLimits:
    """How many rows a dynamic list may have: its custom properties min_rows and max_rows, or a fixed number."""
    least, most = (_row_bound(blueprint, name, default) for name, default in (("min_rows", 0), ("max_rows", MOST_ROWS)))
    if least > most:
        blueprint.refuse("bad-range", low="min_rows", high="max_rows")
    if blueprint.flag("allowAddRemove"):
        return RowLimits(least, most)
    if is_nested:
        blueprint.refuse("fixed-rows-nested")
    return RowLimits(least, most, repetitions(blueprint), path)


def repetitions(blueprint: Blueprint) -> int:
    """The rows a list begins with: defaultRepetitions, or one."""
    found = count(blueprint.component.get("defaultRepetitions", 1))
    return 1 if found is None else found


def _row_bound(blueprint: Blueprint, name: str, default: int) -> int:
    found = blueprint.properties.get(name, default)
    if is_count(found) and int(str(found)) <= MOST_ROWS:
        return int(str(found))
    blueprint.refuse(
        "bad-property",
        name=f"properties.{name}",
        expected_zh=f"0 至 {MOST_ROWS} 的整数",
        expected_en=f"a whole number from 0 to {MOST_ROWS}",
    )
    return default


def accepted(blueprint: Blueprint) -> frozenset[str]:
    """The file types of a filepicker's `accept`: endings (".pdf"), media types ("application/pdf") and kinds of them
    ("image/*"). An expression only guides the viewer."""
    said = blueprint.text("accept") if blueprint.type == "filepicker" else None
    listed = [one.strip().lower() for one in (said or "").split(",")]
    return frozenset(one for one in listed if FILE_TYPE.fullmatch(one))


def default_value(blueprint: Blueprint) -> object:
    """The designer's default in the JSON type the component submits; the Modeler may store a number as text."""
    found = blueprint.component.get("defaultValue")
    if found == "":
        return None
    if blueprint.type != "number" or isinstance(found, bool) or not isinstance(found, int | float | str):
        return found
    if not blueprint.is_plain_number:
        return str(found)
    try:
        return found if not isinstance(found, str) else int(found) if found.lstrip("-").isdecimal() else float(found)
    except ValueError:
        return found
