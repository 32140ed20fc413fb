"""What a list of Camunda's can be asked for, said once: each parameter's field and the rows it leaves are one row of a
table, from which the schemas of address and body and the SQL condition are made. Knows no resource.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import marshmallow as ma
from sqlalchemy import Boolean, ColumnElement, Select, Text, bindparam, false, or_, true

from api.engine_rest.paging import ORDERS, Column, PageQuery, SortKeys, sortable
from api.engine_rest.variables import MOST_CONDITIONS, TOO_MANY
from api.engine_rest.wire import Dto, Flag, Listed, Moment, Number, Pattern, region_of, uuid_of
from casework.matrix import MATRIX
from engine.columns import Instant
from engine.errors import Invalid, Sentence
from engine.queries.definitions import EVERYWHERE
from engine.queries.filters import ESCAPE
from engine.transaction import Transaction

MOST_ALTERNATIVES, MOST_KEYS, MOST_LISTED = 50, 20, 20_000
TOO_LONG = Sentence(f"列表参数合计不得超过 {MOST_LISTED} 项。", f"Lists have at most {MOST_LISTED} values together.")
PRESENT: ColumnElement[Any] = bindparam("present", type_=Instant())
"""The present instant, in a condition that depends on it."""
CALLER: ColumnElement[Any] = bindparam("caller", type_=Text())
"""The login of who asks, in a condition that depends on it."""
READS_INCIDENTS: ColumnElement[bool] = bindparam("reads_incidents", type_=Boolean())
"""Whether the caller reads incidents at the office's own door."""
Meaning = Callable[[Any], ColumnElement[bool]]


class Parameter(NamedTuple):
    """One filter: how a client says it, and which rows it leaves, or adds to those that another, `widens`, leaves."""

    field: ma.fields.Field[Any]
    meaning: Meaning
    widens: str | None = None


Parameters = Mapping[str, Parameter]


def text(meaning: Meaning) -> Parameter:
    """A text that means what it is said to mean."""
    return Parameter(ma.fields.String(), meaning)


def texts(meaning: Meaning) -> Parameter:
    """Several texts."""
    return Parameter(Listed(ma.fields.String()), meaning)


def equal(column: Column) -> Parameter:
    """The text or the id in a column."""
    return text(lambda said: column == said)


def one_of(column: Column) -> Parameter:
    """One of several texts or ids."""
    return texts(lambda said: column.in_(said))


def none_of(column: Column) -> Parameter:
    """None of several texts or ids."""
    return texts(lambda said: column.not_in(said))


def like(column: Column) -> Parameter:
    """A pattern with % and _."""
    return Parameter(Pattern(), lambda pattern: column.like(pattern, escape=ESCAPE))


def not_like(column: Column) -> Parameter:
    """No such pattern."""
    return Parameter(Pattern(), lambda pattern: column.not_like(pattern, escape=ESCAPE))


def number(column: Column, compares: Callable[[Any, Any], Any] = operator.eq) -> Parameter:
    """A whole number, compared with a column."""
    return Parameter(Number(), lambda said: compares(column, said))


def at(column: Column) -> Parameter:
    """The very instant."""
    return Parameter(Moment(), lambda instant: column == instant)


def before(column: Column) -> Parameter:
    """Before an instant."""
    return Parameter(Moment(), lambda instant: column < instant)


def after(column: Column) -> Parameter:
    """After an instant."""
    return Parameter(Moment(), lambda instant: column > instant)


def until(column: Column) -> Parameter:
    """At an instant or before it, as Camunda's history means `…Before`."""
    return Parameter(Moment(), lambda instant: column <= instant)


def since(column: Column) -> Parameter:
    """At an instant or after it, as Camunda's history means `…After`."""
    return Parameter(Moment(), lambda instant: column >= instant)


def when(condition: ColumnElement[bool]) -> Parameter:
    """A flag: true leaves the rows of which this holds, false says nothing."""
    return Parameter(Flag(), lambda _: condition)


IGNORING_CASE: Parameters = {
    "variable_names_ignore_case": when(true()),
    "variable_values_ignore_case": when(true()),
}
"""What a question says of upper and lower case: each of its conditions on variables is told."""


def empty(column: Column) -> Parameter:
    """A flag for rows that have nothing in a column."""
    return when(column.is_(None))


def wire_id(column: Column) -> Parameter:
    """An id on the wire that ends in the UUID which the column keeps: `key:version:uuid`, `activity:uuid`."""
    return text(lambda said: column == uuid_of(said))


def wire_ids(column: Column) -> Parameter:
    """Several of them."""
    return texts(lambda said: column.in_([uuid_of(one) for one in said]))


def of_tenants(region: Column, including: str | None = None) -> Parameters:
    """Of which divisions; by the flag `including` also what serves everywhere."""
    said = {
        "tenant_id_in": texts(lambda said: region.in_([region_of(tenant) for tenant in said])),
        "without_tenant_id": when(region == EVERYWHERE),
    }
    also = Parameter(Flag(), lambda _: region == EVERYWHERE, widens="tenant_id_in")
    return said if including is None else {**said, including: also}


def nothing() -> Parameter:
    """What no row here has, such as an instance of CMMN."""
    return text(lambda _: false())


class Refused(ma.fields.Field[Any]):
    """A parameter of Camunda's that cannot be honoured: said so, rather than passed over with a wrong answer."""

    def __init__(self, why: Sentence) -> None:
        super().__init__(metadata={"description": why.en, "deprecated": True})
        self.why = why

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        raise ma.ValidationError([self.why])


