"""Which process definition is meant: the latest, a version, a tag, or the one of a deployment."""

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from engine.diagram.model import Binding
from engine.errors import NotFound, Sentence
from engine.tables import DecisionDefinition, FormDefinition, ProcessDefinition, Resource
from engine.transaction import Transaction

Deployable = type[ProcessDefinition] | type[FormDefinition] | type[DecisionDefinition]
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


def bound(
    key: str, region: str, binding: Binding, *, deployment_id: str, version: int | str | None = None
) -> Select[ProcessDefinition]:
    """The versions of a process that a call means, the one that counts first: of its own deployment, of this number or
    this tag, or the newest."""
    versions = of_key(key, region)
    match binding:
        case Binding.DEPLOYMENT:
            return versions.where(ProcessDefinition.id.in_(deployed_with(ProcessDefinition, deployment_id)))
        case Binding.VERSION:
            return versions.where(ProcessDefinition.version == version)
        case Binding.VERSION_TAG:
            return versions.where(ProcessDefinition.version_tag == str(version))
        case _:
            return versions


def deployed_with(table: Deployable, deployment_id: str) -> Select[str]:
    """The versions that were in a deployment, also those that it kept because their bytes had not changed."""
    own, kept = aliased(Resource), aliased(Resource)
    return (
        select(table.id)
        .join(own, own.id == table.resource_id)
        .join(kept, kept.sha256 == own.sha256)
        .where(kept.deployment_id == deployment_id)
    )


def one(tx: Transaction, query: Select[ProcessDefinition], key: str) -> ProcessDefinition:
    """The first that the query finds. Raises NotFound, naming the process."""
    found = tx.session.scalars(query.limit(1)).first()
    if found is None:
        raise NotFound(Sentence(f"没有部署流程“{key}”。", f"No process “{key}” is deployed."))
    return found
