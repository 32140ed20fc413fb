"""The three diagrams: a definition as it was drawn, a case for those who may see it, its progress for the public."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from sqlalchemy import select

from casework import case_view, names, opinions
from casework.diagrams import course, waiting
from casework.diagrams.course import Visit, Visited
from casework.diagrams.telling import STATES, Say, Teller
from casework.sight import Sight
from casework.tables import Case
from engine import definitions
from engine.definitions import Runnable
from engine.drawing import Layout, Mark, Markings, State, draw, read_layout
from engine.errors import NotFound, Sentence
from engine.queries import process_definitions
from engine.tables import ActivityInstance, ProcessInstance, UserTask
from engine.transaction import Transaction

OF_PROCESS = Sentence("流程图：{name}", "Diagram of {name}")
OF_CASE = Sentence("办件{number}的流程图", "Diagram of case {number}")
MANY = 40


@lru_cache(maxsize=64)
def _layout(content: bytes, key: str) -> Layout:
    """A stored file never changes, so it is read once."""
    return read_layout(content, key)


def of_definition(tx: Transaction, definition_id: str, say: Say) -> str:
    """A process as its designer drew it. Raises NotFound."""
    _, content = process_definitions.file_of(tx, definition_id)
    runs = definitions.load(tx, definition_id)
    title = say(OF_PROCESS).format(name=runs.process.name or runs.key)
    return draw(_layout(content, runs.key), Markings(title))


def of_case(tx: Transaction, case: Case, say: Say, instance_id: str | None = None) -> str:
    """Where a case stands, as the actor may see it; `instance_id` is a called process's of the same case.

    Raises NotFound for an instance of another case.
    """
    read = case_view.read(tx, case)
    return _drawn(tx, case, read.sight, read.steps, say, instance_id or case.root_id, link=_link)


def of_progress(tx: Transaction, case: Case, say: Say) -> str:
    """Where a case stands, for somebody without a login: states and dates, no people and nothing they said."""
    nobody = Sight(frozenset(), sees_opinions=False, is_official=False)
    return _drawn(tx, case, nobody, case_view.steps_of(tx, case.root_id), say, case.root_id, link=None)


def _link(instance_id: str) -> str:
    return f"?instance={instance_id}"


def _drawn(
    tx: Transaction,
    case: Case,
    seen: Sight,
    steps: Sequence[UserTask],
    say: Say,
    instance_id: str,
    link: Callable[[str], str] | None,
) -> str:
    instance = tx.session.get(ProcessInstance, instance_id)
    if instance is None or instance.root_id != case.root_id:
        raise NotFound
    runs = definitions.load(tx, instance.definition_id)
    _, content = process_definitions.file_of(tx, runs.id)
    passed = course.visited(_visits(tx, instance_id))
    people = {login for step in steps for login in (step.ended_by, step.assignee)}
    teller = Teller(
        say=say,
        zone=tx.ports.zone,
        sight=seen,
        known=names.directory(tx, people if seen.sees_people else ()),
        steps={step.id: step for step in steps},
        outcomes=_outcomes(tx, steps, seen),
        waiting=waiting.of(tx, case, steps),
        link=link,
    )
    marks = _marks(runs, passed, teller)
    title = say(OF_CASE).format(number=case.number)
    taken = course.taken(runs.process, passed)
    legend = {state: say(STATES[state]) for state in State if any(mark.state == state for mark in marks.values())}
    called = {node.id: teller.name(node, passed.get(node.id)) for node in runs.process.nodes.values()}
    said = {activity: name for activity, name in called.items() if name is not None}
    description = _described(runs, marks, said, say)
    return draw(_layout(content, runs.key), Markings(title, description, marks, taken, legend, said))


def _visits(tx: Transaction, instance_id: str) -> list[Visit]:
    rows = tx.session.scalars(select(ActivityInstance).where(ActivityInstance.instance_id == instance_id))
    return [
        Visit(
            id=row.id,
            activity_id=row.activity_id,
            type=row.type,
            parent_id=row.parent_id,
            seq=row.seq,
            started_at=row.started_at,
            ended_at=row.ended_at,
            cancelled=row.cancelled,
            called_instance_id=row.called_instance_id,
        )
        for row in rows
    ]


def _outcomes(tx: Transaction, steps: Sequence[UserTask], seen: Sight) -> Mapping[str, Sentence]:
    """What was chosen on each step, where the reader may know it."""
    said = {step.id: opinions.label_of(tx, step) for step in steps if step.outcome and opinions.is_told(step, seen)}
    return {step: label for step, label in said.items() if label is not None}


def _marks(runs: Runnable, passed: Mapping[str, Visited], teller: Teller) -> dict[str, Mark]:
    nodes = runs.process.nodes
    return {activity: teller.mark(nodes[activity], seen) for activity, seen in passed.items() if activity in nodes}


def _described(runs: Runnable, marks: Mapping[str, Mark], called: Mapping[str, str], say: Say) -> str:
    """The diagram for those who hear it read: each state with the steps that are in it."""
    sentences = []
    for state in State:
        steps = [runs.process.nodes[activity] for activity, mark in marks.items() if mark.state == state]
        named = [names.step(called.get(step.id, step.name)) for step in steps if not step.type.endswith("Gateway")]
        told = "、".join(dict.fromkeys(say(name) for name in named[:MANY] if name is not None))
        if told:
            sentences.append(f"{say(STATES[state])}: {told}")
    return "; ".join(sentences)
