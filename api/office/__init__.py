"""The office's door: routes in the office's words under /api. `ROUTES` are those the composition root serves."""

from api.office import (
    case,
    cases,
    definitions,
    deployments,
    inbox,
    incidents,
    items,
    jobs,
    materials,
    progress,
    tasks,
)

ROUTES = (
    items.routes,
    cases.routes,
    case.routes,
    materials.routes,
    progress.routes,
    inbox.routes,
    tasks.routes,
    deployments.routes,
    definitions.routes,
    jobs.routes,
    incidents.routes,
)
