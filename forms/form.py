"""A compiled form: what a client is shown, and the check of what it submits."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import PurePosixPath

from marshmallow import ValidationError

from forms.checking import CHECKING, Checking, Problem
from forms.containers import Section
from forms.document import JsonObject
from forms.dynamics import Scope
from forms.errors import MOST_FAULTS, FieldFault, FormRejected
from forms.merging import merged
from forms.settling import settled


@dataclass(frozen=True, slots=True)
class Option:
    """One fixed choice: what a person reads, and the value stored."""

    label: str
    value: object


@dataclass(frozen=True, slots=True)
class FormField:
    """One field or dynamic list as the designer drew it.

    `path` is where its value stands (`shareholders[].id_number` for a field of every row). `is_readonly` also covers
    disabled: the value is shown and never taken from a submission. `options_source` is the valuesKey; `accepted` the
    file types of a filepicker.
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
    accepted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file that a submission names: where, and which types the field takes (`accept`; none: every type)."""

    path: str
    id: str
    accepted: frozenset[str]

    def takes(self, filename: str, media_type: str) -> bool:
        """Whether the field takes such a file: by the ending of its name, its media type, or the kind of that (HTML
        Standard, the accept attribute)."""
        ending = PurePosixPath(filename).suffix.lower()
        kind = media_type.partition("/")[0] + "/*"
        return not self.accepted or not self.accepted.isdisjoint({ending, media_type, kind, "*/*"})


class Form:
    """One version of a form, made by compile_form. Safe to share between threads."""

    def __init__(
        self,
        document: JsonObject,
        fields: Sequence[FormField],
        section: Section,
        scope: Scope,
        defaults: Mapping[str, object],
    ) -> None:
        self.document = document
        self.fields = tuple(fields)
        self._section = section
        self._scope = scope
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
        self,
        values: object,
        *,
        context: Mapping[str, object] | None = None,
        today: date | None = None,
        now: datetime | None = None,
    ) -> dict[str, object]:
        """The values to store: declared fields only, what was left empty as form-js submits it ("", null, false, []).

        What the form's conditions hide is left out, what it computes is computed here. `context` is the data the form
        was shown with: what expressions see besides the submission, the options of a valuesKey, the rows of a list that
        must not change, the objects that keep what this form does not hold. Without `today` (the office's date) no date
        is held against it; `now` is the present of FEEL's now() and today(). Raises FormRejected with every fault;
        nothing else, whatever JSON is submitted.
        """
        shown = context or {}
        return merged(self._load(values, Checking(context=shown, today=today, now=now)), shown, self._scope.parts)

    @property
    def names(self) -> frozenset[str]:
        """The variables that a check asks for: those of expressions and of options, objects that other steps may have
        written to, lists of a fixed number of rows. Words that are no variables may be among them."""
        sources = {one.options_source for one in self.fields if one.options_source}
        objects = {part.place[0] for part in self._scope.parts if len(part.place) > 1 or part.is_fixed_list}
        return self._scope.names | sources | objects

    def files(self, values: Mapping[str, object]) -> list[HeldFile]:
        """The files that checked values name."""
        return [
            HeldFile(path, str(id), field.accepted)
            for field in self.fields
            if field.type == "filepicker"
            for path, ids in _at("", values, field.path.split("."))
            for id in (ids if isinstance(ids, list) else [])
        ]

    def check_draft(self, values: object) -> dict[str, object]:
        """The values of an unfinished form: types and fixed options only, nothing required, nothing filled in.

        Raises FormRejected with every fault.
        """
        return self._load(values, Checking(is_draft=True))

    def _load(self, values: object, checking: Checking) -> dict[str, object]:
        token = CHECKING.set(checking)
        try:
            if not checking.is_draft:
                values = settled(self._scope, values, checking.context, checking.now)
            return self._section.load(values)
        except ValidationError as error:
            raise FormRejected([*islice(_faults("", error.messages), MOST_FAULTS)]) from None
        finally:
            CHECKING.reset(token)


def _at(path: str, value: object, segments: Sequence[str]) -> Iterator[tuple[str, object]]:
    """Every value at a field's path, with the path it has in the submission."""
    if not segments:
        yield path, value
        return
    key, is_list = segments[0].removesuffix("[]"), segments[0].endswith("[]")
    inner = value.get(key) if isinstance(value, Mapping) else None
    if not is_list:
        yield from _at(_below(path, key), inner, segments[1:])
        return
    for number, row in enumerate(inner if isinstance(inner, list) else []):
        yield from _at(_below(_below(path, key), number), row, segments[1:])


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
