"""Variables as the diagram's expressions see them: what is stored, overlaid by what this step has written.

A name is looked up from the innermost scope outwards, and is written where it is found, else in the process: Camunda's
setVariable. The counters of a multi-instance activity are seen as variables but never stored as such.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from engine.errors import EngineError, Sentence
from engine.interpreter.step import VariableSet, meaning

if TYPE_CHECKING:
    from engine.interpreter.token import Token

Stored = Mapping[str | None, Mapping[str, object]]
CREATE, UPDATE = "create", "update"  # Camunda's variableEvents
NOTHING: Mapping[str, object] = {}
MOST_WRITTEN = 5_000_000  # characters
A_VALUE = 20  # counts as so many characters
DEEPEST = 100


@runtime_checkable
class Preloads(Protocol):
    """Stored variables that cost less to read for several scopes together than one after another."""

    def preload(self, scope_ids: Sequence[str | None]) -> None: ...


class Variables:
    """The variables of one process instance during one step. Scopes are read when a name is looked up, not before.

    `tells_new_apart`: whether a variable is new or only changed matters to the diagram, and is looked up at each write.
    """

    def __init__(self, stored: Stored, *, tells_new_apart: bool = False) -> None:
        self._stored, self._tells_new_apart = stored, tells_new_apart
        self._changes: defaultdict[tuple[str | None, str], set[str]] = defaultdict(set)
        self._written: dict[str | None, dict[str, object]] = {}
        self._room = MOST_WRITTEN
        self.changed: list[tuple[str | None, str]] = []

    def stored(self, token: "Token") -> Mapping[str, object]:
        """What was stored in the token's own scope before this step."""
        return (self._stored.get(token.scope_id) or NOTHING) if _may_hold(token) else NOTHING

    def preload(self, token: "Token") -> None:
        """Reads together all the scopes that are seen from a token."""
        if isinstance(self._stored, Preloads):
            self._stored.preload([here.scope_id for here in _outwards(token) if _may_hold(here)])

    def written(self, token: "Token") -> Mapping[str, object]:
        """What this step has written into the token's own scope."""
        return self._written.get(token.scope_id, NOTHING)

    def own(self, token: "Token") -> dict[str, object]:
        """All variables of the token's own scope."""
        return {**self.stored(token), **self.written(token)}

    def write(self, scope_id: str | None, name: str, value: object, by: str | None) -> VariableSet:
        """Writes into exactly this scope, on behalf of an activity instance. Raises EngineError when all that the step
        writes is more than anybody could keep: a loop that doubles a list is there after 17 rounds."""
        self._room -= _weight(value, name, self._room)
        if self._tells_new_apart:
            self._changes[scope_id, name].add(UPDATE if self._holds(scope_id, name) else CREATE)
        self._written.setdefault(scope_id, {})[name] = meaning(value)
        self.changed.append((scope_id, name))
        return VariableSet(scope_id, name, value, by)

    def _holds(self, scope_id: str | None, name: str) -> bool:
        return name in self._written.get(scope_id, NOTHING) or name in (self._stored.get(scope_id) or NOTHING)

    def how(self, scope_id: str | None, name: str) -> Collection[str]:
        """How a variable changed since this was asked last; an update where nothing tells it apart."""
        return self._changes.pop((scope_id, name), (UPDATE,))

    def home(self, token: "Token", name: str) -> str | None:
        """The innermost scope, seen from a token, that holds the name; the process when none does."""
        for here in _outwards(token):
            if name in self.written(here) or name in self.stored(here):
                return here.scope_id
        return None


def _weight(value: object, name: str, most: int) -> int:
    """How many characters a variable has. What was sent keeps the bounds of who received it."""
    weight, pending = 0, [(value, 0)]
    while pending:
        one, depth = pending.pop()
        weight += A_VALUE + (len(one) if isinstance(one, str) else 0)
        if weight > most or depth > DEEPEST:
            raise EngineError(
                Sentence(
                    f"一次推进写入的变量合计超过 {MOST_WRITTEN} 个字符，或嵌套超过 {DEEPEST} 层（“{name}”）。",
                    f"One step writes more than {MOST_WRITTEN} characters, or more than {DEEPEST} levels (“{name}”).",
                )
            )
        if isinstance(one, Mapping):
            pending += [(part, depth + 1) for entry in one.items() for part in entry]
        elif isinstance(one, list | tuple):
            pending += [(part, depth + 1) for part in one]
    return weight


def _outwards(token: "Token") -> Iterator["Token"]:
    """The token and the scopes around it, the process last."""
    here: Token | None = token
    while here is not None:
        yield here
        here = here.parent


def _may_hold(token: "Token") -> bool:
    """Whether anything can have been stored in the token's own scope before this step."""
    return not token.is_new and token.task_spec.holds_variables


class Visible(Mapping[str, object]):
    """The variables that an expression sees from a token."""

    __slots__ = ("_token", "_variables")

    def __init__(self, variables: Variables, token: "Token") -> None:
        self._variables, self._token = variables, token

    def _scopes(self) -> Iterator[Mapping[str, object]]:
        for here in _outwards(self._token):
            yield self._variables.written(here)
            yield here.task_spec.counters(here)
            yield self._variables.stored(here)

    def __getitem__(self, name: str) -> object:
        for scope in self._scopes():
            if name in scope:
                return scope[name]
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name for scope in self._scopes() for name in scope))

    def __len__(self) -> int:
        return sum(1 for _ in self)
