"""camunda:expression and camunda:resultVariable: what is evaluated at once, and where results go."""

import pytest

from tests.contract.conftest import Run
from tests.diagrams import (
    Element,
    delegate_task,
    element,
    only_process,
    script_task,
    service_task,
    straight,
    throw,
)


@pytest.mark.parametrize(
    "node",
    [
        service_task("a", expression="${area * 2}", resultVariable="fee"),
        service_task("a", expression="${execution.setVariable('fee', area * 2)}"),
        script_task("a", "${area * 2}", scriptFormat="juel", resultVariable="fee"),
        throw("a", element("messageEventDefinition", expression="${area * 2}", resultVariable="fee")),
    ],
    ids=["result of an expression", "expression that sets", "result of a script", "expression of a message event"],
)
def test_an_expression_is_evaluated_at_once_and_sets_its_variable(run: Run, node: Element) -> None:
    case = run(straight(node)).start(area=40)

    assert case.has_ended
    assert case.variables == {"area": 40, "fee": 80}


def test_a_delegates_result_variable_is_kept_with_its_work() -> None:
    process = only_process(straight(delegate_task("a", "seal", resultVariable="printed")))

    work = process.nodes["a"].work
    assert work is not None
    assert (work.delegate, work.result_variable) == ("seal", "printed")
