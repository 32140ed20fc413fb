"""The marshmallow fields of the components that bind a key to one value.

A field reads one JSON value, strictly: a boolean is no number, a text of digits is no number, a number is no text.
What is left out or empty is stored as form-js would submit it: "", null, false or [].
"""

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from marshmallow import missing

from forms.answers import Answered, Answering, plain
from forms.checking import CHECKING, problem, wrong_type
from forms.errors import Bilingual
from forms.kinds import Kind, Surroundings
from forms.rules import LIMITS, LONGEST_TEXT, Rule, plain_decimal

MOST_FILES = 50
REFERENCE = "files::"
"""What form-js puts before the name of a file that its field holds."""
GREATEST_NUMBER = 2**53 - 1  # RFC 8259 section 6: beyond it JSON readers disagree

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_FIGURE = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
_MATERIAL_ID = re.compile(r"[A-Za-z0-9._-]{1,100}")


class Input(Answering):
    """A component with a key. Subclasses say what is blank, what blank is stored as, and how a value is read."""

    expected: ClassVar[Bilingual]
    blanks: ClassVar[tuple[object, ...]] = ()
    missing_code: ClassVar[str] = "required"

    def __init__(self, *, is_required: bool = False, rules: Iterable[Rule] = ()) -> None:
        super().__init__(load_default=self.empty, allow_none=False, validate=list(rules))
        self.is_required = is_required

    def empty(self) -> object:
        return None

    def is_blank(self, value: object) -> bool:
        if value is missing or value is None:
            return True
        return any(type(value) is type(blank) and value == blank for blank in self.blanks)

    def read(self, value: object) -> object:
        raise NotImplementedError

    def require(self, answered: Answered) -> None:
        if answered.is_required and self.is_blank(answered.value):
            raise problem(self.missing_code)

    def hold(self, found: object, answered: Answered) -> None:
        if not self.is_blank(found):
            for name, limit in answered.limits.items():
                if isinstance(limit, int | float) and not isinstance(limit, bool):
                    LIMITS[name](limit)(found)

    def finish(self, value: object, neighbours: Mapping[str, object]) -> object:
        return value

    def _validate_missing(self, value: object) -> None:
        if self.is_required and not CHECKING.get().is_draft and self.is_blank(value):
            raise problem(self.missing_code)

    def _deserialize(
        self, value: object, attr: str | None, data: Mapping[str, object] | None, **kwargs: object
    ) -> object:
        if self.is_blank(value):
            return self.empty()
        read = self.read(value)
        return read if CHECKING.get().is_draft else self.finish(read, data or {})

    def _validate(self, value: object) -> None:
        if not CHECKING.get().is_draft and not self.is_blank(value):
            super()._validate(value)


class Text(Input):
    """textfield, textarea."""

    expected = Bilingual("文字", "text")

    def __init__(
        self,
        *,
        is_required: bool = False,
        rules: Iterable[Rule] = (),
        kind: Kind | None = None,
        type_field: str | None = None,
    ) -> None:
        super().__init__(is_required=is_required, rules=rules)
        self.kind = kind
        self.type_field = type_field

    def empty(self) -> object:
        return ""

    def is_blank(self, value: object) -> bool:
        return super().is_blank(value) or (isinstance(value, str) and not value.strip())

    def read(self, value: object) -> object:
        return read_text(value, self.expected)

    def finish(self, value: object, neighbours: Mapping[str, object]) -> object:
        if self.kind is None:
            return value
        id_type = plain(neighbours.get(self.type_field)) if self.type_field else None
        return self.kind.clean(str(value), Surroundings(id_type, CHECKING.get().today))


class Number(Input):
    """number: a JSON number. Its kind checks it, but cannot change it."""

    expected = Bilingual("数字", "a number")

    def __init__(self, *, is_required: bool = False, rules: Iterable[Rule] = (), kind: Kind | None = None) -> None:
        super().__init__(is_required=is_required, rules=rules)
        self.kind = kind

    def read(self, value: object) -> object:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise wrong_type(self.expected)
        if isinstance(value, float) and not math.isfinite(value):
            raise wrong_type(self.expected)
        if abs(value) > GREATEST_NUMBER:
            raise problem("too-large", most=GREATEST_NUMBER)
        return value

    def finish(self, value: object, neighbours: Mapping[str, object]) -> object:
        if self.kind is not None:
            self.kind.clean(plain_decimal(value), Surroundings())
        return value


class NumberText(Number):
    """number with serializeToString: a text of digits, for sums that a JSON number cannot hold."""

    expected = Bilingual('写成文字的数（例如 "12.50"）', 'a number written as text (such as "12.50")')
    blanks = ("",)

    def read(self, value: object) -> object:
        if not isinstance(value, str) or not _FIGURE.fullmatch(value):
            raise wrong_type(self.expected)
        return value

    def finish(self, value: object, neighbours: Mapping[str, object]) -> object:
        return value if self.kind is None else self.kind.clean(str(value), Surroundings())


class Checkbox(Input):
    """checkbox. Required means ticked."""

    expected = Bilingual("布尔值 true 或 false", "true or false")
    missing_code = "not-ticked"

    def empty(self) -> object:
        return False

    def is_blank(self, value: object) -> bool:
        return super().is_blank(value) or value is False

    def read(self, value: object) -> object:
        if not isinstance(value, bool):
            raise wrong_type(self.expected)
        return value


class Materials(Input):
    """filepicker: the ids of files received before, stored as a list whether one or several are allowed."""

    expected = Bilingual("材料编号的列表", "a list of material ids")
    blanks: ClassVar[tuple[object, ...]] = ("", [])

    def __init__(self, most: int, *, is_required: bool = False) -> None:
        super().__init__(is_required=is_required)
        self.most = most

    def empty(self) -> object:
        return []

    def read(self, value: object) -> object:
        ids = [value] if isinstance(value, str) else value
        if not isinstance(ids, list):
            raise wrong_type(self.expected)
        if len(ids) > self.most:
            raise problem("too-many-files", most=self.most)
        named = [id.removeprefix(REFERENCE) for id in ids if isinstance(id, str)]
        if len(named) != len(ids) or not all(map(_MATERIAL_ID.fullmatch, named)):
            raise wrong_type(self.expected)
        return named


class Computed(Input):
    """expression: what the form reckons itself. Nothing that is submitted for it counts."""

    def deserialize(
        self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        """The answer, None where there is none; a draft has no answers yet."""
        return plain(value) if isinstance(value, Answered) else missing


def read_text(value: object, expected: Bilingual) -> str:
    """A text that can be stored: no control characters, no half of a surrogate pair, not endless."""
    if not isinstance(value, str):
        raise wrong_type(expected)
    if len(value) > LONGEST_TEXT:
        raise problem("too-long", most=LONGEST_TEXT)
    if _UNPRINTABLE.search(value):
        raise problem("unprintable")
    return value
