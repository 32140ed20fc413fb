"""A DMN file as the engine sees it: its decisions, what each requires, and how each decides. Pure data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from engine.errors import Fault


class HitPolicy(StrEnum):
    """Which of the rules that match count (DMN 1.3, 8.2.8), in the words of its XML."""

    UNIQUE = "UNIQUE"
    FIRST = "FIRST"
    PRIORITY = "PRIORITY"
    ANY = "ANY"
    COLLECT = "COLLECT"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"

    @property
    def is_of_several(self) -> bool:
        """Whether more than one rule may count."""
        return self in (HitPolicy.COLLECT, HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER)


class Aggregation(StrEnum):
    """What COLLECT makes of the values it collected."""

    SUM = "SUM"
    MIN = "MIN"
    MAX = "MAX"
    COUNT = "COUNT"


@dataclass(frozen=True, slots=True)
class Input:
    """A column of what is asked: `expression` is FEEL, `variable` the name by which cells may call its value."""

    id: str
    label: str
    expression: str
    type: str | None
    variable: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Output:
    """A column of what is answered. `values` are FEEL, the most important first; `default` counts when no rule does."""

    id: str
    name: str
    type: str | None
    values: str | None = None
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: unary tests, one for each input, and FEEL expressions, one for each output. `number` counts from 1."""

    id: str
    number: int
    tests: tuple[str, ...]
    answers: tuple[str, ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table."""

    hit_policy: HitPolicy
    aggregation: Aggregation | None
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]

    @property
    def elements(self) -> int:
        """How many cells deciding looks at, by which Camunda counts its metric."""
        return (len(self.inputs) + len(self.outputs)) * len(self.rules)

    @property
    def texts(self) -> Iterator[str]:
        """All its FEEL."""
        for one in self.inputs:
            yield one.expression
        for output in self.outputs:
            yield from filter(None, (output.values, output.default))
        for rule in self.rules:
            yield from (*rule.tests, *rule.answers)


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal expression, whose value is the result under `name`."""

    name: str
    expression: str
    type: str | None

    @property
    def elements(self) -> int:
        """An expression counts as one."""
        return 1

    @property
    def texts(self) -> Iterator[str]:
        """All its FEEL."""
        yield self.expression


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. `requires` are the decisions whose results it sees; `history_days` is camunda:historyTimeToLive."""

    key: str
    name: str | None
    logic: Table | Literal
    requires: tuple[str, ...] = ()
    version_tag: str | None = None
    history_days: int | None = None


@dataclass(frozen=True, slots=True)
class Requirements:
    """A decision requirements graph: everything in one DMN file. `category` is the file's namespace, as in Camunda."""

    key: str
    name: str | None
    category: str | None
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    warnings: tuple[Fault, ...] = ()
