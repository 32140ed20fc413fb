"""Process definitions ready to run: read once from the stored file, kept in memory, shared read-only by all threads."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from sqlalchemy import select

from engine.diagram import read_diagram
from engine.diagram.model import Node, Process
from engine.errors import NotFound
from engine.interpreter import Definition, build
from engine.tables import ProcessDefinition, Resource
from engine.transaction import Transaction

KEPT = 256


@dataclass(frozen=True, slots=True)
class Runnable:
    """A definition's diagram and what the interpreter made of it."""

    id: str
    key: str
    version: int
    deployment_id: str
    process: Process
    definition: Definition

    def node(self, activity_id: str) -> Node:
        """The node with this id."""
        return self.process.nodes[activity_id]


class _Kept:
    """The definitions used most recently in this process. A definition never changes, so none is ever stale."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._runnables: OrderedDict[str, Runnable] = OrderedDict()

    def get(self, definition_id: str) -> Runnable | None:
        with self._lock:
            found = self._runnables.get(definition_id)
            if found is not None:
                self._runnables.move_to_end(definition_id)
            return found

    def put(self, runnable: Runnable) -> None:
        with self._lock:
            self._runnables[runnable.id] = runnable
            while len(self._runnables) > KEPT:
                self._runnables.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._runnables.clear()


_kept = _Kept()


def load(tx: Transaction, definition_id: str) -> Runnable:
    """The definition, from memory or rebuilt from its stored XML. Raises NotFound."""
    found = _kept.get(definition_id)
    if found is not None:
        return found
    row = tx.session.execute(
        select(ProcessDefinition, Resource.content)
        .join(Resource, Resource.id == ProcessDefinition.resource_id)
        .where(ProcessDefinition.id == definition_id)
    ).first()
    if row is None:
        raise NotFound
    stored, content = row
    diagram = read_diagram(content, functions=tx.ports.function_names)
    process = next(process for process in diagram.processes if process.key == stored.key)
    runnable = Runnable(stored.id, stored.key, stored.version, stored.deployment_id, process, build(process))
    _kept.put(runnable)
    return runnable


def forget() -> None:
    """Drops every definition held in memory; the next use rebuilds it from its stored XML."""
    _kept.clear()
