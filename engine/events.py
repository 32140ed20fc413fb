"""What happened, past tense: the vocabulary in which the engine tells its listeners. Pure data."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Happened:
    """Something happened to a case tree (`root_id`) of a region."""

    region: str
    root_id: str
    instance_id: str


@dataclass(frozen=True, slots=True)
class ProcessInstanceStarted(Happened):
    """A process instance began; `parent_id` is the caller of a called one."""

    definition_id: str
    business_key: str | None
    parent_id: str | None


@dataclass(frozen=True, slots=True)
class ProcessInstanceEnded(Happened):
    """A process instance is over. `end_activities` are the end events its last step passed."""

    parent_id: str | None
    cancelled: bool
    reason: str | None
    end_activities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActivityStarted(Happened):
    """An activity began; `properties` are its camunda:property values in the diagram."""

    activity_instance_id: str
    activity_id: str
    type: str
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ActivityEnded(Happened):
    """An activity ended, or was cancelled."""

    activity_instance_id: str
    activity_id: str
    type: str
    properties: Mapping[str, str]
    cancelled: bool


@dataclass(frozen=True, slots=True)
class UserTaskCreated(Happened):
    """A person's work waits; `assignee` is whom the diagram gave it to."""

    task_id: str
    activity_id: str
    properties: Mapping[str, str]
    assignee: str | None


@dataclass(frozen=True, slots=True)
class UserTaskAssigned(Happened):
    """A person took a task, was given one, or gave it back (`assignee` None).

    `reason` is said where somebody leaves and what they held is handed over (移交).
    """

    task_id: str
    assignee: str | None
    previous: str | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class UserTaskTransferred(Happened):
    """A person handed a task on for good (转办); what changed is the department, or the assignee within it."""

    task_id: str
    activity_id: str
    properties: Mapping[str, str]
    department: str | None
    previous_department: str | None
    assignee: str | None
    previous_assignee: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class UserTaskDelegated(Happened):
    """A person asked another to work on a task and give it back (委派)."""

    task_id: str
    owner: str
    assignee: str
    reason: str


@dataclass(frozen=True, slots=True)
class UserTaskResolved(Happened):
    """What was asked of the delegate is done; the task is back with its owner."""

    task_id: str
    owner: str | None
    delegate: str | None
    comment: str


@dataclass(frozen=True, slots=True)
class UserTaskReminded(Happened):
    """Somebody asked for a task to be done soon (催办)."""

    task_id: str
    department: str | None
    assignee: str | None
    message: str


@dataclass(frozen=True, slots=True)
class UserTaskCompleted(Happened):
    """A person finished a task."""

    task_id: str
    activity_id: str
    properties: Mapping[str, str]
    outcome: str | None
    comment: str | None


@dataclass(frozen=True, slots=True)
class UserTaskCancelled(Happened):
    """The diagram or an administrator closed a task unfinished."""

    task_id: str
    activity_id: str
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class IncidentOpened(Happened):
    """A job or an external task is out of retries and waits for a person."""

    incident_id: str
    activity_id: str | None
    message: str


@dataclass(frozen=True, slots=True)
class IncidentClosed(Happened):
    """An incident is resolved."""

    incident_id: str


@dataclass(frozen=True, slots=True)
class Deployed:
    """A deployment was stored; `definition_ids` are the new versions in it."""

    region: str
    deployment_id: str
    definition_ids: tuple[str, ...]
    resource_names: tuple[str, ...]


Event = Happened | Deployed
"""What listeners hear; the host may tell events of its own, which are things that happened to a case tree."""
