"""The marshmallow fields of the components that offer options: one of them, or several."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from forms.answers import Answered
from forms.checking import CHECKING, problem, wrong_type
from forms.errors import Bilingual
from forms.inputs import Input

MOST_CHOSEN = 500


class Options:
    """The options of a choice: fixed ones, or those the data under `source` (valuesKey) holds when checked.

    `is_asked`: an expression offers them (valuesExpression), and they come with the value.
    """

    def __init__(self, fixed: Sequence[object] = (), source: str | None = None, *, is_asked: bool = False) -> None:
        self.fixed = fixed
        self.source = source
        self.is_asked = is_asked

    def require(self, value: object) -> None:
        if isinstance(value, list | dict):
            raise wrong_type(Bilingual("一个选项的值", "the value of one option"))
        if self.is_asked or (self.source is not None and CHECKING.get().is_draft):
            return
        if not any(_is_same(value, option) for option in self._offered()):
            raise problem("not-an-option")

    def _offered(self) -> Sequence[object]:
        if self.source is None:
            return self.fixed
        found = CHECKING.get().context.get(self.source)
        if not isinstance(found, list | tuple):
            raise problem("options-unknown", source=self.source)
        return _values(found)

    def hold(self, chosen: Sequence[object], offered: object) -> None:
        """Holds what was chosen against what an expression offers."""
        values = _values(offered) if isinstance(offered, list) else []
        if self.is_asked and not all(any(_is_same(one, value) for value in values) for one in chosen):
            raise problem("not-an-option")


class Choice(Input):
    """radio, select."""

    blanks = ("",)

    def __init__(self, options: Options, *, is_required: bool = False) -> None:
        super().__init__(is_required=is_required)
        self.options = options

    def read(self, value: object) -> object:
        self.options.require(value)
        return value

    def hold(self, found: object, answered: Answered) -> None:
        super().hold(found, answered)
        self.options.hold([] if self.is_blank(found) else [found], answered.options)


class Choices(Input):
    """checklist, taglist."""

    expected = Bilingual("选项值的列表", "a list of option values")
    blanks: ClassVar[tuple[object, ...]] = ([],)

    def __init__(self, options: Options, *, is_required: bool = False) -> None:
        super().__init__(is_required=is_required)
        self.options = options

    def empty(self) -> object:
        return []

    def read(self, value: object) -> object:
        if not isinstance(value, list) or len(value) > MOST_CHOSEN:
            raise wrong_type(self.expected)
        for position, chosen in enumerate(value):
            self.options.require(chosen)
            if any(_is_same(chosen, other) for other in value[:position]):
                raise problem("chosen-twice")
        return value

    def hold(self, found: object, answered: Answered) -> None:
        super().hold(found, answered)
        self.options.hold(found if isinstance(found, list) else [], answered.options)


def _values(options: Sequence[object]) -> list[object]:
    return [option.get("value") if isinstance(option, Mapping) else option for option in options]


def _is_same(value: object, option: object) -> bool:
    # In Python True equals 1; in JSON they differ.
    return isinstance(value, bool) == isinstance(option, bool) and value == option
