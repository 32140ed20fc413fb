"""What was published of decisions: each decision, and the graph of those that stand in one file; and each that was
made."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.columns import Id
from engine.tables.base import Base


class RequirementsDefinition(Base):
    """The decisions of one DMN file, where it has several (Camunda's decision requirements definition). Append-only."""

    __tablename__ = "requirements_definition"
    __table_args__ = (UniqueConstraint("region", "key", "version"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(String(12))
    key: Mapped[str]
    version: Mapped[int]
    name: Mapped[str | None]
    category: Mapped[str | None]
    deployment_id: Mapped[str] = mapped_column(Id, ForeignKey("deployment.id"), index=True)
    resource_id: Mapped[str] = mapped_column(Id, ForeignKey("resource.id"))


class DecisionDefinition(Base):
    """One decision in one version. Append-only.

    `category` is its file's namespace; `requirements_id` the graph it stands in, null where it stands alone.
    `history_days` is camunda:historyTimeToLive.
    """

    __tablename__ = "decision_definition"
    __table_args__ = (UniqueConstraint("region", "key", "version"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    region: Mapped[str] = mapped_column(String(12))
    key: Mapped[str]
    version: Mapped[int]
    version_tag: Mapped[str | None]
    name: Mapped[str | None]
    category: Mapped[str | None]
    history_days: Mapped[int | None]
    requirements_id: Mapped[str | None] = mapped_column(Id, ForeignKey("requirements_definition.id"))
    deployment_id: Mapped[str] = mapped_column(Id, ForeignKey("deployment.id"), index=True)
    resource_id: Mapped[str] = mapped_column(Id, ForeignKey("resource.id"))


class DecisionInstance(Base):
    """One decision that a process instance had made. Append-only.

    `root_decision_id` is the one that it was required for, null for the one that was asked for. `inputs` is the JSON of
    the values in the order of the columns, `outputs` of [rule's number or null, values by name] for each that counted,
    `collected` of the aggregated value. `elements` are the cells that were looked at.
    """

    __tablename__ = "decision_instance"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    root_decision_id: Mapped[str | None] = mapped_column(Id)
    definition_id: Mapped[str] = mapped_column(Id, ForeignKey("decision_definition.id"), index=True)
    region: Mapped[str] = mapped_column(String(12))
    root_id: Mapped[str] = mapped_column(Id, index=True)
    instance_id: Mapped[str] = mapped_column(Id, index=True)
    activity_id: Mapped[str | None]
    activity_instance_id: Mapped[str | None] = mapped_column(Id)
    evaluated_at: Mapped[datetime] = mapped_column(index=True)
    elements: Mapped[int]
    inputs: Mapped[str] = mapped_column(Text)
    outputs: Mapped[str] = mapped_column(Text)
    collected: Mapped[str | None] = mapped_column(Text)
