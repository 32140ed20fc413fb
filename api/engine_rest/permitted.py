"""What the office's acts are in Camunda's words: permissions on resources."""

from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple


class Resource(IntEnum):
    """What may be done something to, by Camunda's numbers."""

    APPLICATION = 0
    USER = 1
    GROUP = 2
    GROUP_MEMBERSHIP = 3
    AUTHORIZATION = 4
    FILTER = 5
    PROCESS_DEFINITION = 6
    TASK = 7
    PROCESS_INSTANCE = 8
    DEPLOYMENT = 9
    DECISION_DEFINITION = 10
    TENANT = 11
    TENANT_MEMBERSHIP = 12
    BATCH = 13
    DECISION_REQUIREMENTS_DEFINITION = 14
    REPORT = 15
    DASHBOARD = 16
    OPERATION_LOG_CATEGORY = 17
    OPTIMIZE = 18
    HISTORIC_TASK = 19
    HISTORIC_PROCESS_INSTANCE = 20
    SYSTEM = 21


class Permitted(NamedTuple):
    """An act of the matrix, as a permission on a resource."""

    act: str
    resource: Resource
    permission: str


PERMITTED = (
    Permitted("people.read", Resource.USER, "READ"),
    Permitted("people.add", Resource.USER, "CREATE"),
    Permitted("people.change", Resource.USER, "UPDATE"),
    Permitted("people.disable", Resource.USER, "DELETE"),
    Permitted("departments.read", Resource.GROUP, "READ"),
    Permitted("departments.add", Resource.GROUP, "CREATE"),
    Permitted("departments.change", Resource.GROUP, "UPDATE"),
    Permitted("departments.remove", Resource.GROUP, "DELETE"),
    Permitted("people.move", Resource.GROUP_MEMBERSHIP, "CREATE"),
    Permitted("people.move", Resource.GROUP_MEMBERSHIP, "DELETE"),
    Permitted("people.read_own", Resource.AUTHORIZATION, "READ"),
    Permitted("filters.keep", Resource.FILTER, "ALL"),
    Permitted("definitions.read", Resource.PROCESS_DEFINITION, "READ"),
    Permitted("instances.start", Resource.PROCESS_DEFINITION, "CREATE_INSTANCE"),
    Permitted("instances.read", Resource.PROCESS_DEFINITION, "READ_INSTANCE"),
    Permitted("instances.set_variables", Resource.PROCESS_DEFINITION, "UPDATE_INSTANCE"),
    Permitted("instances.cancel", Resource.PROCESS_DEFINITION, "DELETE_INSTANCE"),
    Permitted("instances.read", Resource.PROCESS_DEFINITION, "READ_HISTORY"),
    Permitted("history.delete", Resource.PROCESS_DEFINITION, "DELETE_HISTORY"),
    Permitted("jobs.retry", Resource.PROCESS_DEFINITION, "RETRY_JOB"),
    Permitted("user_tasks.read", Resource.TASK, "READ"),
    Permitted("user_tasks.complete", Resource.TASK, "TASK_WORK"),
    Permitted("user_tasks.claim", Resource.TASK, "UPDATE"),
    Permitted("user_tasks.assign", Resource.TASK, "TASK_ASSIGN"),
    Permitted("instances.start", Resource.PROCESS_INSTANCE, "CREATE"),
    Permitted("instances.read", Resource.PROCESS_INSTANCE, "READ"),
    Permitted("instances.set_variables", Resource.PROCESS_INSTANCE, "UPDATE"),
    Permitted("instances.cancel", Resource.PROCESS_INSTANCE, "DELETE"),
    Permitted("instances.suspend", Resource.PROCESS_INSTANCE, "SUSPEND"),
    Permitted("jobs.retry", Resource.PROCESS_INSTANCE, "RETRY_JOB"),
    Permitted("deployments.read", Resource.DEPLOYMENT, "READ"),
    Permitted("deployments.deploy", Resource.DEPLOYMENT, "CREATE"),
    Permitted("definitions.read", Resource.DECISION_DEFINITION, "READ"),
    Permitted("definitions.read", Resource.DECISION_REQUIREMENTS_DEFINITION, "READ"),
    Permitted("batches.read", Resource.BATCH, "READ"),
    Permitted("batches.order", Resource.BATCH, "CREATE"),
    Permitted("batches.change", Resource.BATCH, "UPDATE"),
    Permitted("batches.change", Resource.BATCH, "DELETE"),
    Permitted("regions.read", Resource.TENANT, "READ"),
    Permitted("regions.add", Resource.TENANT, "CREATE"),
    Permitted("regions.change", Resource.TENANT, "UPDATE"),
    Permitted("instances.read", Resource.HISTORIC_PROCESS_INSTANCE, "READ"),
    Permitted("user_tasks.read", Resource.HISTORIC_TASK, "READ"),
    Permitted("jobs.read", Resource.SYSTEM, "READ"),
)


RESOURCE_NAMES = {
    Resource.USER: "User",
    Resource.GROUP: "Group",
    Resource.GROUP_MEMBERSHIP: "Group membership",
    Resource.AUTHORIZATION: "Authorization",
    Resource.FILTER: "Filter",
    Resource.PROCESS_DEFINITION: "ProcessDefinition",
    Resource.TASK: "Task",
    Resource.PROCESS_INSTANCE: "ProcessInstance",
    Resource.DEPLOYMENT: "Deployment",
    Resource.DECISION_DEFINITION: "DecisionDefinition",
    Resource.DECISION_REQUIREMENTS_DEFINITION: "DecisionRequirementsDefinition",
    Resource.BATCH: "Batch",
    Resource.TENANT: "Tenant",
    Resource.HISTORIC_TASK: "HistoricTask",
    Resource.HISTORIC_PROCESS_INSTANCE: "HistoricProcessInstance",
    Resource.SYSTEM: "System",
}
"""How Camunda's errors call them."""


def needed(act: str | None) -> Iterator[dict[str, str | None]]:
    """The permissions any one of which would allow an act, as Camunda's error lists them; none for an act that Camunda
    has no word for, and none where more than a role is asked for."""
    for permitted in PERMITTED:
        if permitted.act == act:
            resource = RESOURCE_NAMES[permitted.resource]
            yield {"permissionName": permitted.permission, "resourceName": resource, "resourceId": None}
