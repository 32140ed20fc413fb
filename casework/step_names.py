"""What a step is called, and to whom: by its name in this case, or as it is drawn where the values that a designer put
into the name (`${matter.name}`) are not the reader's to know."""

import re
from typing import Final

from casework import names
from casework.sight import Sight
from engine import definitions
from engine.errors import Sentence
from engine.tables import UserTask
from engine.transaction import Transaction

EXPRESSION = re.compile(r"[$#]\{[^}]*\}")
SOMETHING: Final = "…"


def of(tx: Transaction, step: UserTask, seen: Sight) -> Sentence | None:
    """A step's name for one reader."""
    return names.step(step.name if seen.person_of(step.department) else drawn(tx, step))


def drawn(tx: Transaction, step: UserTask) -> str | None:
    """The name in the diagram, an ellipsis for each value in it."""
    return without_values(definitions.load(tx, step.definition_id).node(step.activity_id).name)


def without_values(name: str | None) -> str | None:
    """A drawn name with an ellipsis for each expression."""
    return None if name is None else EXPRESSION.sub(SOMETHING, name)
