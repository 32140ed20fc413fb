"""The routes that every list of Camunda's has alike: GET and POST, each with its count. Knows no resource."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import marshmallow as ma
from sqlalchemy import Row, Select

from api.engine_rest.paging import Counted, PartQuery, counted, paged
from api.engine_rest.query_parameters import Query
from api.engine_rest.routes import CamundaRoutes
from engine.errors import NotFound, Sentence
from engine.transaction import Transaction

Rows = Sequence[Row[*tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class List:
    """One list: what its rows are called, whose act reading it is, what it can be asked for, which rows the caller may
    know of, and how rows look on the wire."""

    name: Sentence
    act: str
    query: Query
    known: Callable[[Transaction], Select[*tuple[Any, ...]]]
    shown: Callable[[Transaction, Rows], list[dict[str, Any]]]
    answer: type[ma.Schema]

    def page(self, tx: Transaction, wanted: Mapping[str, Any], page: Mapping[str, Any]) -> list[dict[str, Any]]:
        """One page of it."""
        statement = self.query.narrowed(tx, self.known(tx), wanted)
        return self.shown(tx, paged(tx, statement, self.query.sort_keys, page, self.query.last))

    def count(self, tx: Transaction, wanted: Mapping[str, Any]) -> dict[str, int]:
        """How many rows it has."""
        return counted(tx, self.query.narrowed(tx, self.known(tx), wanted))

    def one(self, tx: Transaction, uuid: str) -> dict[str, Any]:
        """The row of an id. Raises NotFound."""
        found = tx.session.execute(self.known(tx).where(self.query.last == uuid)).all()
        if not found:
            raise NotFound(
                Sentence(f"{self.name.zh}中没有“{uuid[:64]}”。", f"{self.name.en}: {uuid[:64]} does not exist.")
            )
        return self.shown(tx, found)[0]


def state(routes: CamundaRoutes, path: str, listed: List, *, by_post: bool = True) -> None:
    """The routes of a list at an address: read and counted by GET, and by POST unless Camunda has none."""
    _read(routes, path, listed)
    if by_post:
        _queried(routes, path, listed)


def _read(routes: CamundaRoutes, path: str, listed: List) -> None:
    @routes.get(path, listed.name.zh, listed.act, query=listed.query.address, answer=listed.answer(many=True))
    @titled(f"List {listed.name.en}")
    def read(tx: Transaction, query: dict[str, Any]) -> list[dict[str, Any]]:
        return listed.page(tx, query, query)

    @routes.get(f"{path}/count", f"{listed.name.zh}数", listed.act, query=listed.query.filter, answer=Counted)
    @titled(f"Count {listed.name.en}")
    def count(tx: Transaction, query: dict[str, Any]) -> dict[str, int]:
        return listed.count(tx, query)


def _queried(routes: CamundaRoutes, path: str, listed: List) -> None:
    @routes.post(
        path,
        listed.name.zh,
        listed.act,
        query=PartQuery,
        body=listed.query.body,
        answer=listed.answer(many=True),
        keeps_answer=False,
    )
    @titled(f"Query {listed.name.en}")
    def query(tx: Transaction, page: dict[str, Any], body: dict[str, Any]) -> list[dict[str, Any]]:
        return listed.page(tx, body, page)

    @routes.post(
        f"{path}/count", f"{listed.name.zh}数", listed.act, body=listed.query.body, answer=Counted, keeps_answer=False
    )
    @titled(f"Count {listed.name.en} of a query")
    def count(tx: Transaction, body: dict[str, Any]) -> dict[str, int]:
        return listed.count(tx, body)


def titled(title: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The docstring's first line is the route's title."""

    def name(view: Callable[..., Any]) -> Callable[..., Any]:
        view.__doc__ = title
        return view

    return name
