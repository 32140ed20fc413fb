"""Which decision definition is meant: the latest, a version, a tag, or the one of a deployment."""

from sqlalchemy import Select, select

from engine.diagram.model import Binding
from engine.errors import NotFound, Sentence
from engine.queries.definitions import EVERYWHERE, deployed_with
from engine.tables import DecisionDefinition
from engine.transaction import Transaction


def of_key(key: str, region: str) -> Select[DecisionDefinition]:
    """All versions of a decision that a region may ask, its own before the common ones, newest first."""
    return (
        select(DecisionDefinition)
        .where(DecisionDefinition.key == key, DecisionDefinition.region.in_({region, EVERYWHERE}))
        .order_by((DecisionDefinition.region == EVERYWHERE).asc(), DecisionDefinition.version.desc())
    )


def bound(
    tx: Transaction, key: str, region: str, binding: Binding, version: object, deployment_id: str
) -> DecisionDefinition:
    """The version that a business rule task means. Raises NotFound, naming the decision."""
    versions = of_key(key, region)
    match binding:
        case Binding.DEPLOYMENT:
            versions = versions.where(DecisionDefinition.id.in_(deployed_with(DecisionDefinition, deployment_id)))
        case Binding.VERSION:
            number = int(str(version)) if str(version).isdecimal() and len(str(version)) < 10 else 0
            versions = versions.where(DecisionDefinition.version == number)
        case Binding.VERSION_TAG:
            versions = versions.where(DecisionDefinition.version_tag == str(version))
    return _one(tx, versions, key)


def latest(tx: Transaction, key: str, region: str = EVERYWHERE) -> DecisionDefinition:
    """The newest version of a decision. Raises NotFound."""
    return _one(tx, of_key(key, region), key)


def _one(tx: Transaction, versions: Select[DecisionDefinition], key: str) -> DecisionDefinition:
    found = tx.session.scalars(versions.limit(1)).first()
    if found is None:
        said = key[:120]
        raise NotFound(
            Sentence(f"没有部署所指版本的决策“{said}”。", f"No such version of the decision “{said}” is deployed.")
        )
    return found
