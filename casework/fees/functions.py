"""What a diagram may ask of the fees: whether there is anything to pay."""

from collections.abc import Callable, Mapping

from casework.fees import bills
from casework.tables import Case
from engine.tables import ProcessInstance
from engine.transaction import Transaction

FUNCTION_NAMES = frozenset({"feesDue"})


def functions(tx: Transaction, instance: ProcessInstance) -> Mapping[str, Callable[..., object]]:
    """The engine's port. `feesDue()`: what the item charges the case, in fen; 0 when nothing."""

    def due() -> int:
        case = tx.session.get(Case, instance.root_id)
        return 0 if case is None else sum(charge.amount for charge in bills.charges(tx, case))

    return {"feesDue": due}
