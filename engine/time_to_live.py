"""For how long what ran under a definition is kept: changed by who administers it, as history is cleaned up later."""

from engine.errors import Invalid, NotFound, Sentence
from engine.tables import ProcessDefinition
from engine.transaction import Transaction

MOST_DAYS = 36_500
NO_DAYS = Sentence(
    f"保存期限应为 0 至 {MOST_DAYS} 天，不填表示永久保存。",
    f"History is kept for 0 to {MOST_DAYS} days, or for ever where nothing is said.",
)


def keep(tx: Transaction, definition_id: str, days: int | None) -> None:
    """Keeps what is over for so many days, None for ever. Raises NotFound, Invalid for a number that is no term."""
    tx.ports.may(tx, "definitions.keep", None)
    if days is not None and not 0 <= days <= MOST_DAYS:
        raise Invalid(NO_DAYS)
    definition = tx.session.get(ProcessDefinition, definition_id, with_for_update=True, populate_existing=True)
    if definition is None:
        raise NotFound
    definition.history_time_to_live = days
    definition.revision += 1
    tx.flush()
