"""Says what in one component cannot run: FEEL, properties without effect, values of the wrong shape."""

from collections.abc import Collection, Iterator, Mapping

from forms import expressions
from forms.components import BOUND, COMMON, CONTAINER, SHAPES, VALIDATION_SHAPES, Component, Role, Shape
from forms.document import JsonObject
from forms.errors import Bilingual
from forms.sentences import form_sentence

OF_ROLE = {Role.INPUT: BOUND, Role.GROUP: CONTAINER, Role.LIST: CONTAINER, Role.EXPRESSION: frozenset[str]()}


def component_faults(component: JsonObject, spec: Component) -> Iterator[Bilingual]:
    """Every fault of the component itself, not of the components in it."""
    feel = expressions.places(component)
    yield from expressions.faults(feel)
    yield from _shape_faults(dict.fromkeys(sorted(spec.demanded)) | component, SHAPES, feel)
    if spec.role is not Role.PRESENTATION:
        yield from _unknown_properties(component, spec)
    if isinstance(validate := component.get("validate"), dict):
        yield from _validation_faults(validate, spec, feel)


def _unknown_properties(component: JsonObject, spec: Component) -> Iterator[Bilingual]:
    known = COMMON | spec.own | OF_ROLE[spec.role]
    for name in component:
        if name not in known:
            yield form_sentence("unknown-property", name=name)


def _validation_faults(validate: JsonObject, spec: Component, feel: Collection[str]) -> Iterator[Bilingual]:
    for name in validate:
        if name not in spec.validations:
            yield form_sentence("unknown-property", name=f"validate.{name}")
    yield from _shape_faults(validate, VALIDATION_SHAPES, feel, "validate.")


def _shape_faults(
    found: JsonObject, shapes: Mapping[str, Shape], feel: Collection[str], prefix: str = ""
) -> Iterator[Bilingual]:
    for name, shape in shapes.items():
        place = prefix + name
        if name in found and place not in feel and not shape.fits(found[name]):
            yield form_sentence(
                "bad-property", name=place, expected_zh=shape.expected.zh, expected_en=shape.expected.en
            )
