"""Which files a field takes: `accept` as the HTML Standard has it for the input of a file."""

import pytest

from tests.drawn_forms import FILE, form

PDF, PICTURE, SHEET = (
    ("章程.PDF", "application/pdf"),
    ("现场.jpeg", "image/jpeg"),
    ("清单.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
)


def taken(accept: str | None) -> list[bool]:
    component = {**FILE, "key": "it"} | ({} if accept is None else {"accept": accept})
    compiled = form(component)
    [held] = compiled.files(compiled.check({"it": "files::0190-a"}))
    return [held.takes(*file) for file in (PDF, PICTURE, SHEET)]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        pytest.param(None, [True, True, True], id="unsaid"),
        pytest.param("", [True, True, True], id="empty"),
        pytest.param(".pdf", [True, False, False], id="ending"),
        pytest.param(".PDF , .Xlsx", [True, False, True], id="endings"),
        pytest.param("application/pdf", [True, False, False], id="type"),
        pytest.param("image/*", [False, True, False], id="kind"),
        pytest.param("IMAGE/*,.pdf", [True, True, False], id="both"),
        pytest.param("image/png", [False, False, False], id="other-type"),
        pytest.param("video/*", [False, False, False], id="other-kind"),
        pytest.param("*/*", [True, True, True], id="all"),
        pytest.param("pdf", [True, True, True], id="no-type"),
        pytest.param("=types", [True, True, True], id="feel"),
    ],
)
def test_what_a_field_accepts(accept: str | None, expected: list[bool]) -> None:
    assert taken(accept) == expected
