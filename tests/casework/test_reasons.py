"""A reason is something to be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.reasons import is_said


@pytest.mark.parametrize(
    "words",
    [None, "", "  ", "\u3000\t\n", "\u200b", "\u202e \ufeff"],
    ids=["null", "empty", "blanks", "wide", "zero-width", "marks"],
)
def test_what_nobody_sees_says_nothing(words: str | None) -> None:
    assert not is_said(words)


@given(
    st.text(alphabet=st.characters(categories=["Zs", "Cf"])),
    st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1),
)
def test_a_letter_among_what_nobody_sees_is_read(unseen: str, seen: str) -> None:
    assert is_said(unseen + seen + unseen)
    assert not is_said(unseen)
