"""Cases (办件): submit, accept, decline, withdraw, supplement. Each verb is one command; the diagram does the rest.

A verb finds its step by what the step means (casework.meaning), never by an activity id.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from casework import (
    applications,
    departments,
    form_files,
    items,
    materials,
    matter_decisions,
    numbers,
    renewals,
    standing,
)
from casework.applications import Application
from casework.materials import Named
from casework.meaning import Does
from casework.reasons import is_said
from casework.tables import Case, CaseState, Item
from engine import evidence, instances, messages, user_tasks
from engine.errors import Conflict, Invalid, NotFound, Sentence
from engine.messages import NobodyWaits
from engine.ports import Submission
from engine.queries import definitions
from engine.queries.definitions import EVERYWHERE
from engine.store import instance_rows
from engine.tables import ProcessInstance
from engine.transaction import Transaction

CLASSIFIED = "case.classified"
WITHDRAWN = "case-withdrawn"
SUPPLEMENTED = "case-supplemented"
NOTHING_NEW = Sentence(
    "请填写须改正的内容，或提交须补充的材料；与原申请相同的不算补正。",
    "Say what is corrected, or hand in what was missing; what was said before answers no notice.",
)
DECIDED = Sentence("办件已作出决定，不能撤件。", "The case is decided; it can no longer be withdrawn.")


def submit(tx: Transaction, application: Application, region: str = EVERYWHERE) -> Case:
    """Receives an application once for all departments (一窗收件): the case gets its number and its process starts.

    `region` is the division of the office that it is handed in to: of the divisions' item, tasks, calendar and limits
    the case has this one's. Raises NotFound or Conflict when the item is not in force there, Invalid for a division
    without a window, or with every fault of form, applicant and materials, Forbidden when somebody other than a window
    enters channel or time of receipt, or makes it confidential.
    """
    tx.ports.may(tx, "cases.submit", None)
    if faults := departments.receiving_faults(tx, region):
        raise Invalid(faults=faults)
    item = items.in_force(tx, application.item, region)
    form, values = applications.checked(tx, application, item)
    case = _new_case(tx, application, item, region, values)
    tx.add(case)
    materials.attach(tx, case, application.materials)
    form_files.hand_in(tx, case, form, values)
    tx.flush()
    chosen = matter_decisions.choose(tx, items.of(item), values, region)
    instances.start(
        tx,
        definitions.latest(tx, item.definition_key, region).id,
        region=region,
        business_key=case.number,
        variables={**values, **_known(case, item), **chosen.variables},
        instance_id=case.root_id,
    )
    chosen.note(tx, case.root_id)
    renewals.expires(tx, case, items.of(item), values)
    if case.is_confidential:
        record(tx, case, CLASSIFIED)
    return case


def _known(case: Case, item: Item) -> dict[str, object]:
    """What a diagram is told of the case beside the form's fields; docs/diagrams.md has the list."""
    document = items.of(item)
    return {
        "case_number": case.number,
        "item": item.code,
        "applicant_name": case.applicant_name,
        "submitted_by": case.submitted_by,
        **({"rounds": dict(document.rounds)} if document.rounds else {}),
        **({"on_missed_deferral": document.on_missed_deferral} if document.has_deferrable_materials else {}),
    }


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


def accept(tx: Transaction, number: str, *, comment: str | None = None) -> Case:
    """受理: completes the case's open step of acceptance. Raises Conflict when there is none."""
    return _answer(tx, locked(tx, number, "cases.accept"), Submission({}, "accept", comment))


def decline(
    tx: Transaction,
    number: str,
    *,
    comment: str | None,
    competent_authority: str | None = None,
) -> Case:
    """不予受理, with reasons: completes the case's open step of acceptance.

    Where another authority is competent, the applicant is told which (行政许可法 art. 32). Raises Conflict when no step
    of acceptance is open, or the law has accepted the case.
    """
    case = locked(tx, number, "cases.decline")
    if competent_authority is not None and is_said(competent_authority):
        case.competent_authority = competent_authority.strip()
        record(tx, case, "case.referred", new=case.competent_authority, reason=comment)
    return _answer(tx, case, Submission({}, "decline", comment))


def _answer(tx: Transaction, case: Case, submission: Submission) -> Case:
    task = standing.open_step(tx, case.root_id, Does.ACCEPT)
    if task is None:
        raise standing.elsewhere(tx, case)
    user_tasks.complete(tx, task.id, submission)
    return case


def withdraw(tx: Transaction, number: str, *, reason: str | None = None) -> Case:
    """撤件: before the decision, the applicant takes the application back.

    Raises Conflict when it is decided, or when nothing in the diagram waits for it.
    """
    case = locked(tx, number, "cases.withdraw")
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
) -> Case:
    """补正: the applicant hands in what the notice asked for.

    Raises Conflict when no notice is open, Invalid for what is wrong with form or materials, or when there is nothing
    in it: no field that changes and no material.

    Which matters take part is decided anew until the case is accepted; from then on the departments are at work.
    """
    case = locked(tx, number, "cases.supplement")
    item = items.document(tx, case.item_id)
    faults = materials.faults(tx, item, handed_in)
    if faults:
        raise Invalid(faults=faults)
    changed = applications.corrected(tx, case, item, form)
    materials.attach(tx, case, handed_in)
    record(tx, case, "case.supplemented", new=", ".join(named.kind for named in handed_in) or None)
    # A case that waits for nothing says so first.
    tell(tx, case, SUPPLEMENTED, changed)
    renewals.corrected(tx, case, item, changed)
    if not (changed or handed_in):
        raise Invalid(faults=[materials.fault("form", NOTHING_NEW)])
    return case


def tell(tx: Transaction, case: Case, message: str, variables: Mapping[str, object]) -> None:
    """A message for the case's diagram. Raises Conflict, naming where the case stands, when nothing waits for it."""
    try:
        messages.correlate(tx, message, variables, root_id=case.root_id)
    except NobodyWaits as nobody:
        raise standing.elsewhere(tx, case) from nobody


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


def by_number(tx: Transaction, number: str) -> Case:
    """A case by its number. Raises NotFound; whether the caller may see it is asked by the act that follows."""
    case = tx.session.scalar(select(Case).where(Case.number == number))
    if case is None:
        raise NotFound
    return case


def locked(tx: Transaction, number: str, act: str) -> Case:
    """A case under its lock, if the caller may do the act to it."""
    root_id = select(Case.root_id).where(Case.number == number).scalar_subquery()
    instance_rows.lock_tree_of(tx, root_id)
    case = by_number(tx, number)
    tx.ports.may(tx, act, case)
    return case
