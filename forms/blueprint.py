"""One inspected component, ready to be built: typed access to its properties, and a place for what is still wrong."""

from forms.document import JsonObject
from forms.errors import Bilingual
from forms.expressions import body, is_expression
from forms.kinds import KINDS, Kind
from forms.sentences import form_sentence


class Blueprint:
    """Reads one component whose properties already have their shapes; `faults` grows while it is built."""

    def __init__(self, component: JsonObject) -> None:
        self.component = component
        self.type = str(component["type"])
        self.faults: list[Bilingual] = []

    @property
    def validate(self) -> JsonObject:
        """The validations that are fixed."""
        return {name: value for name, value in self._validate.items() if not is_expression(value)}

    @property
    def limits(self) -> dict[str, str]:
        """The limits that expressions give."""
        return {name: said for name, value in self._validate.items() if (said := body(value)) is not None}

    def expression(self, name: str) -> str | None:
        """The FEEL of a property, None where it is fixed or absent."""
        return body(self.component.get(name))

    @property
    def hide(self) -> str | None:
        """The FEEL of conditional.hide."""
        conditional = self.component.get("conditional")
        return body(conditional.get("hide")) if isinstance(conditional, dict) else None

    @property
    def _validate(self) -> JsonObject:
        found = self.component.get("validate")
        return found if isinstance(found, dict) else {}

    @property
    def properties(self) -> JsonObject:
        found = self.component.get("properties")
        return found if isinstance(found, dict) else {}

    @property
    def is_required(self) -> bool:
        return self.validate.get("required") is True

    @property
    def is_ignored(self) -> bool:
        """A disabled or readonly field is shown, never taken from a submission."""
        return self.component.get("disabled") is True or self.component.get("readonly") is True

    @property
    def kind_name(self) -> str | None:
        found = self.properties.get("kind")
        return None if found in (None, "") else str(found)

    def refuse(self, code: str, **values: object) -> None:
        self.faults.append(form_sentence(code, **values))

    def flag(self, name: str) -> bool:
        return self.component.get(name) is True

    def text(self, name: str) -> str | None:
        found = self.component.get(name)
        return found if isinstance(found, str) and found else None

    def kind(self) -> Kind | None:
        """The field kind it carries; one that is unknown or cannot stand on this component is refused."""
        name = self.kind_name
        if name is None:
            return None
        kind = KINDS.get(name)
        if kind is None or self.type not in kind.components or (name == "money" and self.is_plain_number):
            self.refuse("unknown-kind", kind=name)
            return None
        return kind

    @property
    def is_plain_number(self) -> bool:
        return self.type == "number" and not self.flag("serializeToString")


def count(value: object) -> int | None:
    """A whole number of the designer's, also when the Modeler stored it as text."""
    return int(value) if isinstance(value, int | str) else None
