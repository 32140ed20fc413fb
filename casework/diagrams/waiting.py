"""Why an open step cannot go on now: its clock is paused, or another department has to decide first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from casework import departments, meaning, names
from casework.clocks import all_of
from casework.clocks.pressing import OF_THE_CASE
from casework.meaning import Does
from casework.preconditions import APPROVING
from casework.tables import Case, ClockKind, ClockState
from engine.diagram.model import Node
from engine.errors import Sentence
from engine.tables import TaskState, UserTask
from engine.transaction import Transaction

PAUSED = Sentence("时限中止", "the clock is paused")
AFTER = Sentence("须待{department}先作出决定", "waits for the decision of {department}")
APPLICANT = Sentence("待申请人补正", "waits for the applicant")


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is known of a case's clocks and decisions. `paused` are clocks by kind and subject."""

    paused: frozenset[tuple[ClockKind, str]]
    approved: frozenset[str]
    codes: Mapping[str, str]
    called: Mapping[str, Sentence]

    def reason(self, node: Node, step: UserTask | None) -> Sentence | None:
        """Why an open activity waits; None when somebody can go on with it."""
        means = meaning.of(node.properties)
        if means.act == Does.CORRECT:
            return APPLICANT
        if step is None:
            return None
        if means.after is not None and (code := self.codes.get(means.after, means.after)) not in self.approved:
            zh, en = self.called.get(code) or Sentence(code, code)
            return Sentence(AFTER.zh.format(department=zh), AFTER.en.format(department=en))
        own = (ClockKind.TASK, step.id)
        share = (OF_THE_CASE.get(means.act, ClockKind.DEPARTMENT) if means.act else ClockKind.DEPARTMENT, "")
        share = (share[0], step.department or "") if share[0] == ClockKind.DEPARTMENT else share
        return PAUSED if self.paused & {own, share} else None


def of(tx: Transaction, case: Case, steps: Sequence[UserTask]) -> Waiting:
    """What the open steps of a case may wait for."""
    clocks = [one.clock for one in all_of(tx, case.root_id)]
    return Waiting(
        paused=frozenset((clock.kind, clock.subject) for clock in clocks if clock.state == ClockState.PAUSED),
        approved=frozenset(
            step.department or ""
            for step in steps
            if step.act == Does.DECIDE and step.state == TaskState.COMPLETED and step.outcome in APPROVING
        ),
        codes=departments.codes_by_role(tx, case.region),
        called=names.departments(tx),
    )
