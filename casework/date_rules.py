"""The rules that a step sets for the dates of its form, as property `dates` writes them. Pure.

`hearing_on >= today + hearing_notice; hearing_on <= requested_on + hearing`: a field, and a limit of the item counted
from today or from another field.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

TODAY = "today"
RULE = re.compile(r"\s*(?P<field>[a-z]\w*)\s*(?P<sign><=|>=)\s*(?P<base>[a-z]\w*)\s*\+\s*(?P<limit>[a-z][\w-]*)\s*")


@dataclass(frozen=True, slots=True)
class DateRule:
    """`field` is no earlier (or no later) than the last day of `limit`, counted from the day `base`."""

    field: str
    is_earliest: bool
    base: str
    limit: str


def read(text: str) -> Iterable[DateRule | None]:
    """The rules of a property, null for one that is misspelt."""
    for part in filter(str.strip, text.split(";")):
        said = RULE.fullmatch(part)
        yield DateRule(said["field"], said["sign"] == ">=", said["base"], said["limit"]) if said else None
