"""What a deployment tells its designer although it is made: names that nothing answers to."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from sqlalchemy import select

from casework import item_links, items, lint, meaning_faults, start_forms
from casework.tables import Item
from engine import definitions
from engine.deployments import Published
from engine.diagram.model import Process
from engine.errors import Fault
from engine.queries import not_deployed
from engine.tables import ProcessDefinition, Resource
from engine.transaction import Transaction


def of(tx: Transaction, made: Published, files: Mapping[str, bytes]) -> list[Fault]:
    """The engine's own warnings; forms, decisions and processes that are not there; misspelt properties; forms that
    nobody sees yet and clocks that no case has; what the items name and is not there. Each names its file."""
    drawn_in = select(Resource.id, Resource.name).where(Resource.id.in_([one.resource_id for one in made.definitions]))
    names = {row.id: row.name for row in tx.session.execute(drawn_in)}
    found = [*made.warnings]
    for one in made.definitions:
        found += [replace(fault, resource=names[one.resource_id]) for fault in _of_process(tx, one)]
    return [*found, *item_links.faults(tx, files)]


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
