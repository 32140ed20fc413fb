"""The clocks that cases of an item have, by the words with which a timer asks for them: `${due('fire','promised')}`.

Pure: knows no case. A clock that no limit of the item gives would leave the timer without an end.
"""

import re
from collections.abc import Iterator

from casework.item_document import ItemDocument
from casework.tables import ClockKind

PROMISED, STATUTORY = BOTH = "promised", "statutory"
CASE, STEP, CORRECTION = "case", "step:", ClockKind.CORRECTION.lower()
BY_LAW = frozenset({ClockKind.RECEIPT.lower(), ClockKind.DELIVERY.lower()})
_WORD = r"\s*['\"]([^'\"]+)['\"]\s*"
_DUE = re.compile(rf"\bdue\({_WORD}(?:,{_WORD})?\)")
_TACIT = re.compile(rf"\btacit\({_WORD}(?:,{_WORD})?\)")


def of(item: ItemDocument) -> frozenset[tuple[str, str]]:
    """The clocks of the item's cases, each with a deadline that it has: a participant's role or a word of `due`, and
    `promised` or `statutory`."""
    return frozenset(
        {
            *((CASE, which) for which in BOTH if which in item.limits),
            *((whose, which) for whose in BY_LAW for which in BOTH),
            (ClockKind.DEFERRAL.lower(), PROMISED),
            *((CORRECTION, PROMISED) for limit in item.limits if limit == CORRECTION),
            *((f"{STEP}{limit}", PROMISED) for limit in item.limits),
            *((role, PROMISED) for role, participant in item.participants.items() if participant.limit),
        }
    )


def named(expression: str) -> Iterator[tuple[str, str]]:
    """The clocks that an expression asks for outright; what is known only when a case runs is left out."""
    for whose, which in _DUE.findall(expression):
        yield whose, which or PROMISED
    for role, step in _TACIT.findall(expression):
        yield f"{STEP}{step}" if step else role, PROMISED
