"""What a form's FEEL expressions do on the server, as form-js does: hide, require, limit, offer, compute."""

import json
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import FormRejected
from tests.drawn_forms import NUMBER, REQUIRED, TEXT, TICK, Component, form, rejection

NOW = datetime(2026, 1, 31, 2, 0, tzinfo=UTC)
AGENT = {**TICK, "key": "has_agent"}
HIDES: Component = {"conditional": {"hide": "=has_agent != true"}}
HIDES_AGENT: Component = {"conditional": {"hide": "=this.has_agent != true"}}
NAME = {**TEXT, "key": "agent_name", **REQUIRED}


def expression(key: str, feel: str, **more: Any) -> Component:
    return {"type": "expression", "key": key, "expression": f"={feel}", **more}


def rows(*components: Component, path: str = "people", **more: Any) -> Component:
    return {
        "type": "dynamiclist",
        "path": path,
        "isRepeating": True,
        "allowAddRemove": True,
        "components": list(components),
        **more,
    }


def test_a_hidden_field_is_neither_required_nor_kept() -> None:
    drawn = form(AGENT, {**NAME, **HIDES})
    assert drawn.check({"has_agent": False}) == {"has_agent": False}
    assert drawn.check({"has_agent": False, "agent_name": "王芳"}) == {"has_agent": False}
    assert drawn.check({"has_agent": True, "agent_name": "王芳"}) == {"has_agent": True, "agent_name": "王芳"}
    assert rejection(drawn, {"has_agent": True}) == [("agent_name", "required")]


def test_a_hidden_field_is_not_held_against_its_rules() -> None:
    drawn = form(AGENT, {**NAME, **HIDES, "validate": {"minLength": 5}})
    assert drawn.check({"has_agent": False, "agent_name": 5}) == {"has_agent": False}


def test_a_hidden_group_hides_what_is_in_it() -> None:
    drawn = form(
        AGENT, {"type": "group", "path": "agent", "components": [{**TEXT, "key": "name", **REQUIRED}], **HIDES}
    )
    assert drawn.check({"agent": {"name": "王芳"}}) == {"has_agent": False, "agent": {}}
    assert rejection(drawn, {"has_agent": True}) == [("agent.name", "required")]


def test_a_hidden_list_is_left_out_with_its_rows() -> None:
    drawn = form(AGENT, rows({**TEXT, "key": "name", **REQUIRED}, **HIDES, properties={"min_rows": "1"}))
    assert drawn.check({"people": [{}]}) == {"has_agent": False}
    assert rejection(drawn, {"has_agent": True}) == [("people", "too-few-rows")]


def test_what_is_hidden_counts_nowhere_else() -> None:
    """A chain: without an agent there is no contract, and without a contract no number."""
    contract = {**TICK, "key": "contract", **HIDES}
    number = {**TEXT, "key": "number", **REQUIRED, "conditional": {"hide": "=contract != true"}}
    drawn = [AGENT, contract, number]
    for components in (drawn, drawn[::-1]):
        assert form(*components).check({"contract": True, "number": "1"}) == {"has_agent": False}


def test_nobody_hides_a_field_by_what_is_not_theirs_to_say() -> None:
    """Disabled, readonly and undeclared keys: the data that the form was shown with counts."""
    fee = {**TEXT, "key": "fee", **REQUIRED, "conditional": {"hide": "=exempt = true"}}
    shown: list[Component]
    for shown in ([], [{**TICK, "key": "exempt", "disabled": True}], [{**TICK, "key": "exempt", "readonly": "=true"}]):
        assert rejection(form(fee, *shown), {"exempt": True}) == [("fee", "required")]
        assert form(fee, *shown).check({"exempt": False}, context={"exempt": True}) == {}


def test_a_condition_sees_the_data_the_form_was_shown_with() -> None:
    drawn = form({**NAME, "conditional": {"hide": '=case.kind = "simple"'}})
    assert drawn.check({}, context={"case": {"kind": "simple"}}) == {}
    assert rejection(drawn, {}, context={"case": {"kind": "complex"}}) == [("agent_name", "required")]


def test_a_row_is_asked_for_itself() -> None:
    is_person = {"conditional": {"hide": '=this.kind = "company"'}}
    drawn = form(rows({**TEXT, "key": "kind"}, {**TEXT, "key": "born", **REQUIRED, **is_person}))
    assert drawn.check({"people": [{"kind": "company", "born": "x"}, {"kind": "person", "born": "1990"}]}) == {
        "people": [{"kind": "company"}, {"kind": "person", "born": "1990"}]
    }
    assert rejection(drawn, {"people": [{"kind": "company"}, {"kind": "person"}]}) == [("people[1].born", "required")]


