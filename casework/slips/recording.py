"""A clerk records how a slip was served, where it did not go out electronically."""

from casework import cases
from casework.slips import reading
from casework.slips.serving import Service, serve
from casework.tables import Slip
from engine.transaction import Transaction


def record_service(tx: Transaction, case_number: str, slip_number: str, service: Service) -> Slip:
    """A clerk records how a slip of a case was served.

    Raises NotFound when the case has no such slip, Invalid with every fault of receiver and time, Conflict when it is
    served already. Emits SlipServed.
    """
    case = cases.locked(tx, case_number, "slips.serve")
    return serve(tx, reading.one(tx, case, slip_number), service)
