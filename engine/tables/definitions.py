"""What was published: deployments, their files, and the definitions and forms in them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.columns import Id
from engine.tables.base import Base


class Deployment(Base):
    """One act of publishing files: who, when. Append-only."""

    __tablename__ = "deployment"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(String(12))
    name: Mapped[str | None]
    source: Mapped[str | None]
    deployed_at: Mapped[datetime]
    deployed_by: Mapped[str]


class Resource(Base):
    """One file of a deployment, byte for byte. Append-only."""

    __tablename__ = "resource"
    __table_args__ = (UniqueConstraint("deployment_id", "name"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    deployment_id: Mapped[str] = mapped_column(Id, ForeignKey("deployment.id"))
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ProcessDefinition(Base):
    """One executable process in one version. What it is never changes; who administers it may suspend it.

    `category` is its file's target namespace, `description` what the designer wrote about it, `history_time_to_live`
    for how many days its instances are kept once they have ended, null for ever. Nothing starts while it
    `is_suspended`.
    """

    __tablename__ = "process_definition"
    __table_args__ = (UniqueConstraint("region", "key", "version"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(String(12))
    key: Mapped[str]
    version: Mapped[int]
    version_tag: Mapped[str | None]
    name: Mapped[str | None]
    category: Mapped[str | None]
    description: Mapped[str | None]
    is_startable_in_tasklist: Mapped[bool] = mapped_column(default=True)
    history_time_to_live: Mapped[int | None]
    is_suspended: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=1)
    deployment_id: Mapped[str] = mapped_column(Id, ForeignKey("deployment.id"), index=True)
    resource_id: Mapped[str] = mapped_column(Id, ForeignKey("resource.id"))


class Starter(Base):
    """Whom a process names as those who may start it (camunda:candidateStarterUsers, candidateStarterGroups): a `group`
    or a `user`, as candidates of tasks are. Append-only; goes with its definition."""

    __tablename__ = "starter"
    __table_args__ = (Index("ix_starter_kind_name", "kind", "name"),)

    definition_id: Mapped[str] = mapped_column(Id, ForeignKey("process_definition.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(5), primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)


class FormDefinition(Base):
    """One form in one version; a user task keeps the version it was created with. Append-only."""

    __tablename__ = "form_definition"
    __table_args__ = (UniqueConstraint("region", "key", "version"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(String(12))
    key: Mapped[str]
    version: Mapped[int]
    deployment_id: Mapped[str] = mapped_column(Id, ForeignKey("deployment.id"), index=True)
    resource_id: Mapped[str] = mapped_column(Id, ForeignKey("resource.id"))
