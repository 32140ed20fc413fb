"""camunda:errorEventDefinition: what a worker reports is an error of the diagram where its condition holds."""

import pytest

from engine import external_tasks
from engine.errors import ExpressionFailed
from engine.external_tasks import Failure
from tests.diagrams import boundary, diagram, end, error, expected_error, external_task, flows, start, user_task
from tests.scenario import WORKER, Scenario

PRINTED = diagram(
    start(),
    external_task(
        "print",
        "seal",
        expected_error("no-paper", "${externalTask.errorMessage == 'tray empty'}"),
        expected_error("refused", "${execution.getVariable('seal') == 'refused'}"),
    ),
    boundary("paper", "print", error("no-paper")),
    boundary("refusal", "print", error("refused")),
    *(user_task(name) for name in ("after", "refill", "ask")),
    *(end(), end("e1"), end("e2")),
    flows("start", "print", "after", "end"),
    *(flows("paper", "refill", "e1"), flows("refusal", "ask", "e2")),
)


@pytest.fixture
def printing(scenario: Scenario) -> Scenario:
    scenario.deploy(PRINTED)
    return scenario.start()


def test_a_failure_that_the_diagram_knows_is_an_error(printing: Scenario) -> None:
    [task] = printing.worker_fetches("seal")
    with printing.database.begin(printing.actor) as tx:
        external_tasks.fail(tx, task, WORKER, Failure("tray empty", retries=3))

    assert printing.waits_at() == ["refill"]


def test_another_failure_is_tried_again(printing: Scenario) -> None:
    [task] = printing.worker_fetches("seal")
    with printing.database.begin(printing.actor) as tx:
        external_tasks.fail(tx, task, WORKER, Failure("jam", retries=3))

    assert printing.waits_at() == []
    assert printing.worker_fetches("seal") == [task]


@pytest.mark.parametrize(("seal", "then"), [("refused", "ask"), ("printed", "after")])
def test_what_is_handed_in_may_be_an_error(printing: Scenario, seal: str, then: str) -> None:
    [task] = printing.worker_fetches("seal")
    with printing.database.begin(printing.actor) as tx:
        external_tasks.complete(tx, task, WORKER, {"seal": seal})

    assert printing.waits_at() == [then]
    assert printing.variables()["seal"] == seal


def test_a_condition_that_cannot_be_evaluated_refuses_the_completion(scenario: Scenario) -> None:
    scenario.deploy(
        diagram(
            *(
                start(),
                external_task("print", "seal", expected_error("x", "${gone}")),
                boundary("b", "print", error("x")),
            ),
            *(end(), end("e"), flows("start", "print", "end"), flows("b", "e")),
        )
    )
    scenario.start()
    [task] = scenario.worker_fetches("seal")

    with pytest.raises(ExpressionFailed) as refusal, scenario.database.begin(scenario.actor) as tx:
        external_tasks.complete(tx, task, WORKER, {})

    assert refusal.value.element_id == "print"
