"""A package's diagrams name only what its item and the files beside it answer to."""

import json

import pytest

from casework import item_document, lint
from engine.diagram import read_diagram
from engine.diagram.model import Process
from forms import Form, compile_form
from tests.diagrams import (
    Element,
    call,
    catch,
    diagram,
    end,
    exclusive,
    flow,
    flows,
    node,
    only_process,
    properties,
    start,
    straight,
    timer,
    user_task,
)

ITEM = """
code = "shop"
name = "开店"
name_en = "Shop"
kind = "行政许可"
case_kind = "promised"
level = "县级"
body = "市场监督管理局"
applicants = ["自然人"]
process = "shop"
form = "application"
basis = [{law = "消防法", article = "第十五条"}]

[guide]
scope = "开店"
place = "政务服务中心"
office_hours = "工作日 9:00—17:00"
phone = "0700-8625210"
complaint_phone = "12345"
visits = 1
conditions = ["有固定场所"]

[limits]
promised = "5WD"
statutory = "20WD"

[limits.steps]
inspection = "2WD"

[[participants]]
role = "fire"
limit = "3WD"
lead = true
"""


def forms(*keys: str) -> dict[str, Form]:
    """Forms of these keys with one field, the floor area."""
    field = {"type": "number", "key": "floor_area"}
    drawn = {key: {"id": key, "type": "default", "components": [field]} for key in keys}
    return {key: compile_form(json.dumps(one).encode()) for key, one in drawn.items()}


def told(step: Element) -> list[str]:
    item = item_document.read("item.toml", ITEM.encode())
    beside = lint.Surroundings(
        item, forms=forms("application"), processes={"shop", "common-withdrawal"}, decisions={"risk"}
    )
    return [fault.sentence.en for fault in lint.faults(read_diagram(straight(step)), beside)]


def step(*inside: Element, **attributes: str) -> Element:
    return user_task("step", *inside, **{"candidateGroups": "fire", **attributes})


def ruling(decision: str) -> Element:
    return node("businessRuleTask", "step", decisionRef=decision, resultVariable="ruling")


