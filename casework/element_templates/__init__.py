"""Element templates for Camunda Modeler: the office's steps, to be chosen instead of typed, with a server's own names.

The templates are data (catalogue); what their drop-downs offer is read from a database or from packages (stored,
packaged). docs/element-templates.md tells designers where to put them.
"""

from casework.element_templates.catalogue import TEMPLATES
from casework.element_templates.offer import Offer

__all__ = ["TEMPLATES", "Offer", "written"]


def written(offer: Offer) -> list[dict[str, object]]:
    """Every template as the Modeler reads it (Camunda 7's element template schema)."""
    return [template.written(offer) for template in TEMPLATES]
