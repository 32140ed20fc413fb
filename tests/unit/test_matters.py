"""Which matters of an item take part: the decision table over the application form, and what of it is refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import item_document, matters
from engine.errors import DiagramRefused
from tests.served import item

FIRE = """
[[matters]]
code = "fire-design"
name = "消防设计审查"
name_en = "Fire design review"
role = "taxation"
limit = "3WD"
[[matters.when]]
company = ["大酒店", "学校"]
[[matters.when]]
staff = ">= 100"
secret = ["X"]
"""
ALWAYS = """
[[matters]]
code = "planning"
name = "规划条件核验"
name_en = "Planning conditions"
role = "market-regulation"
"""


def document(*tables: str) -> bytes:
    return item() + "".join(tables).encode()


def rows(when: str) -> str:
    return FIRE.partition("[[matters.when]]")[0] + f"when = {when}\n"


def taking_part(toml: str, values: dict[str, object]) -> list[str]:
    read = item_document.read("item.toml", document(toml)).matters
    return [matter["code"] for matter in matters.start_variables(read, values)["matters"]]  # type: ignore[attr-defined]


def test_a_matter_without_rows_always_takes_part() -> None:
    assert taking_part(ALWAYS, {}) == ["planning"]


@pytest.mark.parametrize(
    ("values", "takes_part"),
    [
        ({"company": "学校"}, True),
        ({"company": "商店", "staff": 100, "secret": "X"}, True),
        ({"company": "商店", "staff": 99, "secret": "X"}, False),
        ({"company": "商店", "staff": 100, "secret": "Y"}, False),
        ({}, False),
    ],
    ids=["first row", "second row", "too few staff", "one column fails", "nothing filled in"],
)
def test_any_row_is_enough_and_all_columns_of_a_row_are_needed(values: dict[str, object], takes_part: bool) -> None:
    assert bool(taking_part(FIRE, values)) is takes_part


# DMN 1.3, 7.3.3 and 10.3.1.2: a square bracket includes the bound, a round one does not.
@pytest.mark.parametrize(
    ("cell", "inside", "outside"),
    [
        (">= 1000", [1000, "1000", 1000.5, 1e16, "9" * 20], [999.9, None, "", "many", True, 1e-7, float("nan")]),
        ("> 1000", [1001], [1000]),
        ("<= 24", [24, -1], [24.1]),
        ("<24", [23], [24]),
        ("[1000..5000)", [1000, 4999.99], [999, 5000]),
        ("(1000..5000]", [5000], [1000]),
        ("[ -1.5 .. 1.5 ]", [-1.5, 0, 1.5], [-1.6, 1.6]),
        (["a", "b"], ["a", ["x", "b"]], ["c", None, [], ["c"]]),
        ([True], [True], [1, False, "true"]),
        ([1], [1, 1.0], [True, "1"]),
    ],
    ids=str,
)
def test_a_cell_holds_for_these_values_and_not_for_those(cell: Any, inside: list[Any], outside: list[Any]) -> None:
    holds = matters.test_of(cell)
    assert [holds(value) for value in inside] == [True] * len(inside)
    assert [holds(value) for value in outside] == [False] * len(outside)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists))
def test_no_value_of_a_form_breaks_a_comparison(value: object) -> None:
    assert matters.test_of(">= 0")(value) in (True, False)
    assert matters.test_of(["a", 1, True])(value) in (True, False)


def test_a_field_in_a_group_is_named_by_its_path() -> None:
    toml = rows('[{"site.area" = "> 5"}]')
    assert taking_part(toml, {"site": {"area": 6}}) == ["fire-design"]
    assert taking_part(toml, {"site": "elsewhere", "site.area": 6}) == []


def test_the_start_variables_are_what_takes_part_in_the_items_order_and_whose_it_is_each_once() -> None:
    other = FIRE.replace("fire-design", "fire-water").replace("大酒店", "商店")
    read = item_document.read("item.toml", document(FIRE, ALWAYS, other)).matters

    assert matters.start_variables(read, {"company": "学校"}) == {
        "matters": [
            {"code": "fire-design", "name": "消防设计审查", "name_en": "Fire design review", "role": "taxation"},
            {
                "code": "planning",
                "name": "规划条件核验",
                "name_en": "Planning conditions",
                "role": "market-regulation",
            },
            {"code": "fire-water", "name": "消防设计审查", "name_en": "Fire design review", "role": "taxation"},
        ],
        "participants": ["taxation", "market-regulation"],
    }


def test_an_item_without_matters_gives_a_case_no_such_variables() -> None:
    assert matters.start_variables(item_document.read("item.toml", item()).matters, {}) == {}


def test_a_matters_limit_is_named_by_its_code() -> None:
    assert str(item_document.read("item.toml", document(FIRE)).limits["fire-design"]) == "3WD"


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        (FIRE.replace("taxation", "fire"), "matters[0].role"),
        (FIRE + FIRE, "matters[1].code"),
        (rows('[{staff = "about 5"}]'), "matters[0].when[0].staff.value"),
        (rows('[{staff = "[5..1]"}]'), "matters[0].when[0].staff.value"),
        (rows("[{staff = 5}]"), "matters[0].when[0].staff.value"),
        (rows("[{staff = []}]"), "matters[0].when[0].staff.value"),
        (rows("[{staff = [[1]]}]"), "matters[0].when[0].staff.value"),
        (rows("[{staff.number = '> 5'}]"), "matters[0].when[0].staff.value"),
        (rows("[{}]"), "matters[0].when[0]"),
        (FIRE.replace("3WD", "3 weeks"), "matters[0].limit"),
        (FIRE.replace("fire-design", "fire design"), "matters[0].code"),
    ],
    ids=[
        "no participant",
        "code twice",
        "no comparison",
        "range backwards",
        "bare number",
        "empty list",
        "list of lists",
        "nested column",
        "row without column",
        "no limit",
        "no code",
    ],
)
def test_a_fault_of_the_table_is_told_with_its_place(toml: str, told: str) -> None:
    with pytest.raises(DiagramRefused) as refused:
        item_document.read("item.toml", document(toml))

    assert [fault.sentence.en.startswith(f"item.toml {told}: ") for fault in refused.value.faults] == [True]
