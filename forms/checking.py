"""The circumstances of one check, lent to the marshmallow fields, and the way a field reports a problem."""

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime

from marshmallow import ValidationError

from forms.errors import Bilingual
from forms.sentences import field_sentence


@dataclass(frozen=True, slots=True)
class Checking:
    """`context`: data the form was shown with. `today` and `now`: the office's, None if unknown."""

    is_draft: bool = False
    context: Mapping[str, object] = field(default_factory=dict)
    today: date | None = None
    now: datetime | None = None


CHECKING: ContextVar[Checking] = ContextVar("CHECKING")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one value; where it stands is known only when all problems are gathered."""

    code: str
    text: Bilingual


def problem(code: str, **values: object) -> ValidationError:
    """The error a field raises; `values` fill the sentence."""
    return ValidationError([Problem(code, field_sentence(code, **values))])


def wrong_type(expected: Bilingual) -> ValidationError:
    """The value has another JSON type or shape than the component submits."""
    return problem("wrong-type", expected_zh=expected.zh, expected_en=expected.en)
