"""Which process definition is meant: the latest, a version, a tag, or the one of a deployment."""

from sqlalchemy import Select, select

from engine.errors import NotFound, Sentence
from engine.tables import ProcessDefinition
from engine.transaction import Transaction

EVERYWHERE = "000000"


def latest(tx: Transaction, key: str, region: str) -> ProcessDefinition:
    """The newest version of a process: the region's own if it has one, else the one that serves everywhere."""
    return one(tx, of_key(key, region), key)


def of_key(key: str, region: str) -> Select[ProcessDefinition]:
    """All versions of a process that a region may run, its own before the common ones, newest first."""
    return (
        select(ProcessDefinition)
        .where(ProcessDefinition.key == key, ProcessDefinition.region.in_({region, EVERYWHERE}))
        .order_by(
            (ProcessDefinition.region == EVERYWHERE).asc(),
            ProcessDefinition.version.desc(),
        )
    )


def one(tx: Transaction, query: Select[ProcessDefinition], key: str) -> ProcessDefinition:
    """The first that the query finds. Raises NotFound, naming the process."""
    found = tx.session.scalars(query.limit(1)).first()
    if found is None:
        raise NotFound(Sentence(f"没有部署流程“{key}”。", f"No process “{key}” is deployed."))
    return found
