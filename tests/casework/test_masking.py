"""Personal data are masked so that a person recognises them and nobody can use them."""

from hypothesis import given
from hypothesis import strategies as st

from casework import masking, names


def test_names_keep_their_ends() -> None:
    assert [masking.name(text) for text in ("陆嘉禾", "陆明", "欧阳修远", "陆", "")] == [
        "陆*禾",
        "陆*",
        "欧**远",
        "*",
        "*",
    ]


def test_numbers_keep_the_first_three_and_the_last_four() -> None:
    assert masking.number("11010519491231002X") == "110***********002X"
    assert masking.number("13905710001") == "139****0001"
    assert masking.number("E1234567") == "E12*4567"
    assert masking.number("12345") == "*****"


@given(st.text(min_size=1, max_size=40))
def test_a_masked_number_is_as_long_and_shows_at_most_seven_characters(text: str) -> None:
    masked = masking.number(text)

    assert len(masked) == len(text)
    assert sum(character != "*" for character in masked) <= 7
    assert "*" in masked


def test_a_label_on_two_lines_is_chinese_and_english() -> None:
    assert names.step("受理\nAcceptance") == ("受理", "Acceptance")
    assert names.step("受理") == ("受理", "受理")
    assert names.step(None) is None
