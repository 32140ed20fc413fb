"""Fields of an item's document: texts that say something, limits."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields

from casework.reasons import is_said
from casework.workdays import Limit
from engine.errors import Invalid, Sentence

SAYS_NOTHING = Sentence(
    "不能为空：请填写内容；可以不填的项，请删去整项。",
    "This says nothing: fill it in, or leave out what may be left out.",
)


class Text(fields.String):
    """A text that says something: blanks, and characters that nobody sees, are refused."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> Any:
        text = super()._deserialize(value, attr, data, **options)
        if not is_said(text):
            raise ValidationError([SAYS_NOTHING])
        return text


def is_limit(text: str) -> None:
    """A limit is amount and unit, such as "5WD"."""
    try:
        Limit.parse(text)
    except Invalid as wrong:
        raise ValidationError([wrong.detail]) from wrong


def limit(**options: Any) -> fields.String:
    """A field that holds a limit."""
    return fields.String(validate=is_limit, **options)
