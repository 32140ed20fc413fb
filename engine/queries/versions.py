"""Definitions have versions, counted by key within a region: which of them is the newest."""

from typing import Any

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import aliased

from engine.tables import DecisionDefinition, ProcessDefinition, RequirementsDefinition

Versioned = type[ProcessDefinition] | type[DecisionDefinition] | type[RequirementsDefinition]


def newest(table: Versioned) -> ScalarSelect[Any]:
    """The highest version of the key of a row."""
    other = aliased(table)
    same = (other.key == table.key, other.region == table.region)
    return select(func.max(other.version)).where(*same).scalar_subquery()
