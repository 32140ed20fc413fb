"""How long a licence may take: 行政许可法 art. 42 gives one authority 20 working days and several together 45."""

from collections.abc import Sequence

import pytest

from casework import item_document
from casework.handling_modes import TERMS, HandlingMode
from engine.errors import DiagramRefused
from tests.served import DEPARTMENTS, item

ONE_AUTHORITY = DEPARTMENTS[:1]


def licence(*said: str, departments: Sequence[str] = DEPARTMENTS, statutory: str = "20WD", basis: str = "") -> bytes:
    """An item whose first lines say these things besides."""
    limits = f'statutory = "{statutory}"' + (f'\nstatutory_basis = "{basis}"' if basis else "")
    text = item(departments).decode()
    return "\n".join([*said, text.replace('statutory = "20WD"', limits)]).encode()


def faults(content: bytes) -> list[str]:
    with pytest.raises(DiagramRefused) as refused:
        item_document.read("item.toml", content)
    return [fault.sentence.en for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("mode", "days", "extension", "by_government"),
    [("single", 20, 10, False), ("unified", 45, 15, True), ("joint", 45, 15, True), ("central", 45, 15, True)],
)
def test_the_mode_decides_the_term_its_extension_and_who_approves_it(
    mode: str, days: int, extension: int, by_government: bool
) -> None:
    document = item_document.read("item.toml", licence(f'handling_mode = "{mode}"'))
    term = TERMS[document.handling_mode]

    assert (term.limit.amount, term.extension.amount, term.by_government) == (days, extension, by_government)


def test_unsaid_one_department_handles_alone_and_several_jointly() -> None:
    alone, together = (item_document.read("item.toml", licence(departments=d)) for d in (ONE_AUTHORITY, DEPARTMENTS))

    assert (alone.handling_mode, together.handling_mode) == (HandlingMode.SINGLE, HandlingMode.JOINT)


@pytest.mark.parametrize(
    ("mode", "statutory", "is_lawful"),
    [
        ("single", "20WD", True),
        ("single", "21WD", False),
        ("single", "160WH", True),
        ("single", "161WH", False),
        ("single", "481H", False),
        ("joint", "45WD", True),
        ("joint", "46WD", False),
        ("joint", "60ND", False),
    ],
)
def test_a_licence_takes_no_longer_than_the_term_of_its_mode(mode: str, statutory: str, is_lawful: bool) -> None:
    content = licence(f'handling_mode = "{mode}"', statutory=statutory)

    if is_lawful:
        assert str(item_document.read("item.toml", content).limits["statutory"]) == statutory
    else:
        assert [fault.split(":")[0] for fault in faults(content)] == ["item.toml limits.statutory_basis"]


def test_another_law_may_give_more_time_when_it_is_named() -> None:
    content = licence('handling_mode = "single"', statutory="60WD", basis="种子法第三十三条")
    document = item_document.read("item.toml", content)

    assert str(document.limits["statutory"]) == "60WD"
    assert "statutory_basis" not in document.limits


def test_the_terms_of_licences_bind_no_item_of_another_kind() -> None:
    content = licence('handling_mode = "single"', statutory="60WD").replace("行政许可".encode(), "行政确认".encode())

    assert str(item_document.read("item.toml", content).limits["statutory"]) == "60WD"


def test_a_mode_that_the_law_does_not_know_is_refused() -> None:
    assert faults(licence('handling_mode = "parallel"')) == [
        "item.toml handling_mode: Must be one of: single, unified, joint, central."
    ]
