"""Deployments as lists show them: who published which files, when, and what came of them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, func, select

from engine.errors import NotFound
from engine.queries.filters import Filters
from engine.tables import DecisionDefinition, Deployment, FormDefinition, ProcessDefinition, Resource
from engine.transaction import Transaction

FILES = select(func.count()).where(Resource.deployment_id == Deployment.id).scalar_subquery()
LISTED: Select[*tuple[Any, ...]] = select(
    Deployment.id,
    Deployment.region,
    Deployment.name,
    Deployment.source,
    Deployment.deployed_at,
    Deployment.deployed_by,
    FILES.label("files"),
)
FILTERS: Filters = {
    "name": lambda text: Deployment.name == text,
    "source": lambda text: Deployment.source == text,
    "deployed_by": lambda login: Deployment.deployed_by == login,
    "deployed_from": lambda instant: Deployment.deployed_at >= instant,
    "deployed_to": lambda instant: Deployment.deployed_at < instant,
}
SORTED_BY = (Deployment.deployed_at, Deployment.id)


def one(tx: Transaction, deployment_id: str) -> Deployment:
    """A deployment. Raises NotFound."""
    found = tx.session.get(Deployment, deployment_id)
    if found is None:
        raise NotFound
    return found


def files(tx: Transaction, deployment_id: str) -> Sequence[Row[Any]]:
    """The files of a deployment, by name, without their bytes."""
    return tx.session.execute(
        select(Resource.id, Resource.name, Resource.sha256, func.length(Resource.content).label("size"))
        .where(Resource.deployment_id == deployment_id)
        .order_by(Resource.name)
    ).all()


def process_definitions(tx: Transaction, deployment_id: str) -> Sequence[ProcessDefinition]:
    """The process versions that a deployment made."""
    made = select(ProcessDefinition).where(ProcessDefinition.deployment_id == deployment_id)
    return tx.session.scalars(made.order_by(ProcessDefinition.key)).all()


def form_definitions(tx: Transaction, deployment_id: str) -> Sequence[FormDefinition]:
    """The form versions that a deployment made."""
    made = select(FormDefinition).where(FormDefinition.deployment_id == deployment_id)
    return tx.session.scalars(made.order_by(FormDefinition.key)).all()


def decision_definitions(tx: Transaction, deployment_id: str) -> Sequence[DecisionDefinition]:
    """The decision versions that a deployment made."""
    made = select(DecisionDefinition).where(DecisionDefinition.deployment_id == deployment_id)
    return tx.session.scalars(made.order_by(DecisionDefinition.key)).all()
