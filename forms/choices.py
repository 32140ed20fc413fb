"""The marshmallow fields of the components that offer options: one of them, or several."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from forms.checking import CHECKING, problem, wrong_type
from forms.errors import Bilingual
from forms.inputs import Input

MOST_CHOSEN = 500


class Options:
    """The options of a choice: fixed ones, or those the data under `source` (valuesKey) holds when checked."""

    def __init__(self, fixed: Sequence[object] = (), source: str | None = None) -> None:
        self.fixed = fixed
        self.source = source

    def require(self, value: object) -> None:
        if isinstance(value, list | dict):
            raise wrong_type(Bilingual("一个选项的值", "the value of one option"))
        if self.source is not None and CHECKING.get().is_draft:
            return
        if not any(_is_same(value, option) for option in self._offered()):
            raise problem("not-an-option")

    def _offered(self) -> Sequence[object]:
        if self.source is None:
            return self.fixed
        found = CHECKING.get().context.get(self.source)
        if not isinstance(found, list | tuple):
            raise problem("options-unknown", source=self.source)
        return [option.get("value") if isinstance(option, Mapping) else option for option in found]


class Choice(Input):
    """radio, select."""

    blanks = ("",)

    def __init__(self, options: Options, *, is_required: bool = False) -> None:
        super().__init__(is_required=is_required)
        self.options = options

    def read(self, value: object) -> object:
        self.options.require(value)
        return value


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


def _is_same(value: object, option: object) -> bool:
    # In Python True equals 1; in JSON they differ.
    return isinstance(value, bool) == isinstance(option, bool) and value == option
