"""Cases (办件): submit, accept, decline, withdraw, supplement. Each verb is one command; the diagram does the rest.

A verb finds its step by what the step means (casework.meaning), never by an activity id.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from casework import applicants, filled_forms, items, materials, matters, names, numbers
from casework.applicants import Applicant
from casework.item_document import ItemDocument
from casework.materials import Named
from casework.meaning import Does
from casework.tables import Case, CaseState, Item
from engine import definitions as runnables
from engine import evidence, instances, messages, user_tasks
from engine.errors import Conflict, Fault, Invalid, NotFound, Sentence
from engine.messages import NobodyWaits
from engine.ports import Submission
from engine.queries import definitions
from engine.queries.definitions import EVERYWHERE
from engine.store import instance_rows
from engine.store.variables import ScopeVariables
from engine.tables import ActivityInstance, ProcessInstance, TaskState, UserTask
from engine.transaction import Transaction

CLASSIFIED = "case.classified"
WITHDRAWN = "case-withdrawn"
SUPPLEMENTED = "case-supplemented"
NO_STEPS = frozenset(
    {"subProcess", "transaction", "multiInstanceBody", "callActivity", "parallelGateway", "inclusiveGateway"}
)
DECIDED = Sentence("办件已作出决定，不能撤件。", "The case is decided; it can no longer be withdrawn.")
NO_FORM = Sentence("该事项的申请表尚未部署。", "The item's application form is not deployed.")
IN_FUTURE = Sentence("收件时间不能晚于现在。", "The time of receipt cannot lie in the future.")
NOT_YET_IN_FORCE = Sentence(
    "收件时间不能早于事项生效之日。", "The time of receipt cannot lie before the item is in force."
)


@dataclass(frozen=True, slots=True)
class Application:
    """What is handed in. A window may say by which channel it came, that it came earlier (补录), or that it is
    confidential (涉密)."""

    item: str
    applicant: Applicant
    form: Mapping[str, object]
    materials: Sequence[Named] = ()
    channel: str | None = None
    received_at: datetime | None = None
    is_confidential: bool = False


def submit(tx: Transaction, application: Application, region: str = EVERYWHERE) -> Case:
    """Receives an application once for all departments (一窗收件): the case gets its number and its process starts.

    Raises NotFound or Conflict when the item is not in force, Invalid with every fault of form, applicant and
    materials, Forbidden when somebody other than a window enters channel or time of receipt, or makes it confidential.
    """
    tx.ports.may(tx, "cases.submit", None)
    item = items.in_force(tx, application.item, region)
    values = _checked(tx, application, item)
    case = _new_case(tx, application, item, region, values)
    tx.add(case)
    materials.attach(tx, case.root_id, application.materials)
    tx.flush()
    instances.start(
        tx,
        definitions.latest(tx, item.definition_key, region).id,
        region=region,
        business_key=case.number,
        variables={**values, **_known(case, item, values)},
        instance_id=case.root_id,
    )
    if case.is_confidential:
        record(tx, case, CLASSIFIED)
    return case


def _known(case: Case, item: Item, values: Mapping[str, object]) -> dict[str, object]:
    """What a diagram is told of the case beside the form's fields; docs/diagrams.md has the list."""
    document = items.of(item)
    return {
        "case_number": case.number,
        "item": item.code,
        "applicant_name": case.applicant_name,
        "submitted_by": case.submitted_by,
        **({"rounds": dict(document.rounds)} if document.rounds else {}),
        **matters.start_variables(document.matters, values),
    }


def _checked(tx: Transaction, application: Application, item: Item) -> dict[str, object]:
    """Every fault of the application at once."""
    if application.received_at is not None or application.channel is not None:
        tx.ports.may(tx, "cases.backdate", None)
    if application.is_confidential:
        tx.ports.may(tx, "cases.submit_confidential", None)
    form = filled_forms.latest(tx, item.form_key or "", item.region)
    if form is None:
        raise Conflict(NO_FORM)
    faults = [*applicants.faults(application.applicant), *materials.faults(tx, items.of(item), application.materials)]
    faults += _receipt_faults(tx, application.received_at, item)
    values: dict[str, object] = {}
    try:
        values = filled_forms.checked(form, application.form, today=items.local_day(tx))
    except Invalid as invalid:
        faults += [materials.fault(f"form.{one.element_id}", one.sentence) for one in invalid.faults]
    if faults:
        raise Invalid(faults=faults)
    return values


