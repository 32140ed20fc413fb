"""What has to wait for a deferred material: acceptance for the signature of the promise, approval for the papers."""

from collections.abc import Mapping

from casework import items
from casework.deferrals import promises
from casework.meaning import Does
from casework.tables import Case, DeferralState
from engine.errors import Conflict, Sentence
from engine.transaction import Transaction

WAITS: Mapping[tuple[Does | None, str | None], DeferralState] = {
    (Does.ACCEPT, "accept"): DeferralState.OFFERED,
    (Does.DECIDE, "approve"): DeferralState.PROMISED,
}
UNSIGNED = Sentence(
    "申请人尚未签署容缺受理承诺书，签署后方可受理。",
    "The applicant has not signed the promise to hand in what is missing; the case can be accepted once that is done.",
)


class Outstanding(Conflict):
    """A deferred material has not been handed in yet."""

    code = "outstanding"
    title = Sentence("容缺材料尚未补齐。", "A deferred material has not been handed in yet.")


def require_nothing(tx: Transaction, case: Case, does: Does | None, outcome: str | None) -> None:
    """Raises Conflict while the promise is unsigned and the case is to be accepted, Outstanding while the papers are
    missing and it is to be approved. To refuse is always possible."""
    waits_for = WAITS.get((does, outcome))
    item = items.document(tx, case.item_id)
    if waits_for is None or not item.has_deferrable_materials:
        return
    deferral = promises.latest(tx, case.root_id)
    if deferral is None or deferral.state != waits_for:
        return
    if waits_for == DeferralState.OFFERED:
        raise Conflict(UNSIGNED)
    missing = set(promises.outstanding(tx, case, deferral))
    named = [said for said in promises.listed(item, deferral) if said["code"] in missing]
    zh, en = "、".join(said["name"] for said in named), ", ".join(said["name_en"] for said in named)
    raise Outstanding(
        Sentence(
            f"申请人承诺补齐的材料尚未收到：{zh}。收到后方可作出准予决定。",
            f"What the applicant promised has not come: {en}. It can be approved once it is there.",
        )
    )
