"""Camunda 7's REST API under /engine-rest: its clients and the Modeler work unchanged. One file a resource."""

from api.engine_rest import (
    authorizations,
    deployments,
    engines,
    external_task_lists,
    external_tasks,
    groups,
    identity,
    kept_elsewhere,
    messages,
    process_definitions,
    process_instances,
    tasks,
    tenants,
    users,
)

ROUTES = (
    engines.routes,
    deployments.routes,
    process_definitions.routes,
    process_instances.routes,
    external_tasks.routes,
    external_task_lists.routes,
    messages.routes,
    tasks.routes,
    users.routes,
    groups.routes,
    tenants.routes,
    identity.routes,
    authorizations.routes,
    kept_elsewhere.routes,
)
