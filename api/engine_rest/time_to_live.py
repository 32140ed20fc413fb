"""For how many days what ran under a definition is kept."""

from typing import Any

from flask import Response

from api.engine_rest import process_definitions
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.wire import Dto, Number
from engine import time_to_live
from engine.transaction import Transaction

routes = CamundaRoutes("time-to-live", "How long history is kept.")


class TimeToLiveDto(Dto):
    """A number of days; none means for ever."""

    history_time_to_live = Number(load_default=None)


def keep(tx: Transaction, body: dict[str, Any], **which: str) -> Response:
    """Say for how many days what ran under a definition is kept"""
    definition, _ = process_definitions.one(tx, process_definitions.meant(**which))
    time_to_live.keep(tx, definition.id, body["history_time_to_live"])
    return Response(status=204)


for address in (
    "/process-definition/<definition>",
    "/process-definition/key/<key>",
    "/process-definition/key/<key>/tenant-id/<tenant>",
):
    routes.put(
        f"{address}/history-time-to-live", "设定历史保存期限", "definitions.keep", body=TimeToLiveDto, status=204
    )(keep)
