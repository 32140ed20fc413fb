"""What a deployment tells its designer although it is made: names that nothing answers to."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePath

from sqlalchemy import select

from casework import filled_forms, item_document, item_links, items, lint, lint_decisions, meaning_faults, start_forms
from casework.tables import Item
from engine import definitions
from engine.deployments import DECISION_SUFFIXES, Published
from engine.diagram.model import Process
from engine.dmn import read_decisions
from engine.errors import Fault
from engine.queries import not_deployed
from engine.queries.definitions import EVERYWHERE
from engine.tables import ProcessDefinition, Resource
from engine.transaction import Transaction


def of(tx: Transaction, made: Published, files: Mapping[str, bytes]) -> list[Fault]:
    """The engine's own warnings; forms, decisions and processes that are not there; misspelt properties; forms that
    nobody sees yet and clocks that no case has; what the items name and is not there, what their decisions answer and
    they do not have. Each names its file."""
    drawn_in = select(Resource.id, Resource.name).where(Resource.id.in_([one.resource_id for one in made.definitions]))
    names = {row.id: row.name for row in tx.session.execute(drawn_in)}
    found = [*made.warnings]
    for one in made.definitions:
        found += [replace(fault, resource=names[one.resource_id]) for fault in _of_process(tx, one)]
    return [*found, *item_links.faults(tx, files), *_of_matters(tx, files)]


def _of_matters(tx: Transaction, files: Mapping[str, bytes]) -> Iterator[Fault]:
    """What the decisions of a deployment answer that its items do not have, or ask that no application says."""
    items_of = [item_document.read(name, one) for name, one in files.items() if PurePath(name).name == items.FILE_NAME]
    decided = {name: one for name, one in files.items() if name.endswith(DECISION_SUFFIXES)} if items_of else {}
    for name, content in decided.items():
        for item in items_of:
            form = filled_forms.latest(tx, item.form, EVERYWHERE)
            for fault in lint_decisions.faults(read_decisions(content), item, form):
                yield replace(fault, resource=name)


def _of_process(tx: Transaction, definition: ProcessDefinition) -> Iterator[Fault]:
    process = definitions.load(tx, definition.id).process
    users = items.using(tx, definition.key, definition.region)
    yield from not_deployed.missing(tx, definition, process)
    yield from meaning_faults.faults(process)
    yield from _clocks(process, users) if users else start_forms.unused(process)


def _clocks(process: Process, users: Iterable[Item]) -> Iterator[Fault]:
    for item in users:
        for node in process.nodes.values():
            for said in lint.unknown_clocks(node, items.of(item)):
                yield Fault(said, node.id, node.line)
