"""camunda:in of a thrown signal, and camunda:variableEvents of a condition."""

import pytest

from tests.contract.conftest import Run
from tests.diagrams import (
    catch,
    conditional,
    diagram,
    end,
    flows,
    mapped_in,
    parallel,
    signal,
    start,
    straight,
    throw,
    user_task,
)


def test_a_signal_takes_its_payload_to_whoever_hears_it(run: Run) -> None:
    payload = signal("paid", mapped_in(sourceExpression="${fee * 2}", target="amount"))
    source = diagram(
        *(
            start(),
            parallel("fork"),
            catch("wait", signal("paid")),
            user_task("after"),
            user_task("go"),
            end(),
            end("e"),
        ),
        *(throw("tell", payload), flows("start", "fork", "wait", "after", "end"), flows("fork", "go", "tell", "e")),
    )

    case = run(source).start(fee=5).complete("go")

    assert case.variables["amount"] == 10
    assert [dict(one.variables) for one in case.thrown] == [{"amount": 10}]


def test_a_signal_without_mappings_takes_nothing_along(run: Run) -> None:
    case = run(straight(throw("tell", signal("paid")))).start(fee=5)

    assert [dict(one.variables) for one in case.thrown] == [{}]


@pytest.mark.parametrize(
    ("events", "created", "updated"),
    [("create", True, False), ("update", False, True), ("create, update", True, True), (None, True, True)],
    ids=["create", "update", "both", "not said"],
)
def test_a_condition_is_tried_at_the_changes_it_names(
    run: Run, events: str | None, created: bool, updated: bool
) -> None:
    said = {} if events is None else {"variableEvents": events}
    source = straight(catch("wait", conditional("${urgent}", variableName="urgent", **said)), user_task("after"))

    new = run(source).start().set(urgent=True)
    changed = run(source).start(urgent=False).set(urgent=True)

    assert (new.tasks == ["after"], changed.tasks == ["after"]) == (created, updated)
