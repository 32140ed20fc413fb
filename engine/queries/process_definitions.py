"""Process definitions as lists show them: of every process the version that counts, or all versions of one."""

from typing import Any

from sqlalchemy import Select, or_, select

from engine.errors import NotFound
from engine.queries.filters import Filters
from engine.queries.versions import newest
from engine.tables import Deployment, ProcessDefinition, Resource
from engine.transaction import Transaction

NEWEST = newest(ProcessDefinition)
LISTED: Select[*tuple[Any, ...]] = (
    select(
        ProcessDefinition.id,
        ProcessDefinition.region,
        ProcessDefinition.key,
        ProcessDefinition.version,
        ProcessDefinition.version_tag,
        ProcessDefinition.name,
        ProcessDefinition.deployment_id,
        Deployment.deployed_at,
        Deployment.deployed_by,
        Resource.name.label("resource"),
        Resource.sha256,
    )
    .join(Deployment, Deployment.id == ProcessDefinition.deployment_id)
    .join(Resource, Resource.id == ProcessDefinition.resource_id)
)
LATEST = LISTED.where(ProcessDefinition.version == NEWEST)
FILTERS: Filters = {
    "region": lambda region: ProcessDefinition.region == region,
    "q": lambda text: or_(
        ProcessDefinition.key.icontains(text, autoescape=True), ProcessDefinition.name.icontains(text, autoescape=True)
    ),
}
SORTED_BY = (ProcessDefinition.key, ProcessDefinition.region)
VERSIONS_SORTED_BY = (ProcessDefinition.version, ProcessDefinition.region)


def versions(key: str) -> Select[*tuple[Any, ...]]:
    """All versions of one process."""
    return LISTED.where(ProcessDefinition.key == key)


def file_of(tx: Transaction, definition_id: str) -> tuple[str, bytes]:
    """The name and the bytes of the file that a definition stands in. Raises NotFound."""
    found = tx.session.execute(
        select(Resource.name, Resource.content)
        .join(ProcessDefinition, ProcessDefinition.resource_id == Resource.id)
        .where(ProcessDefinition.id == definition_id)
    ).first()
    if found is None:
        raise NotFound
    return found.name, found.content
