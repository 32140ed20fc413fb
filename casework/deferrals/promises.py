"""The promise to hand something in later: offered by the window, kept by the applicant."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from casework import calendars, cases, items, materials
from casework.item_document import ItemDocument
from casework.materials import Named
from casework.reasons import is_said
from casework.tables import Case, Deferral, DeferralState, Material
from casework.workdays import Limit, deadline
from engine.errors import Conflict, Fault, Invalid, NotFound, Sentence
from engine.transaction import Transaction

OFFERED, HANDED_IN = "material-deferred", "deferred-material-received"
OPEN = frozenset({DeferralState.OFFERED, DeferralState.PROMISED})
DEFERRABLE = "deferrable"
ACCEPTED_ALREADY = Sentence(
    "办件已受理；容缺须在受理时确定。", "The case is accepted; what may follow is settled at acceptance."
)
OPEN_ALREADY = Sentence("本办件已有容缺材料。", "The case has deferred materials already.")
NOTHING_OUTSTANDING = Sentence(
    "本办件没有承诺补齐的容缺材料。", "Nothing is outstanding on the applicant's promise in this case."
)
NOTHING_NAMED = Sentence("请至少列出一项容缺材料。", "Name at least one material to be deferred.")
NONE = Sentence("本办件没有容缺材料。", "Nothing of the case was deferred.")
NO_WAY = Sentence("请写明补齐的方式。", "Say how it is to be handed in.")
TOO_LONG = Sentence(
    "承诺补齐的时限不得超过事项的承诺办结时限。", "The promise may not reach beyond the item's own promised limit."
)


def offer(tx: Transaction, number: str, kinds: Sequence[str], how: str, within: str | None = None) -> Deferral:
    """容缺受理: the window lets secondary materials follow later, if the applicant promises so in writing.

    `within`: the applicant's time; else the shortest that the item names for these materials, else the item's promise.
    Raises Conflict once the case is accepted, while core materials are missing, or when nothing in the diagram waits
    for it; Invalid for what is not deferrable, not missing, or promised for too late.
    """
    case = cases.locked(tx, number, "cases.defer")
    item = items.document(tx, case.item_id)
    if case.accepted_at is not None:
        raise Conflict(ACCEPTED_ALREADY)
    if any(one.state in OPEN for one in _all(tx, case.root_id)):
        raise Conflict(OPEN_ALREADY)
    there = _there(tx, case)
    _require_core(item, there)
    limit = Limit.parse(within) if within else _limit(item, kinds)
    if faults := [*_kind_faults(item, kinds, there), *_promise_faults(tx, case, item, how, limit)]:
        raise Invalid(faults=faults)
    deferral = Deferral(
        id=tx.new_id(),
        region=case.region,
        root_id=case.root_id,
        state=DeferralState.OFFERED,
        materials=json.dumps(list(dict.fromkeys(kinds))),
        within=str(limit),
        how=how.strip(),
        offered_at=tx.now,
        offered_by=tx.actor.login,
        revision=1,
    )
    tx.add(deferral)
    names = [said["name"] for said in listed(item, deferral)]
    cases.record(tx, case, "deferral.offered", new="、".join(names))
    tx.flush()
    cases.tell(tx, case, OFFERED, {"deferred_materials": "、".join(names), "deferred_how": deferral.how})
    return deferral


def hand_in(tx: Transaction, number: str, handed_in: Sequence[Named]) -> Deferral:
    """The applicant hands in what was promised, at once or piece by piece; when all of it is there the case goes on.

    Raises Conflict when nothing is outstanding, Invalid for anything else than what was promised.
    """
    case = cases.locked(tx, number, "cases.hand_in_deferred")
    deferral = latest(tx, case.root_id)
    if deferral is None or deferral.state != DeferralState.PROMISED:
        raise Conflict(NOTHING_OUTSTANDING)
    item, promised = items.document(tx, case.item_id), json.loads(deferral.materials)
    faults = materials.faults(tx, item, handed_in)
    faults += [
        materials.fault(f"materials[{place}].kind", _not_promised(named.kind))
        for place, named in enumerate(handed_in)
        if named.kind not in promised
    ]
    if faults or not handed_in:
        raise Invalid(faults=faults or [materials.fault("materials", NOTHING_NAMED)])
    materials.attach(tx, case, handed_in)
    cases.record(tx, case, "deferral.handed_in", new=", ".join(named.kind for named in handed_in))
    if not outstanding(tx, case, deferral):
        cases.tell(tx, case, HANDED_IN, {})
    return deferral


def seen(tx: Transaction, number: str) -> Deferral:
    """The newest deferral of a case. Raises NotFound when there is none or the caller may not see the case."""
    case = cases.by_number(tx, number)
    tx.ports.may(tx, "cases.read", case)
    deferral = latest(tx, case.root_id)
    if deferral is None:
        raise NotFound(NONE)
    return deferral


def latest(tx: Transaction, root_id: str) -> Deferral | None:
    """The case's newest deferral."""
    return next(iter(_all(tx, root_id)), None)


