"""Compiles a .form file into a Form, or says everything that is wrong with it at once."""

from dataclasses import dataclass, field, replace

from marshmallow import ValidationError

from forms.blueprint import Blueprint
from forms.builders import BUILDERS, accepted, default_value, repetitions, row_limits
from forms.checking import CHECKING, Checking, Problem
from forms.choices import Choice
from forms.components import COMPONENTS, Role
from forms.document import JsonObject, head_faults, read_document
from forms.dynamics import Asked, Part, Scope
from forms.errors import Bilingual, FormFault, FormRefused
from forms.expressions import REQUIRED_IF, body
from forms.form import Form, FormField, Option
from forms.inputs import Input
from forms.inspection import component_faults
from forms.keys import DEEPEST_KEY, Branch, Leaf, Repeated, Segments, segments_of
from forms.kinds import ID_TYPES
from forms.sentences import form_sentence


def compile_form(source: bytes) -> Form:
    """The form that Camunda Modeler wrote into a .form file, ready to check submissions.

    Raises FormRefused with every fault: not JSON, larger than 256 KB, too deep, a component, property, validation or
    field kind that does not run, a text that should be FEEL and is not, a key that is missing, invalid or taken, a
    pattern that is invalid or could stall the server, a default that does not fit.
    """
    document = read_document(source)
    compiler = _Compiler()
    compiler.faults += head_faults(document)
    compiler.visit(document, _Place(compiler.root, compiler.scope))
    compiler.link_id_numbers()
    if compiler.faults:
        raise FormRefused(compiler.faults)
    return Form(document, compiler.fields, compiler.root.section(), compiler.scope, compiler.root.defaults())


@dataclass(frozen=True, slots=True)
class _Place:
    """Where components stand: the object their keys are in, and how a person writes that object's path.

    `inside` is that path within the form, or within the row; `hides` are the conditions of the groups around.
    """

    branch: Branch
    scope: Scope = field(default_factory=Scope)
    path: Segments = ()
    inside: Segments = ()
    hides: tuple[Asked, ...] = ()
    is_in_row: bool = False

    def shown(self, segments: Segments) -> str:
        return ".".join(self.path + segments)

    def hidden_by(self, blueprint: Blueprint) -> tuple[Asked, ...]:
        """When a component that stands here is hidden."""
        return (*self.hides, *self.asked(blueprint.hide))

    def asked(self, expression: str | None) -> tuple[Asked, ...]:
        """An expression of a component that stands here, if it has one."""
        return () if expression is None else (Asked(expression, self.inside),)


