"""Finding what runs, or ran, by what its incidents say. A message may quote what an applicant filled in: of cases and
supervision orders it is compared for those alone who read incidents at the office's own door (`GET /api/incidents`)."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, or_

from api.engine_rest.query_parameters import READS_INCIDENTS, Parameter, Parameters, equal, like
from casework.visibility import of_the_office
from engine.tables import Incident

READABLE = or_(READS_INCIDENTS, ~of_the_office(Incident.root_id))


def said_by(has_incident: Callable[..., ColumnElement[bool]]) -> Parameters:
    """`incidentMessage` and `incidentMessageLike` of a list whose rows have incidents of which conditions hold."""
    return {
        "incident_message": _among(has_incident, equal(Incident.message)),
        "incident_message_like": _among(has_incident, like(Incident.message)),
    }


def _among(has_incident: Callable[..., ColumnElement[bool]], message: Parameter) -> Parameter:
    return Parameter(message.field, lambda said: has_incident(message.meaning(said), READABLE))
