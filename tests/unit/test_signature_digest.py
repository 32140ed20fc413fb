"""What several officers sign is one thing: the same words in any order, and no other words."""

from hypothesis import given
from hypothesis import strategies as st

from casework.signatures import digest

VALUES = st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text()))
OUTCOMES = st.none() | st.text()


@given(OUTCOMES, VALUES)
def test_the_order_of_the_fields_does_not_matter(outcome: str | None, values: dict[str, object]) -> None:
    assert digest(outcome, dict(reversed(values.items()))) == digest(outcome, values)


@given(OUTCOMES, VALUES, OUTCOMES, VALUES)
def test_what_differs_is_signed_apart(
    outcome: str | None, values: dict[str, object], other_outcome: str | None, other_values: dict[str, object]
) -> None:
    is_same = (outcome, values) == (other_outcome, other_values) and repr(sorted(values.items())) == repr(
        sorted(other_values.items())
    )
    assert (digest(outcome, values) == digest(other_outcome, other_values)) is is_same