class _Compiler:
    """Walks the components in document order and collects fields and faults."""

    def __init__(self) -> None:
        self.faults: list[FormFault] = []
        self.fields: list[FormField] = []
        self.root = Branch()
        self.scope = Scope()
        self._ids: set[str] = set()
        self._id_numbers: list[tuple[Blueprint, _Place]] = []

    def visit(self, parent: JsonObject, place: _Place) -> None:
        components = parent.get("components")
        for component in components if isinstance(components, list) else []:
            if isinstance(component, dict):
                self._component(component, place)
            else:
                self.faults.append(FormFault(form_sentence("not-a-component")))

    def link_id_numbers(self) -> None:
        """Every id-number needs, beside it, the choice that says which document it is the number of."""
        for blueprint, place in self._id_numbers:
            own = segments_of(blueprint.component["key"]) or ()
            other = segments_of(blueprint.properties.get("type_field")) or ()
            branch = place.branch.descend(own[:-1]) if own[:-1] == other[:-1] else None
            chooser = branch.children.get(other[-1]) if branch and other else None
            if not (isinstance(chooser, Leaf) and _chooses_id_type(chooser.input)):
                self._refuse(blueprint.component, [form_sentence("type-field", types=", ".join(ID_TYPES))])

    def _component(self, component: JsonObject, place: _Place) -> None:
        self._identify(component)
        spec = COMPONENTS.get(str(component.get("type")))
        if spec is None and "type" not in component:
            self._refuse(component, [form_sentence("no-type")])
            return
        if spec is None:
            self._refuse(component, [form_sentence("unknown-type", type=str(component.get("type"))[:40])])
            return
        faults = list(component_faults(component, spec))
        self._refuse(component, faults)
        if spec.role in (Role.INPUT, Role.EXPRESSION):
            self._input(component, place, is_sound=not faults)
        if spec.role in (Role.GROUP, Role.LIST):
            self._container(component, place, spec.role, is_sound=not faults)

    def _identify(self, component: JsonObject) -> None:
        id = component.get("id")
        if id is None:
            return
        if not isinstance(id, str) or id in self._ids:
            self._refuse(component, [form_sentence("component-id", id=str(id)[:40])])
            return
        self._ids.add(id)

    def _input(self, component: JsonObject, place: _Place, *, is_sound: bool) -> None:
        segments = self._segments(component, "key", place)
        leaf = Leaf(None, None)
        if segments and not place.branch.claim(segments, leaf):
            self._refuse(component, [form_sentence("duplicate-key", key=place.shown(segments))])
        if not is_sound:
            return
        blueprint = Blueprint(component)
        input = BUILDERS[blueprint.type](blueprint)
        if not blueprint.faults:
            leaf.default = _fitting_default(blueprint, input)
        self._refuse(component, blueprint.faults)
        if not blueprint.is_ignored:
            leaf.input = input
        if segments:
            place.scope.parts.append(_part(blueprint, place, segments))
            self.fields.append(_described(blueprint, place.shown(segments)))
            if blueprint.kind_name == "id-number" and not blueprint.is_ignored:
                self._id_numbers.append((blueprint, place))

    def _container(self, component: JsonObject, place: _Place, role: Role, *, is_sound: bool) -> None:
        is_list = role is Role.LIST
        if is_list and not component.get("path"):
            self._refuse(component, [form_sentence("no-key", name="path")])
        segments = self._segments(component, "path", place) if component.get("path") else ()
        is_repeated = is_list and component.get("isRepeating") is not False
        if segments is None or not is_sound:
            self.visit(component, _Place(Branch(), path=("…",), is_in_row=place.is_in_row))
        elif is_repeated:
            self._list(component, place, segments)
        else:
            self._group(component, place, segments)

    def _group(self, component: JsonObject, place: _Place, segments: Segments) -> None:
        branch = place.branch.descend(segments)
        if branch is None:
            self._refuse(component, [form_sentence("duplicate-key", key=place.shown(segments))])
            branch = Branch()
        hides = place.hidden_by(Blueprint(component))
        around = replace(place, branch=branch, path=place.path + segments, inside=place.inside + segments, hides=hides)
        self.visit(component, around)

    def _list(self, component: JsonObject, place: _Place, segments: Segments) -> None:
        blueprint = Blueprint(component)
        limits = row_limits(blueprint, place.path + segments, is_nested=place.is_in_row)
        row = Branch()
        if segments and not place.branch.claim(segments, Repeated(row, limits, repetitions(blueprint))):
            blueprint.refuse("duplicate-key", key=place.shown(segments))
        self._refuse(component, blueprint.faults)
        path, rows = place.path + segments, Scope()
        if segments:
            hides, is_fixed = place.hidden_by(blueprint), limits.fixed is not None
            part = Part(place.inside + segments, hides=hides, rows=rows, is_fixed_list=is_fixed)
            place.scope.parts.append(part)
            self.fields.append(_described(blueprint, ".".join(path)))
            path = (*path[:-1], f"{path[-1]}[]")
        self.visit(component, _Place(row, rows, path, is_in_row=True))

    def _segments(self, component: JsonObject, name: str, place: _Place) -> Segments | None:
        key = component.get(name)
        if key in (None, ""):
            self._refuse(component, [form_sentence("no-key", name=name)])
            return None
        segments = segments_of(key)
        if segments is None or len(place.path) + len(segments) > DEEPEST_KEY:
            self._refuse(component, [form_sentence("bad-key", key=str(key)[:80], most=DEEPEST_KEY)])
            return None
        return segments

    def _refuse(self, component: JsonObject, texts: list[Bilingual]) -> None:
        id, key = component.get("id"), component.get("key") or component.get("path")
        self.faults += [
            FormFault(text, id if isinstance(id, str) else None, key if isinstance(key, str) else None)
            for text in texts
        ]


def _chooses_id_type(input: Input | None) -> bool:
    return isinstance(input, Choice) and bool(input.options.fixed) and set(input.options.fixed) <= ID_TYPES.keys()


def _fitting_default(blueprint: Blueprint, input: Input) -> object:
    default = default_value(blueprint)
    if default is None:
        return None
    token = CHECKING.set(Checking(is_draft=True))
    try:
        input.deserialize(default, None, {})
    except ValidationError as error:
        found = error.messages[0]
        if isinstance(found, Problem):
            blueprint.refuse("bad-default", reason_zh=found.text.zh, reason_en=found.text.en)
    finally:
        CHECKING.reset(token)
    return default


def _part(blueprint: Blueprint, place: _Place, segments: Segments) -> Part:
    required = body(blueprint.properties.get(REQUIRED_IF))
    computed = blueprint.expression("expression") if blueprint.type == "expression" else None
    return Part(
        place.inside + segments,
        is_ignored=blueprint.is_ignored,
        hides=place.hidden_by(blueprint),
        readonly=_only(place.asked(blueprint.expression("readonly"))),
        required=_only(place.asked(required)),
        options=_only(place.asked(blueprint.expression("valuesExpression"))),
        computed=_only(place.asked(computed)),
        limits={name: Asked(expression, place.inside) for name, expression in blueprint.limits.items()},
    )


def _only(asked: tuple[Asked, ...]) -> Asked | None:
    return next(iter(asked), None)


def _described(blueprint: Blueprint, path: str) -> FormField:
    values = blueprint.component.get("values")
    return FormField(
        path=path,
        label=blueprint.text("label") or "",
        type=blueprint.type,
        component_id=blueprint.text("id"),
        is_required=blueprint.is_required,
        is_readonly=blueprint.is_ignored,
        kind=blueprint.kind_name,
        options=tuple(
            Option(str(option.get("label", option["value"])), option["value"])
            for option in (values if isinstance(values, list) else [])
            if isinstance(option, dict) and "value" in option
        ),
        options_source=blueprint.text("valuesKey"),
        accepted=accepted(blueprint),
    )