def _all(tx: Transaction, root_id: str) -> Sequence[Deferral]:
    newest = (
        select(Deferral).where(Deferral.root_id == root_id).order_by(Deferral.offered_at.desc(), Deferral.id.desc())
    )
    return tx.session.scalars(newest).all()


def listed(item: ItemDocument, deferral: Deferral) -> list[Mapping[str, Any]]:
    """The deferred materials as the item publishes them."""
    kinds = json.loads(deferral.materials)
    return [said for said in item.published["materials"] if said["code"] in kinds]


def outstanding(tx: Transaction, case: Case, deferral: Deferral) -> list[str]:
    """The codes of what was promised and has not come."""
    there = _there(tx, case)
    return [kind for kind in json.loads(deferral.materials) if kind not in there]


def _there(tx: Transaction, case: Case) -> set[str | None]:
    tx.flush()
    return set(tx.session.scalars(select(Material.kind).where(Material.root_id == case.root_id)))


def _require_core(item: ItemDocument, there: set[str | None]) -> None:
    missing = [said for said in item.required_materials if said["code"] not in there]
    if missing:
        zh, en = "、".join(said["name"] for said in missing), ", ".join(said["name_en"] for said in missing)
        raise Conflict(
            Sentence(
                f"主要材料尚缺：{zh}。容缺只限次要材料，请一次性告知补正。",
                f"Core materials are missing: {en}. Only secondary ones may follow; send a notice of corrections.",
            )
        )


def _limit(item: ItemDocument, kinds: Sequence[str]) -> Limit:
    named = [said["within"] for said in item.published["materials"] if said["code"] in kinds and said["within"]]
    return min((Limit.parse(text) for text in named), key=lambda limit: limit.amount, default=item.limits["promised"])


def _kind_faults(item: ItemDocument, kinds: Sequence[str], there: set[str | None]) -> list[Fault]:
    deferrable = {said["code"] for said in item.published["materials"] if said["necessity"] == DEFERRABLE}
    faults = [] if kinds else [materials.fault("materials", NOTHING_NAMED)]
    for place, kind in enumerate(kinds):
        if kind not in deferrable:
            told = Sentence(f"事项不允许“{kind}”容缺。", f"The item does not let “{kind}” follow later.")
            faults.append(materials.fault(f"materials[{place}]", told))
        elif kind in there:
            told = Sentence(f"“{kind}”已经提交。", f"“{kind}” has been handed in.")
            faults.append(materials.fault(f"materials[{place}]", told))
    return faults


def _promise_faults(tx: Transaction, case: Case, item: ItemDocument, how: str, limit: Limit) -> list[Fault]:
    """Whatever the units are, the day by which it is promised may not be later than that of the item's own promise."""
    calendar = calendars.calendar_of(tx, case.region)
    promised, furthest = (deadline(tx.now, one, calendar).at for one in (limit, item.limits["promised"]))
    faults = [] if is_said(how) else [materials.fault("how", NO_WAY)]
    if promised is None or furthest is None or promised > furthest:
        faults.append(materials.fault("within", TOO_LONG))
    return faults


def _not_promised(kind: str) -> Sentence:
    return Sentence(f"“{kind}”不在承诺补齐之列。", f"“{kind}” is not among what was promised.")