def refused(why: Sentence) -> Parameter:
    """A parameter that is answered 400 with the reason."""
    return Parameter(Refused(why), lambda _: false())


def check_extent(*asked: Mapping[str, Any]) -> None:
    """Raises Invalid where a question and its alternatives are together more than any database takes: conditions on
    variables, each a join that is planned with all the others, and values in lists, each a parameter."""
    listed = [one for said in asked for values in said.values() if isinstance(values, list) for one in values]
    if sum(isinstance(one, tuple) for one in listed) > MOST_CONDITIONS:
        raise Invalid(TOO_MANY)
    if len(listed) > MOST_LISTED:
        raise Invalid(TOO_LONG)


class Query:
    """What a list can be narrowed and sorted by, under a name in the OpenAPI document.

    `last` is unique and orders what the sort key leaves equal. `alternatives`: a body may have `orQueries`. Of the
    parameters of a pair `never_together` one alone is asked for.
    """

    def __init__(
        self,
        name: str,
        parameters: Parameters,
        sort_keys: SortKeys,
        last: Column,
        *,
        alternatives: bool = False,
        never_together: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.name, self.parameters, self.sort_keys, self.last = name, parameters, sort_keys, last
        self.alternatives, self.never_together = alternatives, never_together

    @cached_property
    def fields(self) -> dict[str, Any]:
        """The parameters' fields by name."""
        return {name: parameter.field for name, parameter in self.parameters.items()}

    @cached_property
    def filter(self) -> type[ma.Schema]:
        """Which rows: what a count is asked with."""
        return Dto.from_dict(self.fields, name=f"{self.name}Filter")

    @cached_property
    def address(self) -> type[ma.Schema]:
        """Which rows, which part of them, in which order: in an address."""
        return PageQuery.from_dict(self.fields | {"sort_by": sortable(self.sort_keys)}, name=f"{self.name}Query")

    @cached_property
    def body(self) -> type[ma.Schema]:
        """The same in a body: several keys of an order, and alternatives of which one must hold."""
        said = self.fields | {"sorting": _some(self.key, MOST_KEYS)}
        if self.alternatives:
            said["or_queries"] = _some(self.filter, MOST_ALTERNATIVES)
        return Dto.from_dict(said, name=f"{self.name}Body")

    @cached_property
    def key(self) -> type[ma.Schema]:
        """One key of an order in a body."""
        key: dict[str, ma.fields.Field[Any]] = {
            "sort_by": ma.fields.String(required=True, validate=ma.validate.OneOf(sorted(self.sort_keys))),
            "sort_order": ma.fields.String(load_default="asc", validate=ma.validate.OneOf(ORDERS)),
        }
        return Dto.from_dict(key, name=f"{self.name}Sorting")

    def sorts_by(self, key: Mapping[str, Any]) -> Column:
        """What one key of an order in a body means."""
        return self.sort_keys[key["sort_by"]]

    def narrowed(
        self, tx: Transaction, statement: Select[*tuple[Any, ...]], wanted: Mapping[str, Any]
    ) -> Select[*tuple[Any, ...]]:
        """The rows of a statement that were asked for, sorted where the body says how. Raises Invalid for too much."""
        check_extent(wanted, *wanted.get("or_queries", ()))
        narrowed = statement.where(*self.conditions(wanted))
        for one in wanted.get("or_queries", ()):
            narrowed = narrowed.where(or_(*(self.conditions(one) or [true()])))
        keys = [(self.sorts_by(one), one["sort_order"]) for one in wanted.get("sorting", ())]
        narrowed = narrowed.order_by(*(key.desc() if order == "desc" else key.asc() for key, order in keys))
        reads_incidents = bool(tx.actor.groups & MATRIX["incidents.read"].roles)
        return narrowed.params(present=tx.now, caller=tx.actor.login, reads_incidents=reads_incidents)

    def conditions(self, wanted: Mapping[str, Any]) -> list[ColumnElement[bool]]:
        """What each parameter that was asked for means."""
        asked = {name: wanted[name] for name in self.parameters if wanted.get(name) is not None}
        if IGNORING_CASE.keys() <= self.parameters.keys():
            asked = {name: _told_case(said, wanted) for name, said in asked.items()}
        for one, other in self.never_together:
            if one in asked and other in asked:
                raise Invalid(Sentence(f"{one} 与 {other} 不能同时使用。", f"{one} and {other} exclude each other."))
        meant = {name: self.parameters[name].meaning(said) for name, said in asked.items()}
        for name in asked:
            widened = self.parameters[name].widens
            if widened is not None:
                more = meant.pop(name)
                meant |= {widened: or_(meant[widened], more)} if widened in meant else {}
        return list(meant.values())


def _told_case(said: Any, wanted: Mapping[str, Any]) -> Any:
    """Conditions on variables with what is said of upper and lower case; anything else as it is."""
    if not (isinstance(said, list) and said and isinstance(said[0], tuple)):
        return said
    return [(*row, *(bool(wanted.get(name)) for name in IGNORING_CASE)) for row in said]


def _some(schema: type[ma.Schema], most: int) -> ma.fields.List[Any]:
    return ma.fields.List(ma.fields.Nested(schema), load_default=list, validate=ma.validate.Length(max=most))
