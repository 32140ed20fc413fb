"""What a deployed diagram refers to and would not find if it were reached now: forms, files, decisions, processes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, null, select

from engine.diagram.model import Binding, Node, Process
from engine.diagram.references import Kind, Reference, references
from engine.errors import Fault
from engine.queries.definitions import EVERYWHERE, Deployable, deployed_with
from engine.tables import DecisionDefinition, FormDefinition, ProcessDefinition, Resource
from engine.transaction import Transaction

TABLES: Mapping[Kind, tuple[Deployable, ColumnElement[Any]]] = {
    Kind.FORM: (FormDefinition, null()),
    Kind.DECISION: (DecisionDefinition, DecisionDefinition.version_tag.expression),
    Kind.PROCESS: (ProcessDefinition, ProcessDefinition.version_tag.expression),
}
"""Where the versions of a kind are, and their tags."""


def missing(tx: Transaction, definition: ProcessDefinition, process: Process) -> list[Fault]:
    """Every literal reference of a version that nothing answers to, at its node."""
    return [Fault(one.missing(node), node.id, node.line) for node, one in unanswered(tx, definition, process)]


def unanswered(tx: Transaction, definition: ProcessDefinition, process: Process) -> list[tuple[Node, Reference]]:
    """Every node of a version with a literal reference that nothing answers to; one statement a kind."""
    named = [(node, one) for node in process.nodes.values() for one in references(node)]
    keys: dict[Kind, set[str]] = defaultdict(set)
    for _, one in named:
        keys[one.kind].add(one.key)
    there = {found for kind, wanted in keys.items() for found in _there(tx, definition, kind, wanted)}
    return [(node, one) for node, one in named if one not in there]


def _there(tx: Transaction, definition: ProcessDefinition, kind: Kind, keys: Iterable[str]) -> Iterator[Reference]:
    """What of these keys there is, under every binding by which it would be found."""
    if kind is Kind.FILE:
        files = select(Resource.name).where(Resource.deployment_id == definition.deployment_id, Resource.name.in_(keys))
        yield from (Reference(kind, name, Binding.DEPLOYMENT) for name in tx.session.scalars(files))
        return
    table, tag = TABLES[kind]
    together = table.id.in_(deployed_with(table, definition.deployment_id))
    versions = select(table.key, table.version, tag.label("tag"), together.label("is_together")).where(
        table.key.in_(keys), table.region.in_({definition.region, EVERYWHERE})
    )
    for key, version, tagged, is_together in tx.session.execute(versions):
        yield Reference(kind, key)
        yield Reference(kind, key, Binding.VERSION, str(version))
        yield Reference(kind, key, Binding.VERSION_TAG, tagged)
        if is_together:
            yield Reference(kind, key, Binding.DEPLOYMENT)
