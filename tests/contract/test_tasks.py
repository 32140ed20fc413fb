"""Tasks as Camunda 7 runs them."""

import pytest

from engine.errors import Conflict, ExpressionFailed, NotFound
from engine.interpreter.step import WorkKind
from engine.interpreter.stimulus import Completed, Continued, EventArrived
from tests.contract.conftest import Run
from tests.diagrams import (
    Element,
    delegate_task,
    diagram,
    element,
    end,
    external_task,
    flows,
    manual_task,
    message,
    multi_instance,
    receive_task,
    script_task,
    send_task,
    start,
    straight,
    sub_process,
    task,
    throw,
    user_task,
)


@pytest.mark.parametrize("passed", [task("a"), manual_task("a")])
def test_a_task_of_no_kind_and_a_manual_task_are_passed_through(run: Run, passed: Element) -> None:
    case = run(straight(passed)).start()
    assert case.has_ended
    assert case.trace == ["+start", "-start", ">start-a", "+a", "-a", ">a-end", "+end", "-end"]


def test_a_user_task_waits_and_takes_its_variables_into_the_process(run: Run) -> None:
    case = run(straight(user_task("a"))).start()
    assert case.tree == "a"
    case.complete("a", agreed=True)
    assert case.has_ended
    assert case.variables == {"agreed": True}
    assert case.trace == ["=agreed", "-a", ">a-end", "+end", "-end"]


def test_a_user_tasks_attributes_are_evaluated_when_it_is_reached(run: Run) -> None:
    review = user_task(
        "review",
        element("documentation", "由 ${officer} 审查"),
        name="审查",
        assignee="${officer}",
        candidateGroups="fire, ${more}, ${listed}",
        candidateUsers="li,wang",
        dueDate="P5D",
        followUpDate="${later}",
        priority="${20 + 30}",
    )
    case = run(straight(review)).start(officer="zhao", more="tax,bank", listed=["police", "housing"], later=None)
    asked = case.open("review")
    assert asked.kind is WorkKind.USER_TASK
    assert asked.owner_id == asked.id
    assert asked.attributes == {
        "name": "审查",
        "description": "由 zhao 审查",
        "assignee": "zhao",
        "candidate_groups": ["fire", "tax", "bank", "police", "housing"],
        "candidate_users": ["li", "wang"],
        "due_date": "P5D",
        "follow_up_date": None,
        "priority": 50,
    }


def test_a_name_with_an_expression_is_evaluated_when_the_task_is_reached(run: Run) -> None:
    reviews = user_task(
        "review", multi_instance(collection="matters", elementVariable="matter"), name="${matter.name}审查\nReview"
    )
    case = run(straight(reviews)).start(matters=[{"name": "消防"}, {"name": "人防"}])
    names = [case.open("review", nth=nth).attributes["name"] for nth in (0, 1)]
    assert names == ["消防审查\nReview", "人防审查\nReview"]


@pytest.mark.parametrize(("given", "name"), [("消" * 300, "消" * 300), ("消" * 301, "消" * 299 + "…"), (None, "")])
def test_an_evaluated_name_has_at_most_three_hundred_characters(run: Run, given: str | None, name: str) -> None:
    case = run(straight(user_task("review", name="${given}"))).start(given=given)
    assert case.open("review").attributes["name"] == name


def test_a_name_that_is_no_text_is_refused(run: Run) -> None:
    with pytest.raises(ExpressionFailed) as refused:
        run(straight(user_task("review", name="${matter}"))).start(matter={"name": "消防"})
    assert refused.value.element_id == "review"


def test_a_form_reference_is_evaluated_with_the_task(run: Run) -> None:
    review = user_task("review", formRef="${kind}-form", formRefBinding="version", formRefVersion="${1 + 1}")
    case = run(straight(review)).start(kind="fire")
    attributes = case.open("review").attributes
    assert (attributes["form_reference"], attributes["form_version"]) == ("fire-form", 2)


def test_a_script_task_assigns_in_order_and_later_lines_see_earlier_ones(run: Run) -> None:
    case = run(straight(script_task("count", "x = ${1}\ny = ${x + 1}\nx = ${y * 10}"), user_task("a"))).start()
    assert case.variables == {"x": 20, "y": 2}
    assert case.trace[2:8] == [">start-count", "+count", "=x", "=y", "=x", "-count"]