def _receipt_faults(tx: Transaction, received_at: datetime | None, item: Item) -> list[Fault]:
    """What is wrong with a time of receipt entered afterwards (补录)."""
    if received_at is None:
        return []
    if received_at > tx.now:
        return [materials.fault("received_at", IN_FUTURE)]
    day = received_at.astimezone(tx.ports.zone).date()
    if item.in_force_on is not None and day < item.in_force_on:
        return [materials.fault("received_at", NOT_YET_IN_FORCE)]
    return []


def _new_case(tx: Transaction, application: Application, item: Item, region: str, values: Mapping[str, object]) -> Case:
    applicant = application.applicant
    return Case(
        root_id=tx.new_id(),
        region=region,
        number=numbers.next_number(tx, region, items.local_day(tx)),
        query_code=numbers.query_code(),
        item_id=item.id,
        title=items.of(item).title_of(values, applicant.name),
        state=CaseState.RECEIVED,
        **applicant.columns(),
        channel=application.channel or ("window" if "window" in tx.actor.groups else "online"),
        submitted_by=tx.actor.login,
        submitted_at=tx.now,
        received_at=application.received_at or tx.now,
        is_backdated=application.received_at is not None,
        is_confidential=application.is_confidential or items.of(item).is_confidential,
        revision=1,
    )


def accept(tx: Transaction, number: str, *, comment: str | None = None, region: str = EVERYWHERE) -> Case:
    """受理: completes the case's open step of acceptance. Raises Conflict when there is none."""
    return _answer(tx, number, "cases.accept", Submission({}, "accept", comment), region)


def decline(tx: Transaction, number: str, *, comment: str | None, region: str = EVERYWHERE) -> Case:
    """不予受理, with reasons: completes the case's open step of acceptance. Raises Conflict when there is none."""
    return _answer(tx, number, "cases.decline", Submission({}, "decline", comment), region)


def _answer(tx: Transaction, number: str, act: str, submission: Submission, region: str) -> Case:
    case = locked(tx, number, act, region)
    task = open_step(tx, case.root_id, Does.ACCEPT)
    if task is None:
        raise stands_elsewhere(tx, case)
    user_tasks.complete(tx, task.id, submission)
    return case


def withdraw(tx: Transaction, number: str, *, reason: str | None = None, region: str = EVERYWHERE) -> Case:
    """撤件: before the decision, the applicant takes the application back.

    Raises Conflict when it is decided, or when nothing in the diagram waits for it.
    """
    case = locked(tx, number, "cases.withdraw", region)
    if case.decided_at is not None:
        raise Conflict(DECIDED)
    record(tx, case, "case.withdrawn", reason=reason)
    tell(tx, case, WITHDRAWN, {"withdrawal_reason": reason})
    return case


def supplement(
    tx: Transaction,
    number: str,
    form: Mapping[str, object],
    handed_in: Sequence[Named] = (),
    region: str = EVERYWHERE,
) -> Case:
    """补正: the applicant hands in what the notice asked for. Raises Conflict when no notice is open.

    Which matters take part is decided anew until the case is accepted; from then on the departments are at work.
    """
    case = locked(tx, number, "cases.supplement", region)
    item = items.document(tx, case.item_id)
    faults = materials.faults(tx, item, handed_in)
    if faults:
        raise Invalid(faults=faults)
    changed = _corrected(tx, case, item, form)
    materials.attach(tx, case.root_id, handed_in)
    record(tx, case, "case.supplemented", new=", ".join(named.kind for named in handed_in) or None)
    tell(tx, case, SUPPLEMENTED, changed)
    return case


