"""camunda:inputOutput as Camunda 7 runs it: local variables at the beginning, outputs at the end."""

import pytest

from engine.errors import ExpressionFailed
from engine.interpreter.stimulus import Completed
from tests.contract.conftest import Run
from tests.diagrams import (
    Element,
    boundary,
    call,
    catch,
    diagram,
    element,
    end,
    error,
    external_task,
    flows,
    given,
    left,
    mapped,
    mapped_out,
    message,
    multi_instance,
    script_task,
    start,
    straight,
    sub_process,
    user_task,
)


def test_an_input_is_local_to_the_activity(run: Run) -> None:
    case = run(straight(user_task("a", mapped(given("greeting", "您好 ${name}"))))).start(name="李")

    assert case.scopes[case.open("a").id] == {"greeting": "您好 李"}
    assert case.variables == {"name": "李"}


def test_a_lone_expression_keeps_its_type_and_an_empty_parameter_is_null(run: Run) -> None:
    case = run(straight(user_task("a", mapped(given("area", "${area * 2}"), given("note"))))).start(area=40)

    assert case.scopes[case.open("a").id] == {"area": 80, "note": None}


def test_lists_and_maps_nest(run: Run) -> None:
    listed = element("camunda:list", element("camunda:value", "fire"), element("camunda:value", "${lead}"))
    entries = element(
        "camunda:map", element("camunda:entry", "${lead}", key="lead"), element("camunda:entry", listed, key="all")
    )

    case = run(straight(user_task("a", mapped(given("roles", listed), given("who", entries))))).start(lead="housing")

    assert case.scopes[case.open("a").id] == {
        "roles": ["fire", "housing"],
        "who": {"lead": "housing", "all": ["fire", "housing"]},
    }


def test_an_input_sees_what_is_outside_the_activity_not_the_other_inputs(run: Run) -> None:
    inputs = mapped(given("amount", "${amount + 1}"), given("before", "${amount}"))

    case = run(straight(user_task("a", inputs))).start(amount=1)

    assert case.scopes[case.open("a").id] == {"amount": 2, "before": 1}


def test_an_output_is_evaluated_inside_and_written_outside(run: Run) -> None:
    fee = user_task("a", mapped(given("rate", "${2}"), left("fee", "${rate * area}")))

    case = run(straight(fee)).start(area=40).complete("a")

    assert case.has_ended
    assert case.variables == {"area": 40, "fee": 80}


def test_what_completing_says_of_an_input_stays_with_the_activity(run: Run) -> None:
    case = run(straight(user_task("a", mapped(given("opinion", "none"), left("result", "${opinion}"))))).start()

    case.complete("a", opinion="agree", note="ok")

    assert case.variables == {"note": "ok", "result": "agree"}


def test_what_a_worker_hands_in_for_the_task_alone_is_read_by_its_outputs(run: Run) -> None:
    case = run(straight(external_task("seal", "seal", mapped(left("number", "${answer.no}"))))).start()

    case.tell(Completed(case.open("seal").id, {}, {"answer": {"no": "七"}}))

    assert case.variables == {"number": "七"}


@pytest.mark.parametrize(
    "node",
    [
        external_task("a", "${topic}", mapped(given("topic", "seal"))),
        catch("a", message("${topic}"), mapped(given("topic", "seal"))),
    ],
    ids=["external task", "message event"],
)
def test_what_an_activity_asks_for_may_be_an_input(run: Run, node: Element) -> None:
    asked = run(straight(node)).start().open("a").attributes

    assert "seal" in (asked.get("topic"), asked.get("name"))


def test_a_sub_process_has_inputs_that_everything_in_it_sees(run: Run) -> None:
    inner = [start("s"), script_task("work", "seen = ${limit}\nown = ${1}"), end("e"), flows("s", "work", "e")]
    outer = sub_process(
        "sub", inner, mapped(given("limit", "${5}"), given("own", "${0}"), left("sum", "${limit + own}"))
    )

    case = run(straight(outer, user_task("after"))).start()

    assert case.variables == {"seen": 5, "sum": 6}


def test_a_call_maps_what_the_called_process_handed_back(run: Run) -> None:
    survey = call(
        "survey",
        "survey",
        mapped_out(source="score", target="score", local=True),
        mapped(left("grade", "${score > 60}")),
    )

    case = run(straight(survey)).start().complete("survey", score=90)

    assert case.variables == {"grade": True}


def test_each_instance_of_a_multi_instance_activity_has_its_own_inputs(run: Run) -> None:
    review = user_task(
        "a",
        multi_instance(collection="${roles}", elementVariable="role"),
        mapped(given("title", "${role} ${loopCounter + 1}")),
    )

    case = run(straight(review)).start(roles=["fire", "tax"])

    assert [case.scopes[case.open("a", nth).id]["title"] for nth in (0, 1)] == ["fire 1", "tax 2"]


def test_an_asynchronous_activity_maps_when_it_is_continued(run: Run) -> None:
    case = run(straight(user_task("a", mapped(given("seen", "${year}")), asyncBefore=True))).start(year=1)

    case.set(year=2).go_on("a")

    assert case.scopes[case.open("a").id] == {"seen": 2}


def test_an_interrupted_activity_leaves_nothing(run: Run) -> None:
    source = diagram(
        *(
            start(),
            external_task("a", "seal", mapped(left("done", "${true}"))),
            boundary("b", "a", error()),
            end(),
            end("e"),
        ),
        *(flows("start", "a", "end"), flows("b", "e")),
    )

    case = run(source).start().fail_with("a", "broken")

    assert case.has_ended
    assert case.variables == {}


@pytest.mark.parametrize("part", [given("x", "${nothing}"), left("x", "${nothing}")], ids=["input", "output"])
def test_a_parameter_that_cannot_be_evaluated_refuses_the_command(run: Run, part: Element) -> None:
    case = run(straight(user_task("before"), user_task("a", mapped(part)))).start()

    with pytest.raises(ExpressionFailed) as refusal:
        case.complete("before").complete("a")

    assert refusal.value.element_id == "a"
