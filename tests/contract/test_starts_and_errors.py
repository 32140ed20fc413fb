"""camunda:initiator and camunda:errorMessage: who started, and what a thrown error says."""

from engine.interpreter.stimulus import Start
from tests.contract.conftest import Run
from tests.diagrams import boundary, diagram, end, error, flow, flows, message, start, straight, sub_process, user_task


def test_the_start_event_names_the_variable_that_receives_who_started(run: Run) -> None:
    case = run(diagram(start(initiator="applicant"), user_task("a"), end(), flows("start", "a", "end")))

    case.tell(Start(starter="li"))

    assert case.variables == {"applicant": "li"}


def test_only_the_start_event_that_begins_receives_it(run: Run) -> None:
    source = diagram(
        start(initiator="applicant"),
        start("paid", message("paid")),
        user_task("a"),
        end(),
        flows("start", "a", "end"),
        flow("paid", "a"),
    )

    case = run(source).tell(Start("paid", starter="li"))

    assert case.variables == {}


def test_nobody_in_particular_started_what_began_by_itself(run: Run) -> None:
    assert run(straight(user_task("a"))).start().variables == {}


def test_a_thrown_error_says_its_message_to_whoever_catches_it(run: Run) -> None:
    thrown = error("late", says="逾期 ${days} 天")
    inner = [start("s"), end("e", thrown), flows("s", "e")]
    caught = error(errorCodeVariable="code", errorMessageVariable="why")
    source = diagram(
        *(start(), sub_process("sub", inner), boundary("b", "sub", caught), end(), end("x")),
        *(flows("start", "sub", "end"), flows("b", "x")),
    )

    case = run(source).start(days=3)

    assert case.variables == {"days": 3, "code": "late", "why": "逾期 3 天"}


def test_an_error_that_leaves_the_process_takes_its_message_along(run: Run) -> None:
    case = run(diagram(start(), end("e", error("late", says="overdue")), flows("start", "e"))).start()

    assert case.error == ("late", "overdue")