def test_what_a_script_keeps_local_stays_in_the_sub_process_around_it(run: Run) -> None:
    inner = sub_process(
        "sp",
        multi_instance(collection="roles", elementVariable="role"),
        start("s1"),
        script_task("own", "local finding = ${null}"),
        user_task("u"),
        script_task("told", "findings = ${append(findings, finding)}"),
        end("e1"),
        flows("s1", "own", "u", "told", "e1"),
    )
    case = run(straight(script_task("none", "findings = ${listOf()}"), inner, user_task("n"))).start(roles=["a", "b"])
    case.complete("u", finding="x")
    assert case.scopes[case.open("u").scope_ids[1]]["finding"] is None
    case.complete("u", finding="y")
    assert case.variables == {"roles": ["a", "b"], "findings": ["x", "y"]}


def test_a_variable_may_be_called_local(run: Run) -> None:
    case = run(straight(script_task("s", "local = ${1}\nlocal copy = ${local}"), user_task("a"))).start()
    assert case.variables == {"local": 1, "copy": 1}


def test_an_external_task_waits_with_its_topic_and_priority(run: Run) -> None:
    case = run(straight(external_task("notify", "${channel}-out", taskPriority="7"))).start(channel="sms")
    assert case.open("notify").kind is WorkKind.EXTERNAL_TASK
    assert case.open("notify").attributes == {"topic": "sms-out", "priority": "7"}
    assert case.complete("notify", sent=1).has_ended


def test_a_delegate_waits_until_its_handler_has_run(run: Run) -> None:
    case = run(straight(delegate_task("issue", "licence", jobPriority="3"))).start()
    assert case.open("issue").kind is WorkKind.DELEGATE
    assert case.open("issue").attributes == {"delegate": "licence", "job_priority": "3"}
    assert case.complete("issue").has_ended


@pytest.mark.parametrize(
    "carried_out",
    [
        send_task("out", "notice", type="external", topic="post"),
        throw("out", message("notice", type="external", topic="post")),
    ],
)
def test_a_message_that_a_worker_sends_waits_for_the_worker(run: Run, carried_out: Element) -> None:
    case = run(straight(carried_out)).start()
    assert case.open("out").attributes == {"topic": "post"}
    assert case.complete("out").has_ended
    assert case.thrown == []


def test_an_end_event_whose_message_a_worker_sends_waits_too(run: Run) -> None:
    notice = end("end", message("notice", type="external", topic="post"))
    case = run(diagram(start(), notice, flows("start", "end"))).start()
    assert case.tree == "end"
    assert case.complete("end").has_ended


def test_a_receive_task_waits_for_its_message(run: Run) -> None:
    case = run(straight(receive_task("wait", "paid"))).start()
    assert case.waits_for == ["message:paid@wait"]
    case.message("paid", amount=100)
    assert case.has_ended
    assert case.variables == {"amount": 100}


def test_a_failing_expression_refuses_the_step_and_names_its_element(run: Run) -> None:
    case = run(straight(user_task("a"), script_task("wrong", "x = ${amount / 0}"), user_task("b"))).start()
    state = case.state
    with pytest.raises(ExpressionFailed) as refused:
        case.complete("a", amount=1)
    assert refused.value.element_id == "wrong"
    assert case.state == state
    assert case.tree == "a"


def test_what_is_not_open_cannot_be_answered(run: Run) -> None:
    case = run(straight(user_task("a"))).start()
    id = case.open("a").id
    with pytest.raises(NotFound):
        case.tell(Completed("nothing"))
    with pytest.raises(Conflict):
        case.tell(EventArrived(id))
    with pytest.raises(Conflict):
        case.tell(Continued(id))
    case.complete("a")
    with pytest.raises(Conflict):
        case.tell(Completed(id))


def test_an_instance_starts_once(run: Run) -> None:
    case = run(straight(user_task("a"))).start()
    with pytest.raises(Conflict):
        case.start()


def test_a_process_without_end_event_ends_with_its_last_token(run: Run) -> None:
    case = run(diagram(start(), user_task("a"), flows("start", "a"))).start()
    assert case.complete("a").has_ended
