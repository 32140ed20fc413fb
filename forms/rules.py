"""The validations of a component (`validate`, decimalDigits, increment …), as marshmallow validators.

A rule sees a value of the right type that is not empty. Lengths are of the trimmed text, as form-js counts them, in
characters.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from forms.checking import problem

Rule = Callable[[object], None]

LONGEST_TEXT = 20_000
LONGEST_PATTERN_TEXT = 1_000  # of a text with a pattern and no maxLength

# E.164: country code and subscriber number have together at most 15 digits.
_PHONE = re.compile(r"(\+|00)[1-9][0-9]{6,14}")
# HTML Standard, "valid e-mail address"; lengths as in RFC 5321 section 4.5.3.1.
_LOCAL_PART = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_DOMAIN_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


def plain_decimal(value: object) -> str:
    """A number written without an exponent, exactly as it was given."""
    return format(Decimal(str(value)), "f")


def min_length(least: int) -> Rule:
    def rule(value: object) -> None:
        if len(str(value).strip()) < least:
            raise problem("too-short", least=least)

    return rule


def max_length(most: int) -> Rule:
    def rule(value: object) -> None:
        if len(str(value).strip()) > most:
            raise problem("too-long", most=most)

    return rule


def matches(pattern: re.Pattern[str], longest: int, message: str) -> Rule:
    """The text as it is, blanks around it included. One that is too long is never searched: max_length reports it."""

    def rule(value: object) -> None:
        text = str(value)
        if len(text.strip()) > longest:
            return
        if len(text) > longest or not pattern.search(text):
            raise problem("pattern", message=message)

    return rule


def email(value: object) -> None:
    """validationType email."""
    local, at, domain = str(value).rpartition("@")
    is_whole = at and _LOCAL_PART.fullmatch(local) and len(domain) <= 255
    if not is_whole or not all(_DOMAIN_LABEL.fullmatch(label) for label in domain.split(".")):
        raise problem("email")


def phone(value: object) -> None:
    """validationType phone: international, as form-js demands."""
    if not _PHONE.fullmatch(str(value)):
        raise problem("phone")


def minimum(least: str) -> Rule:
    def rule(value: object) -> None:
        if Fraction(plain_decimal(value)) < Fraction(least):
            raise problem("too-small", least=least)

    return rule


def maximum(most: str) -> Rule:
    def rule(value: object) -> None:
        if Fraction(plain_decimal(value)) > Fraction(most):
            raise problem("too-large", most=most)

    return rule


def decimal_digits(most: int) -> Rule:
    def rule(value: object) -> None:
        if len(plain_decimal(value).partition(".")[2].rstrip("0")) > most:
            raise problem("too-many-decimals", most=most)

    return rule


LIMITS: dict[str, Callable[[float], Rule]] = {
    "min": lambda least: minimum(plain_decimal(least)),
    "max": lambda most: maximum(plain_decimal(most)),
    "minLength": lambda least: min_length(int(least)),
    "maxLength": lambda most: max_length(int(most)),
}
"""The rules of `validate` whose limit an expression may give."""


def multiple_of(step: str) -> Rule:
    def rule(value: object) -> None:
        if (Fraction(plain_decimal(value)) / Fraction(step)).denominator != 1:
            raise problem("not-a-multiple", step=step)

    return rule
