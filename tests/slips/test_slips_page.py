"""docs/slips.md says what the program does: its tables are the program's."""

import re
from pathlib import Path

import lianban
from casework.slips import FORMS, ServiceMeans, SlipKind
from casework.slips.handing_over import METHOD, METHODS, RECEIVER
from casework.slips.kinds import SERVICE_MEANS
from cli.addresses import PROGRESS_PAGE

PAGE = (Path(lianban.__file__).parent / "docs" / "slips.md").read_text()


def rows_of(first_header: str) -> list[list[str]]:
    """The rows of the page's table so headed."""
    table = re.search(rf"^\| {first_header} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    assert table is not None
    return [[cell.strip().strip("`") for cell in row.strip("|").split("|")] for row in table[1].splitlines()]


def test_every_kind_is_on_the_page_with_its_word_its_name_and_its_law() -> None:
    said = {row[0]: tuple(row[1:4]) for row in rows_of("kind")}

    assert said == {kind.value: (form.word, form.title.zh, form.basis) for kind, form in FORMS.items()}
    assert set(FORMS) == set(SlipKind)


def test_every_means_of_service_is_on_the_page() -> None:
    assert {row[0]: row[1] for row in rows_of("means")} == {
        means.value: sentence.zh for means, sentence in SERVICE_MEANS.items()
    }
    assert set(SERVICE_MEANS) == set(ServiceMeans)


def test_the_page_names_the_fields_that_say_how_a_result_was_handed_over() -> None:
    for name in (METHOD, RECEIVER, *METHODS):
        assert f"`{name}`" in PAGE


def test_the_setting_is_on_the_page() -> None:
    assert [row[0] for row in rows_of("setting")] == [PROGRESS_PAGE]


def test_words_of_numbers_are_not_mistaken_for_each_other() -> None:
    words = [form.word for form in FORMS.values()]

    assert len(set(words)) == len(words)
    assert all(re.fullmatch("[A-Z]{2,4}", word) for word in words)
