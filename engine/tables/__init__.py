"""What the engine keeps: definitions, running instances, their open work, their variables and their history.

Every table either has a `revision` or is append-only. Ids are UUIDv7 text. `region` is the division that received
the case and is equal on all rows of a case tree.
"""

from engine.tables.base import Base
from engine.tables.batches import Batch
from engine.tables.contents import Blob, ForgottenFile
from engine.tables.decisions import DecisionDefinition, DecisionInstance, RequirementsDefinition
from engine.tables.definitions import Deployment, FormDefinition, ProcessDefinition, Resource, Starter
from engine.tables.evidence import Act, Answer
from engine.tables.failures import Failure
from engine.tables.instances import RUNNING, ActivityInstance, InstanceState, ProcessInstance
from engine.tables.jobs import ExternalTask, Incident, Job, Subscription
from engine.tables.tasks import GROUP, USER, Candidate, DelegationState, Party, TaskState, UserTask
from engine.tables.variables import Value, Variable, VariableChange

__all__ = [
    "GROUP",
    "RUNNING",
    "USER",
    "Act",
    "ActivityInstance",
    "Answer",
    "Base",
    "Batch",
    "Blob",
    "Candidate",
    "DecisionDefinition",
    "DecisionInstance",
    "DelegationState",
    "Deployment",
    "ExternalTask",
    "Failure",
    "ForgottenFile",
    "FormDefinition",
    "Incident",
    "InstanceState",
    "Job",
    "Party",
    "ProcessDefinition",
    "ProcessInstance",
    "RequirementsDefinition",
    "Resource",
    "Starter",
    "Subscription",
    "TaskState",
    "UserTask",
    "Value",
    "Variable",
    "VariableChange",
]
