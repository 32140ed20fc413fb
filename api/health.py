"""Whether this server can work: the database answers and has this release's tables."""

from typing import Any

import marshmallow as ma
from sqlalchemy import literal, select
from sqlalchemy.exc import DBAPIError

from api.routes import Routes, hall
from casework import migrations
from engine.transaction import Transaction

routes = Routes("health", "Whether this server can work.")


class Health(ma.Schema):
    """What a load balancer asks."""

    database = ma.fields.Boolean(required=True)
    migrated = ma.fields.Boolean(required=True)


@routes.get("/health", "服务是否可用", None, answer=Health)
def health(tx: Transaction) -> tuple[dict[str, Any], int]:
    """Whether the database answers and is migrated; 503 when it is not."""
    try:
        tx.session.scalar(select(literal(1)))
        migrated = migrations.is_current(hall().database.engine)
    except DBAPIError:
        return {"database": False, "migrated": False}, 503
    return {"database": True, "migrated": migrated}, 200 if migrated else 503
