"""What is built from a diagram once: it takes any id, and running instances of it never writes to it."""

from importlib.metadata import version
from itertools import count

from engine.diagram import read_diagram
from engine.interpreter import Definition, advance, build
from engine.interpreter.stimulus import Cancelled, Start
from tests.contract.case import Case
from tests.contract.test_state import EVERYTHING, everything
from tests.diagrams import diagram, end, flows, start, user_task


def snapshot(definition: Definition) -> dict[str, dict[str, str]]:
    """Everything that the specs hold, as text."""
    return {name: {key: repr(value) for key, value in vars(spec).items()} for name, spec in definition.specs.items()}


def test_the_library_is_the_release_whose_inner_workings_are_relied_upon() -> None:
    assert version("SpiffWorkflow") == "3.2.0"


def test_running_an_instance_writes_nothing_to_its_definition() -> None:
    case = Case(EVERYTHING)
    before = snapshot(case.definition)
    for step in everything(case):
        step()
    case.cancel()
    assert snapshot(case.definition) == before


def test_a_node_may_bear_any_id_even_one_that_the_library_uses_itself() -> None:
    xml = diagram(
        start("Start"),
        user_task("Root"),
        user_task("approval.EndJoin"),
        end("End"),
        flows("Start", "Root", "approval.EndJoin", "End"),
    )
    case = Case(xml).start()
    assert case.complete("Root").complete("approval.EndJoin").has_ended


def test_the_same_arguments_give_the_same_step() -> None:
    definition = build(read_diagram(EVERYTHING).processes[0])
    variables: dict[str | None, dict[str, object]] = {None: {"items": ["a", "b"], "x": 0}}

    def begin() -> object:
        numbers = count(1)
        return advance(
            definition,
            None,
            variables,
            Start(variables=variables[None]),
            new_id=lambda: str(next(numbers)),
            functions={},
        )

    assert begin() == begin()


def test_a_step_of_one_instance_leaves_the_given_variables_alone() -> None:
    definition = build(read_diagram(EVERYTHING).processes[0])
    variables: dict[str | None, dict[str, object]] = {None: {"items": ["a"], "x": 0}}
    numbers = count(1)
    step = advance(
        definition,
        None,
        variables,
        Start(variables={"y": 1}),
        new_id=lambda: str(next(numbers)),
        functions={},
    )
    assert variables == {None: {"items": ["a"], "x": 0}}
    assert advance(definition, step.state, variables, Cancelled(), new_id=lambda: "n", functions={}).ended
