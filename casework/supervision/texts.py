"""What supervision tells people, in words that stand by themselves."""

from casework import items
from casework.ladders import LIGHT_NAMES, Rung
from casework.supervision.dockets import Docket
from casework.supervision.holders import Held
from casework.tables import Clock
from casework.words import CLOCK_KINDS
from engine.errors import Sentence
from engine.transaction import Transaction


def of_rung(tx: Transaction, docket: Docket, clock: Clock, rung: Rung, on: Held) -> Sentence:
    """A clock came to a rung: which, of what, whose, and what to do."""
    light, kind, what, whose = LIGHT_NAMES[rung.signal], CLOCK_KINDS[clock.kind], _what(tx, docket), _called(docket, on)
    reached = _reached(rung)
    return Sentence(
        f"【{light.zh}】{what.zh}的{kind.zh}{reached.zh}，责任部门：{whose.zh}。请抓紧办理，有正当理由的请作出说明。",
        f"[{light.en}] The {kind.en} of {what.en} {reached.en}. Answerable: {whose.en}. Please see to it, and explain "
        "it if there is a good reason.",
    )


def _reached(rung: Rung) -> Sentence:
    if rung.used is not None:
        return Sentence(f"已用 {rung.used}%", f"is used to {rung.used} %")
    if rung.before is not None:
        return Sentence(f"距到期还有 {rung.before.text.zh}", f"ends in {rung.before.text.en}")
    if rung.after is not None and rung.after.amount:
        return Sentence(f"已超期 {rung.after.text.zh}", f"is overdue by {rung.after.text.en}")
    return Sentence("已到期而未办结", "has passed")


def _what(tx: Transaction, docket: Docket) -> Sentence:
    if docket.case is not None:
        item, number = items.document(tx, docket.case.item_id).published, docket.case.number
        return Sentence(f"“{item['name']}”办件 {number}", f"case {number} “{item['name_en'] or item['name']}”")
    number = docket.order.number if docket.order else ""
    return Sentence(f"督办单 {number}", f"supervision order {number}")


def _called(docket: Docket, on: Held) -> Sentence:
    return docket.office.names.get(on.department) or Sentence(on.department, on.department)
