"""What is waited for: messages, signals and the conditions that start a process."""

from collections.abc import Sequence
from typing import Any

import marshmallow as ma
from sqlalchemy import Row, Select, func, select

from api.engine_rest import lists
from api.engine_rest.lists import List
from api.engine_rest.query_parameters import Query, equal, of_tenants
from api.engine_rest.routes import CamundaRoutes
from api.engine_rest.wire import Moment, Whole, tenant_of
from casework import office_messages
from casework.visibility import in_sight, within_reach
from engine.errors import Forbidden, Sentence
from engine.queries.waiting import at_execution
from engine.tables import Subscription
from engine.transaction import Transaction

routes = CamundaRoutes("event-subscription", "What is waited for.")

EXECUTION_ID = func.coalesce(Subscription.owner_id, Subscription.instance_id)
OF_THE_OFFICE = Sentence(
    "消息“{name}”由相应的办件操作发出，不能从外部投递，请使用 {door}。",
    "Message {name} is sent by an act on a case and by nobody else; use {door}.",
)


class SubscriptionShown(Whole):
    """An event subscription as Camunda shows it; one that starts a process has neither execution nor instance."""

    id = ma.fields.String()
    event_type = ma.fields.String()
    event_name = ma.fields.String()
    execution_id = ma.fields.String()
    process_instance_id = ma.fields.String()
    activity_id = ma.fields.String()
    created_date = Moment()
    tenant_id = ma.fields.String()


QUERY = Query(
    "EventSubscription",
    {
        "event_subscription_id": equal(Subscription.id),
        "event_name": equal(Subscription.name),
        "event_type": equal(Subscription.kind),
        "execution_id": equal(EXECUTION_ID),
        "process_instance_id": equal(Subscription.instance_id),
        "activity_id": equal(Subscription.activity_id),
        **of_tenants(Subscription.region, including="include_event_subscriptions_without_tenant_id"),
    },
    {"created": Subscription.created_at, "tenantId": Subscription.region},
    Subscription.id,
)


def _known(tx: Transaction) -> Select[*tuple[Any, ...]]:
    return select(Subscription).where(in_sight(tx.actor, Subscription.root_id))


def subscription_shown(waiting: Subscription) -> dict[str, Any]:
    """A subscription in Camunda's words."""
    return {
        "id": waiting.id,
        "event_type": waiting.kind,
        "event_name": waiting.name,
        "execution_id": waiting.owner_id or waiting.instance_id,
        "process_instance_id": waiting.instance_id,
        "activity_id": waiting.activity_id,
        "created_date": waiting.created_at,
        "tenant_id": tenant_of(waiting.region),
    }


def _shown(tx: Transaction, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[dict[str, Any]]:
    return [subscription_shown(waiting) for (waiting,) in rows]


SUBSCRIPTIONS = List(
    Sentence("事件订阅", "event subscriptions"), "instances.read", QUERY, _known, _shown, SubscriptionShown
)
lists.state(routes, "/event-subscription", SUBSCRIPTIONS, by_post=False)


def refuse_office_messages(tx: Transaction, execution_id: str) -> None:
    """Nobody wakes from outside what waits for an act on a case. Raises Forbidden."""
    in_reach = within_reach(tx.actor, Subscription.root_id)
    for name in tx.session.scalars(select(Subscription.name).where(at_execution(execution_id), in_reach)):
        refuse_office_message(name)


def refuse_office_message(name: str) -> None:
    """A message by which an act on a case reaches its diagram is sent by that act alone. Raises Forbidden."""
    if door := office_messages.SENT_BY.get(name):
        said = {"name": name, "door": door}
        raise Forbidden(Sentence(OF_THE_OFFICE.zh.format(**said), OF_THE_OFFICE.en.format(**said)))
