"""Fees (收费): one bill for all departments, one payment, a split list to the cent (行政许可法 arts. 58–59).

What is charged stands in the item; here it is put on a bill when the diagram comes to the step that waits for the
payment, and taken off when the paying system says so.
"""

from casework.fees.bills import by_number, latest, lines_of, shares_of
from casework.fees.functions import FUNCTION_NAMES, functions
from casework.fees.listening import listen
from casework.fees.payments import PAID, Payment, receive
from casework.fees.reading import of_case, seen

__all__ = [
    "FUNCTION_NAMES",
    "PAID",
    "Payment",
    "by_number",
    "functions",
    "latest",
    "lines_of",
    "listen",
    "of_case",
    "receive",
    "seen",
    "shares_of",
]
