"""Where a case stands (所处环节): its open step that means something, and the refusal of a verb nothing waits for."""

from collections.abc import Sequence

from sqlalchemy import select

from casework import feed, names
from casework.meaning import Does
from casework.tables import Case
from engine import definitions as runnables
from engine.errors import Conflict, Sentence
from engine.tables import ActivityInstance, ProcessInstance, TaskState, UserTask
from engine.transaction import Transaction

NO_STEPS = frozenset(
    {"subProcess", "transaction", "multiInstanceBody", "callActivity", "parallelGateway", "inclusiveGateway"}
)


def moved(tx: Transaction, case: Case) -> None:
    """The case is in another state, and whoever follows it hears so."""
    case.revision += 1
    feed.case_moved(tx, case)


def open_step(tx: Transaction, root_id: str, does: Does) -> UserTask | None:
    """The case's oldest open step that does this for it."""
    return next(iter(open_steps(tx, root_id, does)), None)


def open_steps(tx: Transaction, root_id: str, does: Does) -> Sequence[UserTask]:
    """The case's open steps that do this for it, oldest first."""
    tx.flush()
    return tx.session.scalars(
        select(UserTask)
        .where(UserTask.root_id == root_id, UserTask.state == TaskState.CREATED, UserTask.act == does)
        .order_by(UserTask.created_at, UserTask.id)
    ).all()


def elsewhere(tx: Transaction, case: Case) -> Conflict:
    """The refusal of a verb that nothing waits for, naming the steps where the case stands."""
    if case.ended_at is not None:
        return Conflict(Sentence(f"办件{case.number}已结束。", f"Case {case.number} is over."))
    steps = _open_steps(tx, case)
    zh, en = "、".join(step.zh for step in steps), ", ".join(step.en for step in steps)
    return Conflict(
        Sentence(
            f"办件{case.number}现处于“{zh}”环节，不能进行此操作。",
            f"Case {case.number} stands at “{en}”; this cannot be done now.",
        )
    )


def _open_steps(tx: Transaction, case: Case) -> list[Sentence]:
    """The activities the case stands at, each name once; what merely holds others or joins flows is no step."""
    visits = tx.session.execute(
        select(ProcessInstance.definition_id, ActivityInstance.activity_id, UserTask.name)
        .join(ProcessInstance, ProcessInstance.id == ActivityInstance.instance_id)
        .outerjoin(UserTask, UserTask.id == ActivityInstance.id)
        .where(
            ActivityInstance.root_id == case.root_id,
            ActivityInstance.ended_at.is_(None),
            ActivityInstance.type.not_in(NO_STEPS),
        )
        .order_by(ActivityInstance.started_at, ActivityInstance.seq)
    )
    nodes = [(visit.name, runnables.load(tx, visit.definition_id).node(visit.activity_id)) for visit in visits]
    named = (names.step(name or node.name or node.id) for name, node in nodes)
    return list(dict.fromkeys(name for name in named if name is not None))
