"""Process variables: rows by scope and name, read when an expression asks, written with their history."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from sqlalchemy import bindparam, delete, insert, select

from engine.interpreter.step import VariableSet, meaning
from engine.store import contents
from engine.store.dialect import upsert
from engine.store.values import COLUMNS, Binary, Transient, columns, value_of
from engine.tables import ProcessInstance, Variable, VariableChange
from engine.transaction import Transaction

OF_SCOPES = Variable.scope_id.in_(bindparam("scope_ids", expanding=True))
READ = select(Variable.scope_id, Variable.name, *(getattr(Variable, name) for name in COLUMNS)).where(OF_SCOPES)
FORGET = delete(Variable).where(OF_SCOPES)
APPEND = insert(VariableChange)


class ScopeVariables(Mapping[str | None, Mapping[str, object]]):
    """The variables of one process instance, by scope: an activity instance's id, or None for the instance itself.

    A scope is read once, when it is first asked for.
    """

    def __init__(self, tx: Transaction, instance_id: str) -> None:
        self._tx, self._instance_id = tx, instance_id
        self._read: dict[str | None, dict[str, object]] = {}

    def __getitem__(self, scope_id: str | None) -> Mapping[str, object]:
        self.preload([scope_id])
        return self._read[scope_id]

    def __iter__(self) -> Iterator[str | None]:
        return iter(self._read)

    def __len__(self) -> int:
        return len(self._read)

    def preload(self, scope_ids: Sequence[str | None]) -> None:
        """Reads several scopes with one statement; those read before are left as they are."""
        missing = {scope_id or self._instance_id: scope_id for scope_id in scope_ids if scope_id not in self._read}
        if not missing:
            return
        self._read.update({scope_id: {} for scope_id in missing.values()})
        for row in self._tx.session.connection().execute(READ, {"scope_ids": list(missing)}):
            self._read[missing[row.scope_id]][row.name] = value_of(row)
        in_mind = _in_mind(self._tx)
        for scope_id in missing.keys() & in_mind.keys():
            self._read[missing[scope_id]] |= in_mind[scope_id]

    def visible(self, scope_ids: Sequence[str]) -> dict[str, object]:
        """What an expression sees from a scope: the process's variables, overlaid by each inner scope's."""
        self.preload([None, *scope_ids])
        seen = dict(self[None])
        for scope_id in reversed(scope_ids):
            seen.update(self[scope_id])
        return seen

    def overlay(self, changes: Sequence[VariableSet]) -> None:
        """Takes over what a step has set, so that no row is read again."""
        for change in changes:
            if change.scope_id in self._read:
                self._read[change.scope_id][change.name] = meaning(change.value)


def write(tx: Transaction, instance: ProcessInstance, changes: Sequence[VariableSet]) -> None:
    """Stores what a step set: the last value of each name as the present one, every change in the history.

    What is transient is kept in mind instead, until the command is done.
    """
    changes = _persistent(tx, instance, changes)
    if not changes:
        return
    stored = partial(_with_id, tx, {})
    present: dict[tuple[str, str], dict[str, object]] = {}
    history = []
    for change in changes:
        scope_id = change.scope_id or instance.id
        row = {"scope_id": scope_id, "name": change.name, "instance_id": instance.id, **columns(stored(change.value))}
        present[scope_id, change.name] = row
        history.append(
            {
                **row,
                "seq": instance.next_seq,
                "activity_instance_id": change.activity_instance_id,
                "changed_at": tx.now,
            }
        )
        instance.next_seq += 1
    connection = tx.session.connection()
    upsert(connection, Variable, [{**row, "revision": 1} for row in present.values()], ["scope_id", "name"], COLUMNS)
    connection.execute(APPEND, history)


def _persistent(tx: Transaction, instance: ProcessInstance, changes: Sequence[VariableSet]) -> Sequence[VariableSet]:
    persistent = []
    for change in changes:
        in_mind = _in_mind(tx).setdefault(change.scope_id or instance.id, {})
        if isinstance(change.value, Transient):
            in_mind[change.name] = change.value.says
        else:
            in_mind.pop(change.name, None)
            persistent.append(change)
    return persistent


def _in_mind(tx: Transaction) -> dict[str, dict[str, object]]:
    """The transient variables of the command, by scope."""
    kept: dict[str, dict[str, object]] = tx.session.info.setdefault("transient variables", {})
    return kept


def _with_id(tx: Transaction, ids: dict[int, str], value: object) -> object:
    """Bytes that come along are stored once, whatever the number of variables that a step gives them to."""
    if not isinstance(value, Binary) or value.id is not None or value.content is None:
        return value
    if id(value) not in ids:
        ids[id(value)] = contents.put(tx, value.content)
    return replace(value, id=ids[id(value)], content=None)


def remove(tx: Transaction, instance: ProcessInstance, names: Sequence[str], scope_id: str | None = None) -> None:
    """Takes variables out of a scope; that they were taken out is a change to null in the history."""
    scope = scope_id or instance.id
    which = [Variable.scope_id == scope, Variable.instance_id == instance.id, Variable.name.in_(names)]
    gone = tx.session.execute(
        delete(Variable).where(*which).returning(Variable.name), execution_options={"synchronize_session": False}
    )
    for name in sorted(gone.scalars()):
        said = {"scope_id": scope, "name": name, "instance_id": instance.id, **columns(None)}
        tx.add(VariableChange(**said, seq=instance.next_seq, changed_at=tx.now))
        instance.next_seq += 1
    tx.flush()


def forget(tx: Transaction, scope_ids: Sequence[str]) -> None:
    """The variables of scopes that were left live on in the history only."""
    if scope_ids:
        tx.session.connection().execute(FORGET, {"scope_ids": scope_ids})
