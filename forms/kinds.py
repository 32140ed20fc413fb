"""The field kinds: what the office means by a text (a code, an amount), chosen by the custom property `kind`.

One table, KINDS. A kind takes the submitted text and gives the text to store, or raises what is wrong.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from forms.checking import problem
from forms.errors import Bilingual
from forms.identifiers import birth_date, is_uscc

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_DOCUMENT_NUMBER = re.compile(r"[A-Z0-9()-]{4,30}")
_MONEY = re.compile(r"[0-9]{1,16}(\.[0-9]{1,2})?")
_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,4})?")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a kind may look at besides its own text: the type chosen beside it, and the office's date if known."""

    id_type: object = None
    today: date | None = None


Clean = Callable[[str, Surroundings], str]


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the table: its name for the docs, the component types that may carry it, and what it does."""

    name: Bilingual
    components: frozenset[str]
    clean: Clean


def _uscc(text: str, around: Surroundings) -> str:
    code = text.strip().upper()
    if not is_uscc(code):
        raise problem("uscc")
    return code


def _resident_id(text: str, around: Surroundings) -> str:
    number = text.strip().upper()
    born = birth_date(number)
    if born is None:
        raise problem("resident-id")
    if around.today and born > around.today:
        raise problem("born-later")
    return number


def _document_number(text: str, around: Surroundings) -> str:
    number = text.strip().upper()
    if not _DOCUMENT_NUMBER.fullmatch(number):
        raise problem("id-number")
    return number


ID_TYPES: dict[str, Clean] = {
    "resident-id": _resident_id,
    "uscc": _uscc,
    "passport": _document_number,
    "hk-macau-permit": _document_number,
    "taiwan-permit": _document_number,
    "foreign-permanent-resident-id": _document_number,
    "other": _document_number,
}


def _id_number(text: str, around: Surroundings) -> str:
    # An unknown type is reported at the type's own field; here it would only hide that.
    id_type = around.id_type if isinstance(around.id_type, str) else "other"
    return ID_TYPES.get(id_type, _document_number)(text, around)


def _mobile(text: str, around: Surroundings) -> str:
    number = text.strip()
    if not _MOBILE.fullmatch(number):
        raise problem("mobile")
    return number


def _money(text: str, around: Surroundings) -> str:
    amount = text.strip()
    if not _MONEY.fullmatch(amount):
        raise problem("money")
    return f"{Decimal(amount):.2f}"


def _percent(text: str, around: Surroundings) -> str:
    share = text.strip()
    if not _PERCENT.fullmatch(share) or Decimal(share) > 100:
        raise problem("percent")
    return share


_TEXT = frozenset({"textfield"})
_FIGURE = frozenset({"textfield", "number"})

KINDS: dict[str, Kind] = {
    "uscc": Kind(Bilingual("统一社会信用代码", "unified social credit code"), _TEXT, _uscc),
    "resident-id": Kind(Bilingual("居民身份证号码", "resident identity number"), _TEXT, _resident_id),
    "id-number": Kind(Bilingual("证件号码（按证件类型）", "document number, by its type"), _TEXT, _id_number),
    "mobile": Kind(Bilingual("手机号码", "mobile number"), _TEXT, _mobile),
    "money": Kind(Bilingual("金额", "amount of money"), _FIGURE, _money),
    "percent": Kind(Bilingual("百分比", "percentage"), _FIGURE, _percent),
}