def test_a_row_knows_its_number_and_what_is_around_it() -> None:
    drawn = form(
        {**NUMBER, "key": "total"},
        rows({**NUMBER, "key": "part"}, expression("text", 'string(i) + "/" + string(count(parent.people))'),
             expression("share", "this.part / total")),
    )  # fmt: skip
    assert drawn.check({"total": 8, "people": [{"part": 2}, {"part": 6}]})["people"] == [
        {"part": 2, "text": "1/2", "share": 0.25},
        {"part": 6, "text": "2/2", "share": 0.75},
    ]


def test_a_list_in_a_row_sees_its_own_row() -> None:
    drawn = form(rows({**TEXT, "key": "name"}, rows(expression("whose", "parent.this.name"), path="pets")))
    found = drawn.check({"people": [{"name": "甲", "pets": [{}, {}]}, {"name": "乙", "pets": [{}]}]})
    assert [[pet["whose"] for pet in one["pets"]] for one in found["people"]] == [["甲", "甲"], ["乙"]]  # type: ignore[attr-defined]


def test_this_is_the_group_around_a_field() -> None:
    drawn = form(
        {
            "type": "group",
            "path": "site",
            "components": [{**NUMBER, "key": "area"}, expression("large", "this.area > 9")],
        }
    )
    assert drawn.check({"site": {"area": 10}}) == {"site": {"area": 10, "large": True}}


def test_what_is_computed_is_computed_here() -> None:
    drawn = form({**NUMBER, "key": "a"}, expression("double", "2 * a"), expression("more", "double + 1"))
    assert drawn.check({"a": 3, "double": 999}) == {"a": 3, "double": 6, "more": 7}
    assert drawn.check({}) == {"a": None, "double": None, "more": None}
    assert drawn.check_draft({"a": 3, "double": 999}) == {"a": 3}


def test_what_is_computed_may_hide() -> None:
    drawn = form({**NUMBER, "key": "a"}, expression("large", "a > 9"), {**NAME, "conditional": {"hide": "=not(large)"}})
    assert drawn.check({"a": 1, "large": True}) == {"a": 1, "large": False}
    assert rejection(drawn, {"a": 10}) == [("agent_name", "required")]


@pytest.mark.parametrize(
    ("feel", "value"),
    [
        ("today()", "2026-01-31"),
        ("now()", "2026-01-31T10:00:00+08:00"),
        ('{name: "王芳", since: date("2026-01-31")}', {"name": "王芳", "since": "2026-01-31"}),
        ("[1, 2][2]", 2),
        ("1 + null", None),
    ],
)
def test_a_value_of_feel_is_kept_as_a_form_writes_it(feel: str, value: object) -> None:
    assert form(expression("it", feel)).check({}, now=NOW) == {"it": value}


def test_what_no_form_can_hold_is_told() -> None:
    assert rejection(form(expression("it", 'duration("P1D")')), {}) == [("", "no-form-value")]


def test_required_if_asks_for_a_value_where_it_holds() -> None:
    drawn = form(AGENT, {**TEXT, "key": "agent_name", "properties": {"required_if": "=has_agent"}})
    assert rejection(drawn, {"has_agent": True, "agent_name": "  "}) == [("agent_name", "required")]
    assert drawn.check({"has_agent": True, "agent_name": "王芳"})["agent_name"] == "王芳"
    assert drawn.check({}) == {"has_agent": False, "agent_name": ""}
    assert drawn.check_draft({"has_agent": True}) == {"has_agent": True}


@pytest.mark.parametrize(
    ("component", "limits", "value", "code"),
    [
        (NUMBER, {"max": "=most"}, 6, "too-large"),
        (NUMBER, {"min": "=most"}, 4, "too-small"),
        (TEXT, {"maxLength": "=most"}, "123456", "too-long"),
        (TEXT, {"minLength": "=most"}, "1234", "too-short"),
    ],
)
def test_a_limit_may_be_an_expression(component: Component, limits: dict[str, str], value: object, code: str) -> None:
    drawn = form({**component, "key": "it", "validate": limits})
    assert rejection(drawn, {"it": value}, context={"most": 5}) == [("it", code)]
    fitting = 5 if component is NUMBER else "12345"
    assert drawn.check({"it": fitting}, context={"most": 5}) == {"it": fitting}
    assert drawn.check({"it": value}, context={"most": None}) == {"it": value}  # as form-js: no number, no limit


