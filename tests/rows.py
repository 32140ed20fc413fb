"""Rows that a test of the machinery needs before there is a deployment: one running case, as small as it can be."""

from engine.tables import Deployment, InstanceState, ProcessDefinition, ProcessInstance, Resource
from engine.transaction import Transaction


def running_instance(tx: Transaction) -> ProcessInstance:
    """A root that started now, with the definition that it refers to."""
    deployment = Deployment(id=tx.new_id(), region="000000", deployed_at=tx.now, deployed_by="designer")
    resource = Resource(id=tx.new_id(), deployment_id=deployment.id, name="r.bpmn", sha256="0" * 64, content=b"")
    definition = ProcessDefinition(
        id=tx.new_id(),
        region="000000",
        key=f"registration-{deployment.id}",
        version=1,
        deployment_id=deployment.id,
        resource_id=resource.id,
    )
    id = tx.new_id()
    instance = ProcessInstance(
        id=id,
        region="000000",
        root_id=id,
        definition_id=definition.id,
        state=InstanceState.ACTIVE,
        started_at=tx.now,
        started_by=tx.actor.login,
    )
    for row in (deployment, resource, definition, instance):
        tx.add(row)
        tx.flush()
    return instance
