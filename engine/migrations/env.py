"""Alembic's own entry: runs revisions over the connection that `engine.migrations` hands in."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from engine import columns
from engine.columns import State
from engine.tables import Base


def spelled(kind: str, item: Any, autogenerate: AutogenContext) -> str | Literal[False]:
    """How a new revision spells our column types. A state is its text: an enum may change, a revision may not."""
    if kind != "type":
        return False
    if isinstance(item, State):
        return repr(item.impl_instance).replace("String", "sa.String", 1)
    if type(item).__module__ == columns.__name__:
        autogenerate.imports.add(f"from {columns.__name__} import {type(item).__name__}")
        return f"{type(item).__name__}()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_item=spelled,
    transactional_ddl=True,
    include_object=context.config.attributes.get("include_object"),
)
with context.begin_transaction():
    context.run_migrations()
