"""Applications (申请): what is handed in for an item, held against its form, its materials and its time of receipt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from casework import applicants, filled_forms, form_files, items, materials, matter_decisions, renewals
from casework.applicants import Applicant
from casework.filled_forms import Shown
from casework.item_document import ItemDocument
from casework.materials import Named
from casework.tables import Case, Item
from engine.errors import Conflict, Fault, Invalid, Sentence
from engine.store.variables import ScopeVariables
from engine.transaction import Transaction
from forms import Form

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


def checked(tx: Transaction, application: Application, item: Item) -> tuple[Form, dict[str, object]]:
    """The application's form, and its values.

    Raises Invalid with every fault of form, applicant, materials and time of receipt at once, Conflict while the form
    is not deployed, Forbidden when somebody other than a window enters channel or time of receipt, or makes it
    confidential.
    """
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
        values = filled_forms.checked(form, application.form, Shown(items.local_day(tx), tx.now))
    except Invalid as invalid:
        faults += [materials.fault(f"form.{one.element_id}", one.sentence) for one in invalid.faults]
    unusable = form_files.faults(tx, form, values)
    faults += [materials.fault(f"form.{one.element_id}", one.sentence) for one in unusable]
    faults += renewals.faults(tx, items.of(item), values, application.received_at or tx.now)
    if faults:
        raise Invalid(faults=faults)
    return form, values


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


def corrected(tx: Transaction, case: Case, item: ItemDocument, form: Mapping[str, object]) -> dict[str, object]:
    """The fields that change, when the application as a whole holds with them; the case is called by it."""
    if not form:
        return {}
    latest = filled_forms.latest(tx, item.form, case.region)
    if latest is None:
        raise Conflict(NO_FORM)
    stored = ScopeVariables(tx, case.root_id)[None]
    values = filled_forms.checked(latest, {**stored, **form}, Shown(items.local_day(tx), tx.now, stored))
    case.title = item.title_of(values, case.applicant_name)
    if faults := form_files.faults(tx, latest, {name: values.get(name) for name in form}, case.root_id):
        raise Invalid(faults=faults)
    form_files.hand_in(tx, case, latest, {name: values.get(name) for name in form})
    changed = {name: value for name, value in values.items() if name in form and value != stored.get(name)}
    if not changed or case.accepted_at:
        return changed
    chosen = matter_decisions.choose(tx, item, values, case.region)
    chosen.note(tx, case.root_id)
    return {**changed, **chosen.variables}
