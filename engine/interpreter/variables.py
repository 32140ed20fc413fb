"""Variables as the diagram's expressions see them: what is stored, overlaid by what this step has written.

A name is looked up from the innermost scope outwards, and is written where it is found, else in the process: Camunda's
setVariable. The counters of a multi-instance activity are seen as variables but never stored as such.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from engine.interpreter.step import VariableSet, meaning

if TYPE_CHECKING:
    from engine.interpreter.token import Token

Stored = Mapping[str | None, Mapping[str, object]]
CREATE, UPDATE = "create", "update"  # Camunda's variableEvents
NOTHING: Mapping[str, object] = {}


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
        """Writes into exactly this scope, on behalf of an activity instance."""
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
