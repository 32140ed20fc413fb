"""Which version of a definition an address means: that of an id, else the latest of a key, of whatever kind."""

from typing import Any

from sqlalchemy import Select, and_

from api.engine_rest.wire import region_of, uuid_of
from engine.queries.versions import Versioned


def meant(
    listed: Select[*tuple[Any, ...]],
    table: Versioned,
    definition: str | None = None,
    key: str = "",
    tenant: str | None = None,
) -> Select[*tuple[Any, ...]]:
    """The row of a list: of an id on the wire, else of the latest version of a key, a division's own with its tenant,
    else the one that serves everywhere."""
    if definition is not None:
        return listed.where(table.id == uuid_of(definition))
    of_key = and_(table.key == key, table.region == region_of(tenant))
    return listed.where(of_key).order_by(table.version.desc()).limit(1)
