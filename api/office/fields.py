"""What answers of the office are made of: sentences in the reader's language, people, departments."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from api.languages import ENGLISH, language, say
from casework.assignments import UNSAID
from casework.reasons import is_said
from engine.errors import Sentence


class Said(ma.fields.String):
    """A sentence, in the reader's language."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return say(value) if isinstance(value, Sentence) else None


class Words(ma.fields.String):
    """What somebody says or is called: blanks alone say nothing."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if text and not is_said(text):
            raise ma.ValidationError([UNSAID])
        return text


class Written(ma.fields.Nested):
    """A document that is stored as its schema writes it, and shown as it is stored."""

    def _serialize(self, nested_obj: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        return nested_obj


class OneOfMany(ma.Schema):
    """What became of one thing of many: the status it would have by itself, and the problem document if it was refused.

    A dry run leaves both null.
    """

    id = ma.fields.String(required=True)
    status = ma.fields.Integer(allow_none=True)
    problem = ma.fields.Dict(allow_none=True)


class PersonShown(ma.Schema):
    """Somebody with a login, as colleagues see them."""

    login = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class DepartmentShown(ma.Schema):
    """A department by code and name."""

    code = ma.fields.String(required=True)
    name = Said(required=True)


class Called(ma.fields.String):
    """What the state or kind in another field is called, in the reader's language."""

    def __init__(self, words: Mapping[Any, Sentence], of: str, **stated: Any) -> None:
        self._words, self._of = words, of
        super().__init__(**stated)

    def get_value(self, obj: Any, attr: str, accessor: Any = None, default: Any = ma.missing) -> Any:
        """The code to be named."""
        return super().get_value(obj, self._of, accessor, default)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else say(self._words[value])


class OfficialShown(PersonShown):
    """Who did something, and in what capacity. `post` is 职务."""

    post = ma.fields.String(allow_none=True)
    department = ma.fields.Nested(DepartmentShown, allow_none=True)


def in_language(zh: str | None, en: str | None) -> str | None:
    """The name that the reader reads, of the two that are kept; Chinese where there is no English one."""
    return en if en and language() == ENGLISH else zh