WRONG = {
    "fier": step(candidateGroups="fier"),
    "taxation": step(properties(department="taxation")),
    "land": step(properties(after="land")),
    "inspektion": step(properties(limit="inspektion")),
    "aplication": step(formRef="aplication", formRefBinding="latest"),
    "common-withdrawl": call("step", "common-withdrawl"),
    "rizk": ruling("rizk"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_name_that_nothing_answers_to_is_told(name: str) -> None:
    (fault,) = told(WRONG[name])
    assert f"“{name}”" in fault


RIGHT = {
    "the office's own roles": step(candidateGroups="window,lead,government-leader"),
    "the heads of a participant": step(candidateGroups="fire/head"),
    "a group known when a case runs": step(candidateGroups="${department}"),
    "a limit of the case": step(properties(limit="promised")),
    "a limit of a step": step(properties(limit="inspection", department="fire", after="fire")),
    "a form of the package": step(formRef="application", formRefBinding="latest"),
    "a form known when a case runs": step(formRef="${form}", formRefBinding="latest"),
    "a process of common": call("step", "common-withdrawal"),
    "a process known when a case runs": call("step", "${called}"),
    "a decision of the package": ruling("risk"),
    "a decision known when a case runs": ruling("${decision}"),
}


@pytest.mark.parametrize("what", RIGHT)
def test_a_name_that_is_answered_or_not_yet_known_is_right(what: str) -> None:
    assert told(RIGHT[what]) == []


def waiting(asked: str) -> Element:
    return catch("step", timer(date=f"${{{asked}}}"))


FUNCTIONS = ["due", "tacit", "limit"]


def told_of(asked: str) -> list[str]:
    """What is told of a timer that asks for a clock."""
    beside = lint.Surroundings(item_document.read("item.toml", ITEM.encode()), {}, {"shop"})
    read = read_diagram(straight(waiting(asked)), functions=FUNCTIONS)
    return [fault.sentence.en for fault in lint.faults(read, beside)]


@pytest.mark.parametrize(
    ("asked", "whose"),
    [
        ("due('fier')", "“fier” (promised)"),
        ("due('fire', 'statutory')", "“fire” (statutory)"),
        ("due('case', 'promise')", "“case” (promise)"),
        ("due('step:inspektion')", "“step:inspektion” (promised)"),
        ("due('step:inspection', 'statutory')", "“step:inspection” (statutory)"),
        ("due('correction', 'statutory')", "“correction” (statutory)"),
        ("due('order')", "“order” (promised)"),
        ("tacit('fier')", "“fier” (promised)"),
        ("tacit('fire', 'inspektion')", "“step:inspektion” (promised)"),
    ],
)
def test_a_timer_that_waits_for_a_clock_no_case_has_is_told(asked: str, whose: str) -> None:
    (fault,) = told_of(asked)
    assert whose in fault


@pytest.mark.parametrize(
    "asked",
    [
        "due('fire')",
        'due( "fire" , "promised" )',
        "due('case')",
        "due('case','statutory')",
        "due('receipt','statutory')",
        "due('delivery')",
        "due('deferral')",
        "due('step:inspection')",
        "due(department)",
        "tacit('fire')",
        "tacit('fire', 'inspection')",
        "tacit(matter.role)",
    ],
)
def test_a_timer_may_wait_for_what_a_case_has_or_says_only_later(asked: str) -> None:
    assert told_of(asked) == []


def test_a_clock_that_a_shared_process_waits_for_is_there_or_told_where_it_is_called() -> None:
    common = {"common-notice": only_process(straight(waiting("due('step:visit')")), functions=FUNCTIONS)}
    beside = lint.Surroundings(item_document.read("item.toml", ITEM.encode()), {}, {"shop", *common}, common)

    (fault,) = lint.faults(read_diagram(straight(call("step", "common-notice"))), beside)

    assert "waits for “step:visit” (promised)" in fault.sentence.en


def shared(key: str, step: Element) -> Process:
    """A process of common: one step, and once more while there are rounds left."""
    gate = exclusive("gate", default="enough")
    back, on = flow("gate", "step", "${round < rounds.visits}"), flow("gate", "end", id="enough")
    drawn = diagram(start(), step, gate, end(), flows("start", "step", "gate"), back, on, key=key)
    return only_process(drawn, functions=["limit"])


@pytest.mark.parametrize(("limit", "rounds"), [("visit", ""), ("inspection", "visits = 2")])
def test_what_a_shared_process_asks_of_the_item_is_there_or_told_where_it_is_called(limit: str, rounds: str) -> None:
    """Directly, or by way of one that it calls; the number of rounds likewise."""
    visit = catch("step", timer(date=f"${{limit('{limit}')}}"))
    common = {
        "common-visit": shared("common-visit", visit),
        "common-survey": shared("common-survey", call("step", "common-visit")),
    }
    item = item_document.read("item.toml", ITEM.replace("[[part", f"[limits.rounds]\n{rounds}\n[[part").encode())
    beside = lint.Surroundings(item, {}, {"shop", *common}, common)

    found = lint.faults(read_diagram(straight(call("step", "common-survey"))), beside)

    lacking = [] if rounds else ["the limit “visit”", "the number of rounds “visits”"]
    assert [fault.element_id for fault in found] == ["step"] * len(lacking)
    for words, fault in zip(lacking, found, strict=True):
        assert words in fault.sentence.en


@pytest.mark.parametrize(("form", "faults"), [("application", 0), ("another", 1)])
def test_a_form_on_the_start_event_is_the_items_or_is_not_used(form: str, faults: int) -> None:
    drawn = diagram(start("start", formRef=form, formRefBinding="latest"), end(), flows("start", "end"), key="shop")
    beside = lint.Surroundings(
        item_document.read("item.toml", ITEM.encode()), forms("application", "another"), {"shop"}
    )
    assert len(lint.faults(read_diagram(drawn), beside)) == faults


@pytest.mark.parametrize(("column", "faults"), [("floor_area", 0), ("floor_aera", 1)])
def test_a_column_of_the_decision_table_is_a_field_of_the_application_form(column: str, faults: int) -> None:
    matter = (
        f'[[matters]]\ncode = "fire"\nname = "消防"\nname_en = "Fire"\nrole = "fire"\nwhen = [{{{column} = "> 0"}}]\n'
    )
    item = item_document.read("item.toml", f"{ITEM}\n{matter}".encode())

    told = list(lint.item_faults(lint.Surroundings(item, forms("application"), {"shop"})))

    assert [column in fault.sentence.en for fault in told] == [True] * faults


@pytest.mark.parametrize(
    ("seen", "named"),
    [
        ('fields = ["floor_area"]\nmaterials = ["plan"]', []),
        ('fields = ["floor_aera"]', ["floor_aera"]),
        ('fields = ["floor_area.size"]', ["floor_area.size"]),
        ('materials = ["pln"]', ["pln"]),
    ],
)
def test_what_a_participant_sees_is_a_field_of_a_form_and_a_material_of_the_item(seen: str, named: list[str]) -> None:
    plan = '[[materials]]\ncode = "plan"\nname = "图纸"\nname_en = "Plan"\nsource = "自备"\nform = "电子"\n'
    item = item_document.read("item.toml", f"{ITEM}\n{seen}\n{plan}".encode())

    told = list(lint.item_faults(lint.Surroundings(item, forms("application"), {"shop"})))

    assert [fault.sentence.en.split("”")[0].removeprefix("“") for fault in told] == named


@pytest.mark.parametrize(("tag", "warned"), [("1", 0), ("2", 1), ("${version}", 0)])
def test_a_call_of_another_version_than_the_file_beside_has_is_warned_of(tag: str, warned: int) -> None:
    common = {"common-visit": only_process(straight(step(), key="common-visit", versionTag="1"))}
    beside = lint.Surroundings(item_document.read("item.toml", ITEM.encode()), {}, {"shop", *common}, common)
    asked = call("step", "common-visit", calledElementBinding="versionTag", calledElementVersionTag=tag)

    told = lint.warnings(read_diagram(straight(asked)), beside)

    assert ["tagged “2”" in fault.sentence.en for fault in told] == [True] * warned
