"""Check digits of the national identifiers, with codes that are printed in the standards and the public register."""

from datetime import date

import pytest

from forms.identifiers import birth_date, is_organisation_code, is_uscc


@pytest.mark.parametrize("code", ["91110000600037341L", "9144030071526726XG", "91440300708461136T"])
def test_uscc__registered_enterprises(code: str) -> None:
    assert is_uscc(code)


def with_check_digits(first_sixteen: str) -> str:
    """Completes a code by the formulas as the two standards print them, weights written out."""
    inner = sum(int(c, 36) * w for c, w in zip(first_sixteen[8:], [3, 7, 9, 10, 5, 8, 4, 2], strict=True))
    seventeen = first_sixteen + {10: "X", 11: "0"}.get(11 - inner % 11, str(11 - inner % 11))
    weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(alphabet.index(c) * w for c, w in zip(seventeen, weights, strict=True))
    return seventeen + alphabet[(31 - total % 31) % 31]


@pytest.mark.parametrize("department_and_kind", ["N2", "Y1", "A1", "11", "52"])
def test_uscc__the_registering_department_may_be_a_letter(department_and_kind: str) -> None:
    assert is_uscc(with_check_digits(f"{department_and_kind}210202MF123456"))


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("91110000600037341M", "check character"),
        ("91110000600037342L", "organisation code within"),
        ("91110000600037341", "17 characters"),
        ("91110000600037341LL", "19 characters"),
        ("9111000060003734IL", "the letter I is not in the alphabet"),
        ("91110000600037341l", "lower case"),
        ("9111000060003734１L", "full-width digit"),
        ("91110000600037341L\n", "line break"),
        ("", "nothing"),
    ],
)
def test_uscc__refused(code: str, why: str) -> None:
    assert not is_uscc(code), why


@pytest.mark.parametrize("place", range(18))
def test_uscc__any_single_wrong_character_is_found(place: int) -> None:
    code = "91110000600037341L"
    wrong = "2" if code[place] != "2" else "3"
    assert not is_uscc(code[:place] + wrong + code[place + 1 :])


def test_organisation_code__check_character_x() -> None:
    assert is_organisation_code("71526726X")
    assert not is_organisation_code("715267260")


def test_resident_id__the_example_of_the_standard() -> None:
    assert birth_date("11010519491231002X") == date(1949, 12, 31)


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("110105194912310021", "check digit"),
        ("11010519491231002x", "lower case is for the field to fold"),
        ("110105491231002", "15 digits ended in 2013"),
        ("01010519491231002X", "no division begins with 0"),
        ("110105１9491231002X", "full-width digit"),
        ("", "nothing"),
    ],
)
def test_resident_id__refused(number: str, why: str) -> None:
    assert birth_date(number) is None, why


@pytest.mark.parametrize("day", ["19490230", "19491331", "19490000"])
def test_resident_id__the_birth_date_must_exist(day: str) -> None:
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    seventeen = f"110105{day}002"
    check = "10X98765432"[sum(int(d) * w for d, w in zip(seventeen, weights, strict=True)) % 11]
    assert birth_date(seventeen + check) is None
