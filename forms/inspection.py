"""Says what in one component cannot run: FEEL, properties without effect, values of the wrong shape."""

from collections.abc import Iterator, Mapping

from forms.components import BOUND, COMMON, CONTAINER, SHAPES, VALIDATION_SHAPES, Component, Role, Shape
from forms.document import JsonObject
from forms.errors import Bilingual
from forms.sentences import form_sentence

_LITERAL = frozenset({"type", "id", "key", "path", "defaultValue", "values", "valuesKey", "properties", "components"})
_LITERAL_VALIDATIONS = frozenset({"pattern", "patternErrorMessage"})
_ALWAYS_FEEL = frozenset({"hide", "expression", "valuesExpression", "columnsExpression"})


def component_faults(component: JsonObject, spec: Component) -> Iterator[Bilingual]:
    """Every fault of the component itself, not of the components in it."""
    feel = list(_feel_places("", component))
    for place in feel:
        yield form_sentence("feel", where=place)
    yield from _shape_faults(dict.fromkeys(sorted(spec.demanded)) | component, SHAPES, feel)
    if spec.role in (Role.INPUT, Role.GROUP, Role.LIST):
        yield from _unknown_properties(component, spec)
    if isinstance(validate := component.get("validate"), dict):
        yield from _validation_faults(validate, spec, feel)


def _feel_places(place: str, value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in (_LITERAL_VALIDATIONS if place == "validate" else _LITERAL):
                yield from _feel_places(f"{place}.{name}" if place else name, inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _feel_places(place, inner)
    elif _is_feel(place.rpartition(".")[2], value):
        yield place


def _is_feel(name: str, value: object) -> bool:
    if name in _ALWAYS_FEEL:
        return value not in (None, "", False)
    return isinstance(value, str) and (value.lstrip().startswith("=") or "{{" in value)


def _unknown_properties(component: JsonObject, spec: Component) -> Iterator[Bilingual]:
    known = COMMON | spec.own | (BOUND if spec.role is Role.INPUT else CONTAINER)
    for name in component:
        if name not in known:
            yield form_sentence("unknown-property", name=name)


def _validation_faults(validate: JsonObject, spec: Component, feel: list[str]) -> Iterator[Bilingual]:
    for name in validate:
        if name not in spec.validations:
            yield form_sentence("unknown-property", name=f"validate.{name}")
    yield from _shape_faults(validate, VALIDATION_SHAPES, feel, "validate.")


def _shape_faults(
    found: JsonObject, shapes: Mapping[str, Shape], feel: list[str], prefix: str = ""
) -> Iterator[Bilingual]:
    for name, shape in shapes.items():
        place = prefix + name
        if name in found and place not in feel and not shape.fits(found[name]):
            yield form_sentence(
                "bad-property", name=place, expected_zh=shape.expected.zh, expected_en=shape.expected.en
            )
