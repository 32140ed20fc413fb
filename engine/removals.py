"""Taking back what was deployed and never used. What ran under a definition is evidence, which nothing removes."""

from collections.abc import Sequence, Set

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.exc import IntegrityError

from engine import definitions, process_starts
from engine.diagram.references import Kind, Reference, references
from engine.errors import Conflict, NotFound, Sentence
from engine.queries.not_deployed import unanswered
from engine.queries.versions import newest
from engine.store.dialect import take_turns
from engine.tables import (
    DecisionDefinition,
    Deployment,
    FormDefinition,
    ProcessDefinition,
    ProcessInstance,
    RequirementsDefinition,
    Resource,
    Starter,
    UserTask,
)
from engine.transaction import Transaction

HAS_RUN = Sentence(
    "已有流程实例按该定义运行过，其办理记录须保留，不能删除；如不再使用，请挂起该流程定义。",
    "Instances have run under this definition and their record is kept, so it is not deleted; suspend the definition "
    "if it is to be used no more.",
)
DECIDES = Sentence(
    "该部署含有决策，已作出的决策须能查到其依据，不能删除。",
    "The deployment holds decisions, on which what was decided rests; it is not deleted.",
)
SHOWS_FORMS = Sentence(
    "已有任务使用该部署中的表单，不能删除。", "Tasks were created with forms of this deployment; it is not deleted."
)

REFERRED_TO = Sentence(
    "流程“{name}”引用其中的{kind}“{key}”，删除后办理将停在该处；请先部署不再引用它的版本。",
    "The process “{name}” refers to its {kind} “{key}” and would stop there; first deploy a version that does not.",
)


def delete_definition(tx: Transaction, definition_id: str) -> None:
    """Deletes a version under which nothing has run; the version before it starts again by what starts it by itself.

    Raises NotFound, Conflict when an instance has run under it.
    """
    found = tx.session.get(ProcessDefinition, definition_id)
    if found is None:
        raise NotFound
    _take_turns(tx, found.region)
    _delete(tx, [found])
    _check_references(tx, {(Kind.PROCESS, found.key)})


def delete_deployment(tx: Transaction, deployment_id: str) -> None:
    """Deletes a deployment of which nothing was used, with its definitions, forms and files.

    Raises NotFound, Conflict when something of it was used.
    """
    found = tx.session.get(Deployment, deployment_id)
    if found is None:
        raise NotFound
    tx.ports.may(tx, "deployments.delete", found)
    _take_turns(tx, found.region)
    for decisions in (DecisionDefinition, RequirementsDefinition):
        _refuse(tx, decisions.deployment_id == deployment_id, DECIDES)
    forms = select(FormDefinition.id).where(FormDefinition.deployment_id == deployment_id)
    _refuse(tx, UserTask.form_id.in_(forms), SHOWS_FORMS)
    own = select(ProcessDefinition).where(ProcessDefinition.deployment_id == deployment_id)
    definitions_gone = tx.session.scalars(own.order_by(ProcessDefinition.version.desc())).all()
    forms_gone = tx.session.scalars(select(FormDefinition.key).where(FormDefinition.deployment_id == deployment_id))
    gone = {(Kind.PROCESS, one.key) for one in definitions_gone} | {(Kind.FORM, key) for key in forms_gone}
    _delete(tx, definitions_gone)
    for table in (FormDefinition, Resource):
        tx.session.execute(delete(table).where(table.deployment_id == deployment_id))
    tx.session.delete(found)
    tx.flush()
    _check_references(tx, gone)


def _take_turns(tx: Transaction, region: str) -> None:
    """As deployments do, so that none finds a version that is about to go."""
    take_turns(tx.session.connection(), f"deployments of {region}")


def _refuse(tx: Transaction, used: ColumnElement[bool], why: Sentence) -> None:
    if tx.session.scalar(select(1).where(used).limit(1)) is not None:
        raise Conflict(why)


def _delete(tx: Transaction, gone: Sequence[ProcessDefinition]) -> None:
    for one in gone:
        tx.ports.may(tx, "deployments.delete", one)
        _refuse(tx, ProcessInstance.definition_id == one.id, HAS_RUN)
    for one in gone:
        process_starts.disarm(tx, [one.id])
        _gone(tx, one)
        versions = select(ProcessDefinition).where(
            ProcessDefinition.key == one.key, ProcessDefinition.region == one.region
        )
        before = tx.session.scalars(versions.order_by(ProcessDefinition.version.desc()).limit(1)).first()
        if before is not None and before.version < one.version and before not in gone:
            process_starts.rearm(tx, before, [before.id])


def _check_references(tx: Transaction, gone: Set[tuple[Kind, str]]) -> None:
    """Raises Conflict where a process that may start, or runs, refers to what there is no more."""
    runs = select(ProcessInstance.definition_id).where(ProcessInstance.ended_at.is_(None))
    live = select(ProcessDefinition).where(
        or_(ProcessDefinition.version == newest(ProcessDefinition), ProcessDefinition.id.in_(runs))
    )
    for one in tx.session.scalars(live).all():
        process = definitions.load(tx, one.id).process
        if gone.isdisjoint((named.kind, named.key) for node in process.nodes.values() for named in references(node)):
            continue
        for _, named in unanswered(tx, one, process):
            if (named.kind, named.key) in gone:
                raise Conflict(_referred_to(one, named))


def _referred_to(by: ProcessDefinition, named: Reference) -> Sentence:
    kind, name = named.kind.value, by.name or by.key
    return Sentence(
        REFERRED_TO.zh.format(name=name, kind=kind.zh, key=named.key),
        REFERRED_TO.en.format(name=name, kind=kind.en, key=named.key),
    )


def _gone(tx: Transaction, definition: ProcessDefinition) -> None:
    tx.session.execute(delete(Starter).where(Starter.definition_id == definition.id))
    tx.session.delete(definition)
    try:
        tx.flush()
    except IntegrityError as started:
        raise Conflict(HAS_RUN) from started
