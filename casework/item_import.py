"""Thousands of items at once, in and out: all of a file or nothing of it. What is unchanged makes no new version."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select
from sqlalchemy.orm import aliased

from casework import filled_forms, item_lines, item_links, item_versions, matters, start_forms
from casework.item_document import ItemDocument
from casework.item_lines import Line, Lines, Tell
from casework.item_links import Known
from casework.tables import Item, ItemChange, ItemState
from engine.errors import Fault, Invalid, Sentence
from engine.queries.definitions import EVERYWHERE
from engine.store.dialect import look_over
from engine.transaction import Transaction
from forms import Form

AT_ONCE = 500
MOST_LISTED = 1_000
Later = aliased(Item)


@dataclass(slots=True)
class Summary:
    """What an import did, or would do."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest version of an item that there is."""

    version: int
    document: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the items of a file are held against; `drawn` has the faults of a process and a form together."""

    known: Known
    repealed: frozenset[str]
    form: Callable[[str], Form | None]
    drawn: dict[tuple[str, str], list[Fault]]


def publish(
    tx: Transaction, lines: Lines, *, most_listed: int = MOST_LISTED, tell: Tell = lambda done: None
) -> Summary:
    """Publishes every item of a file whose document differs from its newest version.

    Raises Invalid with the bad lines, in order and at most so many, when there is one: then nothing is stored.
    """
    tx.ports.may(tx, "items.administer", None)
    item_versions.take_turn(tx, EVERYWHERE)
    done = _sorted_out(tx, lines, most_listed, tell, lambda rows: _store(tx, rows))
    if done.created + done.changed >= AT_ONCE:
        look_over(tx.session.connection(), Item)
    return done


def preview(
    tx: Transaction, lines: Lines, *, most_listed: int = MOST_LISTED, tell: Tell = lambda done: None
) -> Summary:
    """What `publish` would do; stores nothing. Raises Invalid as it would."""
    tx.ports.may(tx, "items.administer", None)
    return _sorted_out(tx, lines, most_listed, tell, lambda rows: None)


def count(tx: Transaction) -> int:
    """How many documents `exported` will give."""
    return tx.session.scalar(select(func.count()).select_from(Item).where(*_exported())) or 0


def exported(tx: Transaction) -> Iterator[str]:
    """The newest version of every item that is not repealed, by code, each a line that `publish` finds unchanged."""
    tx.ports.may(tx, "items.history", None)
    newest = select(Item.document).where(*_exported()).order_by(Item.code)
    return iter(tx.session.scalars(newest, execution_options={"yield_per": AT_ONCE}))


def _exported() -> tuple[ColumnElement[bool], ...]:
    return Item.region == EVERYWHERE, Item.version == _newest_version(), Item.code.not_in(_repealed())


def _newest_version() -> ColumnElement[int]:
    newest = select(func.max(Later.version)).where(Later.region == Item.region, Later.code == Item.code)
    return newest.scalar_subquery()


def _repealed() -> Any:
    return select(ItemChange.code).where(ItemChange.region == EVERYWHERE, ItemChange.state == ItemState.REPEALED)


def _sorted_out(
    tx: Transaction, lines: Lines, most_listed: int, tell: Tell, store: Callable[[list[dict[str, Any]]], None]
) -> Summary:
    around = Surroundings(
        item_links.known(tx),
        frozenset(tx.session.scalars(_repealed())),
        cache(lambda key: filled_forms.latest(tx, key, EVERYWHERE)),
        {},
    )
    summary = Summary()
    for batch in _batches(lines):
        rows = list(_changed(tx, batch, around, lines, summary))
        if rows and not lines.faults.total:
            store(rows)
        tell(len(batch))
    if lines.faults.total:
        raise _refusal(lines, most_listed)
    return summary


def _batches(lines: Iterable[Line]) -> Iterator[list[Line]]:
    left = iter(lines)
    while batch := list(islice(left, AT_ONCE)):
        yield batch


def _changed(
    tx: Transaction, batch: list[Line], around: Surroundings, lines: Lines, summary: Summary
) -> Iterator[dict[str, Any]]:
    """The rows of the new versions; a line that cannot become one leaves its faults with the others."""
    documents = [(line, line.document) for line in batch]
    newest = _newest(tx, [document.published["code"] for _, document in documents])
    for line, document in documents:
        before = newest.get(document.published["code"])
        if before is not None and before.document == line.content:
            summary.unchanged += 1
            continue
        summary.created += before is None
        summary.changed += before is not None
        lines.faults.add(line.number, *_faults(tx, document, around))
        version = before.version + 1 if before else 1
        yield item_versions.columns(tx, EVERYWHERE, document.published, line.content, version)


def _newest(tx: Transaction, codes: list[str]) -> Mapping[str, Newest]:
    rows = tx.session.execute(
        select(Item.code, Item.version, Item.document).where(
            Item.region == EVERYWHERE, Item.code.in_(codes), Item.version == _newest_version()
        )
    )
    return {row.code: Newest(row.version, row.document) for row in rows}


def _faults(tx: Transaction, document: ItemDocument, around: Surroundings) -> Iterator[Fault]:
    yield from item_versions.paper_faults(document.published)
    yield from item_links.unknown(document.published, around.known)
    form = around.form(document.form) if document.matters else None
    if form is not None:
        yield from matters.unknown_columns(document.published, form)
    pair = document.process, document.form
    if pair not in around.drawn:
        around.drawn[pair] = start_forms.of_item(tx, EVERYWHERE, document)
    yield from around.drawn[pair]
    if document.published["code"] in around.repealed:
        yield Fault(item_versions.REPEALED, "code")


def _store(tx: Transaction, rows: list[dict[str, Any]]) -> None:
    tx.session.connection().execute(insert(Item), rows)


def _refusal(lines: Lines, most_listed: int) -> Invalid:
    """Every bad line; of a file that is not one of items, that."""
    if not lines.holds_objects:
        return Invalid(item_lines.ANOTHER_FILE)
    bad, total = len(lines.faults.lines), lines.faults.total
    return Invalid(
        Sentence(
            f"{bad} 行共 {total} 处错误，未导入任何事项。",
            f"{total} faults in {bad} lines; no item was imported.",
        ),
        faults=lines.faults.in_order()[:most_listed],
    )