def _corrected(tx: Transaction, case: Case, item: ItemDocument, form: Mapping[str, object]) -> dict[str, object]:
    """The fields handed in again, when the application as a whole holds with them; the case is called by it."""
    if not form:
        return {}
    latest = filled_forms.latest(tx, item.form, case.region)
    if latest is None:
        raise Conflict(NO_FORM)
    stored = ScopeVariables(tx, case.root_id)[None]
    values = filled_forms.checked(latest, {**stored, **form}, today=items.local_day(tx))
    case.title = item.title_of(values, case.applicant_name)
    decided_anew = {} if case.accepted_at else matters.start_variables(item.matters, values)
    return {name: value for name, value in values.items() if name in form} | decided_anew


def tell(tx: Transaction, case: Case, message: str, variables: Mapping[str, object]) -> None:
    """A message for the case's diagram. Raises Conflict, naming where the case stands, when nothing waits for it."""
    try:
        messages.correlate(tx, message, variables, root_id=case.root_id)
    except NobodyWaits as nobody:
        raise stands_elsewhere(tx, case) from nobody


def record(
    tx: Transaction,
    case: Case,
    kind: str,
    *,
    new: str | None = None,
    reason: str | None = None,
    document: str | None = None,
) -> None:
    """An act of the office in the evidence of a locked case."""
    root = tx.session.get_one(ProcessInstance, case.root_id)
    evidence.record(tx, root, kind, new=new, reason=reason, document=document)


def by_number(tx: Transaction, number: str, region: str = EVERYWHERE) -> Case:
    """A case by its number. Raises NotFound; whether the caller may see it is asked by the act that follows."""
    case = tx.session.scalar(select(Case).where(Case.number == number, Case.region == region))
    if case is None:
        raise NotFound
    return case


def locked(tx: Transaction, number: str, act: str, region: str = EVERYWHERE) -> Case:
    """A case under its lock, if the caller may do the act to it."""
    root_id = select(Case.root_id).where(Case.number == number, Case.region == region).scalar_subquery()
    instance_rows.lock_tree_of(tx, root_id)
    case = by_number(tx, number, region)
    tx.ports.may(tx, act, case)
    return case


def open_step(tx: Transaction, root_id: str, does: Does) -> UserTask | None:
    """The case's oldest open step that does this for it."""
    return tx.session.scalars(
        select(UserTask)
        .where(UserTask.root_id == root_id, UserTask.state == TaskState.CREATED, UserTask.act == does)
        .order_by(UserTask.created_at)
        .limit(1)
    ).first()


def stands_elsewhere(tx: Transaction, case: Case) -> Conflict:
    """The refusal of a verb that nothing waits for, naming the steps where the case stands."""
    if case.ended_at is not None:
        return Conflict(Sentence(f"办件{case.number}已结束。", f"Case {case.number} is over."))
    steps = _open_steps(tx, case)
    zh, en = "、".join(step.zh for step in steps), ", ".join(step.en for step in steps)
    return Conflict(
        Sentence(
            f"办件{case.number}现处于“{zh}”环节，不能进行此操作。",
            f"Case {case.number} stands at “{en}”; this cannot be done now.",
        )
    )


def _open_steps(tx: Transaction, case: Case) -> list[Sentence]:
    """The activities the case stands at, each name once; what merely holds others or joins flows is no step."""
    visits = tx.session.execute(
        select(ProcessInstance.definition_id, ActivityInstance.activity_id, UserTask.name)
        .join(ProcessInstance, ProcessInstance.id == ActivityInstance.instance_id)
        .outerjoin(UserTask, UserTask.id == ActivityInstance.id)
        .where(
            ActivityInstance.root_id == case.root_id,
            ActivityInstance.ended_at.is_(None),
            ActivityInstance.type.not_in(NO_STEPS),
        )
        .order_by(ActivityInstance.started_at, ActivityInstance.seq)
    )
    nodes = [(visit.name, runnables.load(tx, visit.definition_id).node(visit.activity_id)) for visit in visits]
    named = (names.step(name or node.name or node.id) for name, node in nodes)
    return list(dict.fromkeys(name for name in named if name is not None))
