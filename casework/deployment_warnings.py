"""What a deployment tells its designer although it is made: names that mean nothing to the office."""

from collections.abc import Iterable, Iterator, Mapping

from casework import item_links, items, lint, meaning_faults, start_forms
from casework.tables import Item
from engine import definitions
from engine.deployments import Published
from engine.diagram.model import Process
from engine.errors import Fault
from engine.transaction import Transaction


def of(tx: Transaction, made: Published, files: Mapping[str, bytes]) -> list[Fault]:
    """The engine's own warnings; misspelt properties; forms that nobody sees yet and clocks that no case has; what the
    items name and is not there."""
    found = [*made.warnings]
    for one in made.definitions:
        process = definitions.load(tx, one.id).process
        users = items.using(tx, one.key, one.region)
        found += meaning_faults.faults(process)
        found += _clocks(process, users) if users else start_forms.unused(process)
    return [*found, *item_links.faults(tx, files)]


def _clocks(process: Process, users: Iterable[Item]) -> Iterator[Fault]:
    for item in users:
        for node in process.nodes.values():
            for said in lint.unknown_clocks(node, items.of(item)):
                yield Fault(said, node.id, node.line)
