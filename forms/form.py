"""A compiled form: what a client is shown, and the check of what it submits."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from itertools import islice

from marshmallow import ValidationError

from forms.checking import CHECKING, Checking, Problem
from forms.containers import Section
from forms.document import JsonObject
from forms.errors import MOST_FAULTS, FieldFault, FormRejected


@dataclass(frozen=True, slots=True)
class Option:
    """One fixed choice: what a person reads, and the value stored."""

    label: str
    value: object


@dataclass(frozen=True, slots=True)
class FormField:
    """One field or dynamic list as the designer drew it.

    `path` is where its value stands (`shareholders[].id_number` for a field of every row). `is_readonly` also covers
    disabled: the value is shown and never taken from a submission. `options_source` is the valuesKey.
    """

    path: str
    label: str
    type: str
    component_id: str | None = None
    is_required: bool = False
    is_readonly: bool = False
    kind: str | None = None
    options: tuple[Option, ...] = ()
    options_source: str | None = None


class Form:
    """One version of a form, made by compile_form. Safe to share between threads."""

    def __init__(
        self, document: JsonObject, fields: Sequence[FormField], section: Section, defaults: Mapping[str, object]
    ) -> None:
        self.document = document
        self.fields = tuple(fields)
        self._section = section
        self._defaults = defaults

    @property
    def id(self) -> str | None:
        """The form key that formRef names."""
        found = self.document.get("id")
        return found if isinstance(found, str) else None

    def defaults(self) -> dict[str, object]:
        """The values a new form begins with, nested as a submission is."""
        return deepcopy(dict(self._defaults))

    def check(
        self, values: object, *, context: Mapping[str, object] | None = None, today: date | None = None
    ) -> dict[str, object]:
        """The values to store: declared fields only, what was left empty as form-js submits it ("", null, false, []).

        `context` is the data the form was shown with: the options of a valuesKey, the rows of a list that must not
        change. Without `today` (the office's date) no date is held against it. Raises FormRejected with every fault;
        nothing else, whatever JSON is submitted.
        """
        return self._load(values, Checking(context=context or {}, today=today))

    def check_draft(self, values: object) -> dict[str, object]:
        """The values of an unfinished form: types and fixed options only, nothing required, nothing filled in.

        Raises FormRejected with every fault.
        """
        return self._load(values, Checking(is_draft=True))

    def _load(self, values: object, checking: Checking) -> dict[str, object]:
        token = CHECKING.set(checking)
        try:
            return self._section.load(values)
        except ValidationError as error:
            raise FormRejected([*islice(_faults("", error.messages), MOST_FAULTS)]) from None
        finally:
            CHECKING.reset(token)


def _faults(path: str, messages: object) -> Iterator[FieldFault]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _faults(_below(path, key), inner)
    elif isinstance(messages, list):
        for found in messages:
            if isinstance(found, Problem):
                yield FieldFault(path, found.text, found.code)


def _below(path: str, key: object) -> str:
    if key is None:
        return path
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else str(key)
