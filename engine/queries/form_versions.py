"""Which version of a deployed form a reference in a diagram means."""

from sqlalchemy import Select, select

from engine.diagram.model import Binding
from engine.queries.definitions import EVERYWHERE, deployed_with
from engine.tables import FormDefinition


def of_key(key: str, region: str, binding: Binding, *, deployment_id: str, version: int | None = None) -> Select[str]:
    """The id of the form version that is meant: of the diagram's own deployment, of this number, or the newest one, the
    region's own before the one that serves everywhere."""
    forms = select(FormDefinition.id).where(FormDefinition.key == key, FormDefinition.region.in_({region, EVERYWHERE}))
    if binding == Binding.DEPLOYMENT:
        return forms.where(FormDefinition.id.in_(deployed_with(FormDefinition, deployment_id)))
    if binding == Binding.VERSION and version is not None:
        return forms.where(FormDefinition.version == version)
    return forms.order_by((FormDefinition.region == EVERYWHERE).asc(), FormDefinition.version.desc()).limit(1)
