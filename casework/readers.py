"""Who may see a case without a task in it: whoever handed one on, was consulted, or got a copy."""

from sqlalchemy import ColumnElement, delete, exists

from casework import parties
from casework.tables import Case, CaseReader
from engine.ports import Actor
from engine.store.dialect import insert_missing
from engine.tables import Party
from engine.transaction import Transaction


def admit(tx: Transaction, root_id: str, ground_id: str, *admitted: Party) -> None:
    """These may see the case from now on, on the ground of a task, consultation or copy; twice is safe."""
    for party in admitted:
        row = {"root_id": root_id, "kind": party.kind, "name": party.name, "ground_id": ground_id}
        insert_missing(tx.session.connection(), CaseReader, row)


def dismiss(tx: Transaction, root_id: str, ground_id: str) -> None:
    """The ground is gone, and with it the sight it gave."""
    tx.session.execute(delete(CaseReader).where(CaseReader.root_id == root_id, CaseReader.ground_id == ground_id))


def admitted(actor: Actor) -> ColumnElement[bool]:
    """A condition on Case: the person, or a group of the person's, may see it."""
    named = parties.includes(CaseReader.kind, CaseReader.name, actor)
    return exists().where(CaseReader.root_id == Case.root_id, named)
