"""The closed list of what may be asked of a value: `list.size()`, `text.contains(x)`, `map.get(key)`, `list[0]`.

The names are those of java.util.List, java.util.Map and java.lang.String that everyday diagrams use, and of instants
(`instants.METHODS`); nothing else of a value can be reached.
"""

from collections.abc import Callable, Mapping, Sequence, Sized
from datetime import datetime

from engine.errors import Sentence
from engine.expressions import instants
from engine.expressions.faults import ExpressionError
from engine.expressions.operators import same
from engine.expressions.values import is_list, joined, kind, number

Method = Callable[..., object]
_KEY = (str, int, float)
MOST_ELEMENTS = 10_000


def element(base: object, key: object) -> object:
    """`base.key` and `base[key]`: null of null, a map's value or null, an element of a list, a character of text."""
    if base is None:
        return None
    if isinstance(base, Mapping):
        return _value_of(base, key)
    if isinstance(base, str):
        return base[_index(base, key)]
    if is_list(base):
        return base[_index(base, key)]
    raise ExpressionError(
        Sentence(f"{kind(base).zh}没有可取的成员。", f"{kind(base).en.capitalize()} has no members to read.")
    )


def _value_of(mapping: Mapping[object, object], key: object) -> object:
    if key is not None and not isinstance(key, _KEY):
        raise ExpressionError(
            Sentence(f"{kind(key).zh}不能作为映射的键。", f"{kind(key).en.capitalize()} cannot be the key of a map.")
        )
    return mapping.get(key)


def _index(items: Sized, key: object) -> int:
    if isinstance(key, str) and not key.lstrip("-").isdigit():
        raise ExpressionError(
            Sentence(
                f"{kind(items).zh}没有名为“{key}”的成员；请用序号，或调用 size() 等方法。",
                f"{kind(items).en.capitalize()} has no member {key}; use an index, or a method such as size().",
            )
        )
    place = number(key)
    if key is None or place != int(place):
        raise ExpressionError(Sentence("序号必须是整数。", "An index must be a whole number."))
    count = len(items)
    if 0 <= place < count:
        return int(place)
    raise ExpressionError(
        Sentence(
            f"没有序号 {int(place)}：共有 {count} 项，序号从 0 开始。",
            f"There is no index {int(place)}: there are {count} elements, counted from 0.",
        )
    )


def size(value: object) -> int:
    """`size(x)`: the number of elements; nothing is in null."""
    if value is None:
        return 0
    if isinstance(value, (str, Mapping)) or is_list(value):
        return len(value)
    raise ExpressionError(Sentence(f"{kind(value).zh}没有长度。", f"{kind(value).en.capitalize()} has no size."))


def contains(container: object, item: object) -> bool:
    """`contains(x, item)`: a list holds an equal element, a map the key, text the text; null holds nothing."""
    if container is None:
        return False
    if isinstance(container, str):
        return _argument(item) in container
    if isinstance(container, Mapping):
        return _has_key(container, item)
    if is_list(container):
        return any(same(element, item) for element in container)
    raise ExpressionError(
        Sentence(f"{kind(container).zh}不能包含其他值。", f"{kind(container).en.capitalize()} contains nothing.")
    )


def list_of(*items: object) -> list[object]:
    """`listOf(a, b)`: a new list of the arguments, empty without any."""
    return list(items)


def append(items: object, item: object) -> list[object]:
    """`append(list, x)`: a new list with one element more; null counts as an empty list."""
    grown = [*_list(items), item]
    if len(grown) > MOST_ELEMENTS:
        raise ExpressionError(
            Sentence(f"列表超过 {MOST_ELEMENTS} 项。", f"The list has more than {MOST_ELEMENTS} elements.")
        )
    return grown


def without(items: object, item: object) -> list[object]:
    """`without(list, x)`: a new list without the elements equal to x; null counts as an empty list."""
    return [element for element in _list(items) if not same(element, item)]


def _list(value: object) -> Sequence[object]:
    if value is None:
        return ()
    if is_list(value):
        return value
    raise ExpressionError(
        Sentence(f"此处需要列表，但得到的是{kind(value).zh}。", f"A list is needed here, not {kind(value).en}.")
    )


def _has_key(mapping: Mapping[object, object], key: object) -> bool:
    return isinstance(key, _KEY) and key in mapping


def _argument(value: object) -> str:
    if isinstance(value, str):
        return value
    raise ExpressionError(
        Sentence(f"此处需要文本，但得到的是{kind(value).zh}。", f"Text is needed here, not {kind(value).en}.")
    )


FUNCTIONS: Mapping[str, tuple[int | None, Method]] = {
    "size": (1, size),
    "contains": (2, contains),
    "listOf": (None, list_of),
    "append": (2, append),
    "without": (2, without),
}
"""Each with the number of its arguments, None for any. None of them changes a value: they make a new one."""

_TEXT = "text"
_LIST = "list"
_MAP = "map"
_INSTANT = "instant"

METHODS: Mapping[str, tuple[int, Mapping[str, Method]]] = {
    "size": (0, {_LIST: len, _MAP: len}),
    "length": (0, {_TEXT: len}),
    "isEmpty": (0, {_TEXT: lambda base: not base, _LIST: lambda base: not base, _MAP: lambda base: not base}),
    "contains": (1, {_TEXT: contains, _LIST: contains}),
    "containsKey": (1, {_MAP: _has_key}),
    "get": (1, {_LIST: element, _MAP: element}),
    "startsWith": (1, {_TEXT: lambda base, start: base.startswith(_argument(start))}),
    "endsWith": (1, {_TEXT: lambda base, end: base.endswith(_argument(end))}),
    "toUpperCase": (0, {_TEXT: lambda base: joined([base]).upper()}),
    "toLowerCase": (0, {_TEXT: lambda base: joined([base]).lower()}),
    "trim": (0, {_TEXT: lambda base: base.strip()}),
    "equals": (1, {}),
    **{name: (count, {_INSTANT: method}) for name, (count, method) in instants.METHODS.items()},
}


def call(name: str, base: object, arguments: tuple[object, ...]) -> object:
    """`base.name(arguments)` for a name of METHODS; null has no methods."""
    if name == "equals" and base is not None:
        return same(base, *arguments)
    method = METHODS[name][1].get(_family(base))
    if method is None:
        raise ExpressionError(
            Sentence(f"{kind(base).zh}不能调用 {name}()。", f"{name}() cannot be called on {kind(base).en}.")
        )
    return method(base, *arguments)


def _family(base: object) -> str:
    if isinstance(base, str):
        return _TEXT
    if isinstance(base, Mapping):
        return _MAP
    if isinstance(base, datetime):
        return _INSTANT
    return _LIST if is_list(base) else ""
