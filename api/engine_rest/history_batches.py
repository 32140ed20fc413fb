"""Batches, under way and done."""

from typing import Any

import marshmallow as ma
from flask import Response
from sqlalchemy import Select, select

from api.engine_rest import batches, lists
from api.engine_rest.batches import BatchShown
from api.engine_rest.lists import List, Rows
from api.engine_rest.query_parameters import Parameter, Query
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.wire import Moment
from engine import batches as orders
from engine.errors import Sentence
from engine.tables import Batch
from engine.transaction import Transaction

routes = CamundaRoutes("history-batch", "Batches, under way and done.")

PARAMETERS = {name: batches.PARAMETERS[name] for name in ("batch_id", "type", "tenant_id_in", "without_tenant_id")} | {
    "completed": Parameter(
        ma.fields.Boolean(), lambda said: Batch.ended_at.is_not(None) if said else Batch.ended_at.is_(None)
    )
}
SORT_KEYS = {**batches.SORT_KEYS, "endTime": Batch.ended_at}


class HistoricBatchShown(BatchShown):
    """A batch as Camunda's history shows it. It is kept until somebody deletes it."""

    end_time = Moment()
    removal_time = Moment()

    class Meta:
        """What only a batch under way has."""

        exclude = ("jobs_created", "suspended")


def _known(tx: Transaction) -> Select[*tuple[Any, ...]]:
    return select(Batch)


def _shown(tx: Transaction, rows: Rows) -> list[dict[str, Any]]:
    return [batches.shown(batch) | {"end_time": batch.ended_at} for (batch,) in rows]


LIST = List(
    Sentence("历史批量操作", "historic batches"),
    "batches.read",
    Query("HistoricBatch", PARAMETERS, SORT_KEYS, Batch.id),
    _known,
    _shown,
    HistoricBatchShown,
)
lists.state(routes, "/history/batch", LIST, by_post=False)


@routes.get("/history/batch/<batch_id>", "历史批量操作", "batches.read", answer=HistoricBatchShown)
def show_batch(tx: Transaction, batch_id: str) -> dict[str, Any]:
    """Show a batch, under way or done"""
    return LIST.one(tx, batch_id)


@routes.delete("/history/batch/<batch_id>", "删除批量操作记录", "batches.change", status=204)
def delete_batch(tx: Transaction, batch_id: str) -> Response:
    """Delete what is kept of a batch that is done"""
    LIST.one(tx, batch_id)
    orders.forget(tx, batch_id)
    return Response(status=204)
