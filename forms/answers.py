"""What the expressions of a component came to for one submitted value, on its way through the marshmallow fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marshmallow import fields, missing


@dataclass(frozen=True, slots=True)
class Answered:
    """A value, and what holds for it. `is_left_out`: its component is hidden, or shown only, so that nothing is kept.

    `limits` are those of `validate` that an expression gives; `options` is what an expression offers, None where none
    does.
    """

    value: object = missing
    is_left_out: bool = False
    is_required: bool = False
    limits: Mapping[str, object] = field(default_factory=dict)
    options: object = None


def plain(value: object) -> object:
    """The value itself."""
    return value.value if isinstance(value, Answered) else value


class Answering(fields.Field[Any]):
    """A field that reads answered values too."""

    def deserialize(
        self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        """Reads the value by the component's own rules, then holds it against the answers."""
        if not isinstance(value, Answered):
            return super().deserialize(value, attr, data, **kwargs)
        if value.is_left_out:
            return missing
        self.require(value)
        found = super().deserialize(value.value, attr, data, **kwargs)
        self.hold(found, value)
        return found

    def require(self, answered: Answered) -> None:
        """Raises ValidationError where the value is missing and an expression says it may not be."""

    def hold(self, found: object, answered: Answered) -> None:
        """Raises ValidationError where the value does not keep what the expressions say."""
