"""The marshmallow fields that hold other fields: a section (an object) and rows (a dynamic list)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields

from forms.answers import Answering
from forms.checking import CHECKING, problem, wrong_type
from forms.errors import Bilingual

MOST_ROWS = 500

_AN_OBJECT = Bilingual("JSON 对象", "a JSON object")
_A_LIST = Bilingual("行的列表", "a list of rows")


class Section(fields.Field[Any]):
    """The form itself, a key with dots, or a group with a path: keys and their fields. Absent is the same as empty."""

    def __init__(self, children: Mapping[str, fields.Field[Any]]) -> None:
        super().__init__(load_default=lambda: self.load({}), allow_none=False)
        self.schema = _schema(children)

    def load(self, value: object) -> dict[str, object]:
        """The cleaned object; raises ValidationError with the problems of all keys at once."""
        if not isinstance(value, Mapping):
            raise wrong_type(_AN_OBJECT)
        loaded: dict[str, object] = self.schema.load(value, partial=CHECKING.get().is_draft)
        return loaded

    def _validate_missing(self, value: object) -> None:
        pass

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> object:
        return self.load({} if value is None else value)


@dataclass(frozen=True, slots=True)
class RowLimits:
    """How many rows a list may have. `fixed` is set when rows cannot be added or removed; its `path` then says
    where the data the form was shown with may hold another number of rows."""

    least: int = 0
    most: int = MOST_ROWS
    fixed: int | None = None
    path: tuple[str, ...] = ()

    def require(self, count: int) -> None:
        if CHECKING.get().is_draft:
            return
        if self.fixed is not None and count != (exactly := self._exactly(self.fixed)):
            raise problem("rows-fixed", exactly=exactly)
        if count < self.least:
            raise problem("too-few-rows", least=self.least)

    def _exactly(self, fixed: int) -> int:
        found: object = CHECKING.get().context
        for segment in self.path:
            found = found.get(segment) if isinstance(found, Mapping) else None
        return len(found) if isinstance(found, list | tuple) else fixed


class Rows(Answering):
    """dynamiclist: a list of objects, every one with the same fields."""

    def __init__(self, row: Section, limits: RowLimits) -> None:
        super().__init__(load_default=lambda: self._read([]), allow_none=False)
        self.row = row
        self.limits = limits

    def _validate_missing(self, value: object) -> None:
        pass

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> object:
        return self._read([] if value is None else value)

    def _read(self, value: object) -> object:
        if not isinstance(value, list):
            raise wrong_type(_A_LIST)
        if len(value) > self.limits.most:
            raise problem("too-many-rows", most=self.limits.most)
        rows = []
        problems: dict[int | None, object] = {}
        try:
            self.limits.require(len(value))
        except ValidationError as error:
            problems[None] = error.messages
        for index, row in enumerate(value):
            try:
                rows.append(self.row.load(row))
            except ValidationError as error:
                problems[index] = error.messages
        if problems:
            raise ValidationError(problems)
        return rows


def _schema(children: Mapping[str, fields.Field[Any]]) -> Schema:
    # Attribute names are ours, so that no designer's key can meet a name of marshmallow's own.
    declared = {}
    for number, (key, child) in enumerate(children.items()):
        child.data_key = child.attribute = key
        declared[f"field_{number}"] = child
    return Schema.from_dict(declared, name="FormSection")(unknown=EXCLUDE)