def test_options_may_be_an_expression() -> None:
    offered = {"valuesExpression": "=for one in districts return {label: one.name, value: one.code}"}
    districts = {"districts": [{"name": "东区", "code": "east"}, {"name": "西区", "code": "west"}]}
    drawn = form({"type": "select", "key": "one", **offered}, {"type": "taglist", "key": "many", **offered})
    assert drawn.check({"one": "east", "many": ["west"]}, context=districts) == {"one": "east", "many": ["west"]}
    assert rejection(drawn, {"one": "north", "many": ["east", "north"]}, context=districts) == [
        ("one", "not-an-option"),
        ("many", "not-an-option"),
    ]
    assert rejection(drawn, {"one": "east"}) == [("one", "not-an-option")]


def test_a_readonly_expression_decides_whether_a_value_is_taken() -> None:
    drawn = form({**TEXT, "key": "name", "readonly": "=locked"})
    assert drawn.check({"name": "改"}, context={"locked": True, "name": "原"}) == {}
    assert drawn.check({"name": "改"}, context={"locked": False}) == {"name": "改"}


def test_an_object_keeps_what_the_form_does_not_hold() -> None:
    """Two steps fill in one object, each its part; what this one hides is gone."""
    site = {
        "type": "group",
        "path": "site",
        "components": [AGENT, NAME | HIDES_AGENT, {**TEXT, "key": "lot", "disabled": True}],
    }
    stored = {"site": {"area": 5, "lot": "A-1", "agent_name": "王芳", "has_agent": True}}
    assert form(site).check({"site": {"has_agent": False, "lot": "B-9"}}, context=stored) == {
        "site": {"area": 5, "lot": "A-1", "has_agent": False}
    }


def test_a_form_names_the_variables_that_its_check_needs() -> None:
    """Whoever checks reads these and no others."""
    assert form(TEXT | {"key": "name"}).names == frozenset()
    drawn = form(
        {"type": "select", "key": "one", "valuesKey": "districts"},
        {
            "type": "group",
            "path": "site",
            "components": [NUMBER | {"key": "area", "validate": {"max": "=largest.area"}}],
        },
        rows({**TEXT, "key": "a", "conditional": {"hide": "=面积 > 5"}}),
        rows(TEXT | {"key": "b"}, path="fixed", allowAddRemove=False),
    )
    assert {"districts", "site", "largest", "面积", "fixed"} <= drawn.names
    assert "one" not in drawn.names


def test_an_expression_that_runs_away_is_stopped_and_told() -> None:
    runaway = "count(for a in 1..100000, b in 1..100000 return a * b)"
    started = time.monotonic()
    assert rejection(form(expression("it", runaway)), {}) == [("", "no-answer")]
    assert rejection(form({**TEXT, "key": "it", "conditional": {"hide": f"={runaway} > 5"}}), {}) == [("", "no-answer")]
    assert time.monotonic() - started < 10


def test_expressions_that_go_round_in_a_circle_are_told() -> None:
    drawn = form(
        {**TICK, "key": "a", "conditional": {"hide": "=b = true"}}, expression("b", "if a = true then true else false")
    )
    assert rejection(drawn, {"a": True}) == [("", "circle")]


def test_five_hundred_rows_are_asked_together() -> None:
    is_large = {"conditional": {"hide": "=this.area < 10"}}
    drawn = form(rows({**NUMBER, "key": "area"}, {**NUMBER, "key": "floors", **REQUIRED, **is_large}))
    found = drawn.check({"people": [{"area": number % 20, "floors": 3} for number in range(500)]})
    assert sum("floors" in row for row in found["people"]) == 250  # type: ignore[attr-defined]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["people", "kind", "a"]), inner, max_size=3)
    ),
    max_leaves=8,
)
ANY = form(
    AGENT,
    {"type": "group", "path": "a", "components": [{**TEXT, "key": "kind", **HIDES}]},
    rows(
        {**TEXT, "key": "kind"},
        {**NUMBER, "key": "a", "conditional": {"hide": '=this.kind = "x"'}},
        rows(expression("kind", "i")),
    ),
)


@given(JSON, JSON)
def test_whatever_is_submitted_is_answered_or_rejected(values: Any, context: Any) -> None:
    with suppress(FormRejected):
        json.dumps(ANY.check(values, context=context if isinstance(context, dict) else {}))
