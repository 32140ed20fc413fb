"""How a licence is handled (办理方式), and the time the law gives each way: 行政许可法 arts. 26 and 42.

Pure: data of the law that items choose from. Knows no case and no person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from casework.workdays import Limit, Unit
from engine.errors import Sentence

LICENCE = "行政许可"
ARTICLE = "行政许可法第四十二条"
HOURS_OF_A_DAY: Mapping[Unit, int] = {Unit.WD: 1, Unit.ND: 1, Unit.WH: 8, Unit.H: 24}


class HandlingMode(StrEnum):
    """Who handles an application (行政许可法 art. 26).

    SINGLE 单独办理: one authority. UNIFIED 统一办理: one department accepts, passes on and answers for several. JOINT
    联合办理: several departments at once. CENTRAL 集中办理: several departments in one place.
    """

    SINGLE = "single"
    UNIFIED = "unified"
    JOINT = "joint"
    CENTRAL = "central"


@dataclass(frozen=True, slots=True)
class Term:
    """The longest time for a decision, and by how much it may be extended, once (art. 42).

    `by_government`: the head of the government approves the extension, else the head of the authority.
    """

    limit: Limit
    extension: Limit
    by_government: bool
    basis: str


OF_ONE = Term(Limit(20, Unit.WD), Limit(10, Unit.WD), by_government=False, basis=f"{ARTICLE}第一款")
OF_SEVERAL = Term(Limit(45, Unit.WD), Limit(15, Unit.WD), by_government=True, basis=f"{ARTICLE}第二款")
TERMS: Mapping[HandlingMode, Term] = {
    HandlingMode.SINGLE: OF_ONE,
    HandlingMode.UNIFIED: OF_SEVERAL,
    HandlingMode.JOINT: OF_SEVERAL,
    HandlingMode.CENTRAL: OF_SEVERAL,
}


def usual(participants: int) -> HandlingMode:
    """The way of handling where an item names none: several departments handle jointly."""
    return HandlingMode.SINGLE if participants <= 1 else HandlingMode.JOINT


def is_longer(limit: Limit, cap: Limit) -> bool:
    """Whether a limit has more days than the law's, whatever its unit; hours count as parts of a day."""
    return limit.amount > cap.amount * HOURS_OF_A_DAY[limit.unit]


def too_long(term: Term) -> Sentence:
    """What is said to whoever gives a licence more time than art. 42 without another law."""
    return Sentence(
        f"法定时限超过{term.basis}规定的 {term.limit.text.zh}；法律、法规另有规定的，请在 statutory_basis 中注明依据。",
        f"The statutory limit is longer than the {term.limit.text.en} of {term.basis}; where another law gives more, "
        "name it in statutory_basis.",
    )
