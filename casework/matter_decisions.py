"""Which matters (专项) take part where the item leaves it to a DMN decision: `matters_decision` of item.toml.

The decision's rows name the codes of matters, each in its only output; its inputs are fields of the application form.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from casework import matters
from casework.item_document import ItemDocument
from engine import decisions
from engine.decisions import Asker
from engine.dmn import Decided, Requirements
from engine.dmn.model import Table
from engine.errors import Invalid, Sentence
from engine.queries import decision_definitions
from engine.tables import DecisionDefinition, ProcessInstance
from engine.transaction import Transaction

FIELD = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The variables `matters` and `participants` of a case, and the decision that named them, where one did."""

    variables: Mapping[str, object]
    definition: DecisionDefinition | None = None
    decided: Decided | None = None

    def note(self, tx: Transaction, root_id: str) -> None:
        """Keeps in the evidence of the case which version decided and what."""
        if self.definition is not None and self.decided is not None:
            root = tx.session.get_one(ProcessInstance, root_id)
            decisions.note(tx, root, Asker(root), self.definition, self.decided)


def choose(tx: Transaction, item: ItemDocument, values: Mapping[str, object], region: str) -> Chosen:
    """Who takes part in a case whose application has these values. Raises NotFound or DecisionFailed where the item's
    decision is not deployed or cannot be made, Invalid where it names a matter that the item does not have."""
    key = item.matters_decision
    if key is None:
        return Chosen(matters.start_variables(item.matters, values))
    definition = decision_definitions.latest(tx, key, region)
    ready = decisions.ready(tx, definition)
    decided = ready.decide({**unfilled(ready.requirements, key), **values})
    named = [str(code) for row in decided.rows for code in row.values()]
    unknown = set(named) - {matter.code for matter in item.matters}
    if unknown:
        said = ", ".join(sorted(unknown))
        raise Invalid(
            Sentence(
                f"决策“{key}”给出的专项“{said}”不在事项中。",
                f"The decision “{key}” names “{said}”, no matter of the item.",
            )
        )
    return Chosen(matters.start_variables(item.matters, values, named), definition, decided)


def unfilled(requirements: Requirements, key: str) -> dict[str, object]:
    """The fields that a decision asks for, empty: a form that leaves one out has said nothing, and that is null."""
    logic = requirements.decisions[key].logic
    asked = [one.expression for one in logic.inputs] if isinstance(logic, Table) else []
    return {text.split(".")[0]: None for text in asked if FIELD.fullmatch(text)}
