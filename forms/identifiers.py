"""Check digits of China's national identifiers. Pure arithmetic; knows nothing of forms.

Lettered codes (a village collective's N2…, a department's Y1…) are codes like any other: the first characters of a
统一社会信用代码 are a department and a kind, not digits of a division.
"""

import re
from datetime import date

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC = re.compile(rf"[{_USCC_ALPHABET}]{{2}}[0-9]{{6}}[{_USCC_ALPHABET}]{{10}}")
_USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_ID = re.compile(r"[1-9][0-9]{16}[0-9X]")
_RESIDENT_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_RESIDENT_CHECKS = "10X98765432"


def is_uscc(code: str) -> bool:
    """统一社会信用代码, GB 32100-2015: alphabet, the organisation code within (GB 11714) and the check character."""
    if not _USCC.fullmatch(code) or not is_organisation_code(code[8:17]):
        return False
    total = sum(_USCC_ALPHABET.index(letter) * weight for letter, weight in zip(code, _USCC_WEIGHTS, strict=False))
    return code[17] == _USCC_ALPHABET[-total % 31]


def is_organisation_code(code: str) -> bool:
    """组织机构代码, GB 11714-1997: eight letters or digits and a check character, without the hyphen."""
    total = sum(int(letter, 36) * weight for letter, weight in zip(code, _ORGANISATION_WEIGHTS, strict=False))
    return code[8] == "0123456789X"[-total % 11]


def birth_date(resident_id: str) -> date | None:
    """The birth date in a 居民身份证号码 (GB 11643-1999), None when the number is not valid.

    Divisions are not compared with GB/T 2260: a number keeps the division of its first issue for life.
    """
    if not _RESIDENT_ID.fullmatch(resident_id):
        return None
    total = sum(int(digit) * weight for digit, weight in zip(resident_id, _RESIDENT_WEIGHTS, strict=False))
    if resident_id[17] != _RESIDENT_CHECKS[total % 11]:
        return None
    try:
        return date(int(resident_id[6:10]), int(resident_id[10:12]), int(resident_id[12:14]))
    except ValueError:
        return None
