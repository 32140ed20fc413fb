"""Evidence: every act stands in a chain of its case that shows whatever was changed in it afterwards."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import ColumnElement, delete, select, update

from engine import evidence
from engine.errors import NotFound
from engine.events import ProcessInstanceEnded, ProcessInstanceStarted, UserTaskAssigned, UserTaskCompleted
from engine.tables import Act, ProcessInstance
from engine.transaction import Database, Transaction
from tests.rows import running_instance
from tests.statements import statements
from tests.world import OFFICER, World

ACTS = 5


def lock(tx: Transaction, root_id: str) -> ProcessInstance:
    return tx.lock_root(select(ProcessInstance).where(ProcessInstance.id == root_id))


@pytest.fixture
def case(database: Database) -> str:
    """The root of a case with nothing on record."""
    with database.begin(OFFICER) as tx:
        return running_instance(tx).id


@pytest.fixture
def recorded(database: Database, world: World, case: str) -> str:
    """The root of a case with acts of several days."""
    for number in range(1, ACTS + 1):
        with database.begin(OFFICER) as tx:
            evidence.record(
                tx,
                lock(tx, case),
                "clock.moved",
                subject="case/promised",
                property="due_at",
                old=f"{number - 1}",
                new=f"{number}",
                reason="节假日安排",
                basis="行政许可法第八十二条",
                document=f"补正〔2026〕{number}号",
            )
        world.now += timedelta(days=1, milliseconds=7)
    return case


def broken(database: Database, root_id: str) -> int | None:
    with database.view(OFFICER) as tx:
        return evidence.verify(tx, root_id)


def acts(database: Database, root_id: str) -> list[Act]:
    with database.view(OFFICER) as tx:
        return list(tx.session.scalars(select(Act).where(Act.root_id == root_id).order_by(Act.seq)))


def test_acts_are_numbered_from_one_and_each_bears_the_hash_of_the_one_before(
    database: Database, recorded: str
) -> None:
    found = acts(database, recorded)

    assert [act.seq for act in found] == [1, 2, 3, 4, 5]
    assert [act.previous_hash for act in found] == [None, *(evidence.digest(act) for act in found[:-1])]


def test_a_chain_as_it_was_written_holds(database: Database, case: str, recorded: str) -> None:
    assert broken(database, recorded) is None


def test_a_case_without_acts_holds(database: Database, case: str) -> None:
    assert broken(database, case) is None


def test_there_is_no_evidence_of_a_case_that_does_not_exist(database: Database) -> None:
    with pytest.raises(NotFound), database.begin(OFFICER) as tx:
        evidence.verify(tx, tx.new_id())


def test_an_act_names_who_did_it_and_for_whom(database: Database, case: str) -> None:
    deputy = replace(OFFICER, login="taxation-2", on_behalf_of="taxation")
    with database.begin(deputy) as tx:
        evidence.record(tx, lock(tx, case), "task.claimed")

    (act,) = acts(database, case)
    assert (act.actor, act.on_behalf_of) == ("taxation-2", "taxation")


def test_acts_of_one_command_share_its_operation(database: Database, case: str) -> None:
    for _ in range(2):
        with database.begin(OFFICER) as tx:
            root = lock(tx, case)
            evidence.record(tx, root, "clock.paused")
            evidence.record(tx, root, "clock.started")

    first, second, third, fourth = (act.operation for act in acts(database, case))
    assert first == second != third == fourth


Touch = Callable[[Transaction, str], object]


def of(root_id: str, seq: int) -> tuple[ColumnElement[bool], ...]:
    return (Act.root_id == root_id, Act.seq == seq)


def change(column: str, value: object, seq: int = 3) -> Touch:
    return lambda tx, root_id: tx.session.execute(update(Act).where(*of(root_id, seq)).values({column: value}))


def remove(*seqs: int) -> Touch:
    return lambda tx, root_id: [tx.session.execute(delete(Act).where(*of(root_id, seq))) for seq in seqs]


def renumber(tx: Transaction, root_id: str, old: int, new: int) -> None:
    tx.session.execute(update(Act).where(*of(root_id, old)).values(seq=new))


def remove_and_close_up(tx: Transaction, root_id: str) -> None:
    remove(3)(tx, root_id)
    for seq in (4, 5):
        renumber(tx, root_id, seq, seq - 1)
    tx.session.execute(update(ProcessInstance).where(ProcessInstance.id == root_id).values(next_act=ACTS))


def insert(tx: Transaction, root_id: str) -> None:
    """A forged act between the second and the third, with the hash that belongs there."""
    for seq in (5, 4, 3):
        renumber(tx, root_id, seq, seq + 1)
    second = tx.session.get_one(Act, (root_id, 2))
    columns = {name: getattr(second, name) for name in Act.__table__.columns.keys()}  # noqa: SIM118
    forged = Act(**columns | {"seq": 3, "new": "forged", "previous_hash": evidence.digest(second)})
    tx.add(forged)
    tx.session.execute(update(ProcessInstance).where(ProcessInstance.id == root_id).values(next_act=ACTS + 2))


def append(tx: Transaction, root_id: str) -> None:
    """A forged act behind the last, with the hash that belongs there, but without the case's own row."""
    last = tx.session.get_one(Act, (root_id, ACTS))
    columns = {name: getattr(last, name) for name in Act.__table__.columns.keys()}  # noqa: SIM118
    tx.add(Act(**columns | {"seq": ACTS + 1, "previous_hash": evidence.digest(last)}))


def swap(tx: Transaction, root_id: str) -> None:
    renumber(tx, root_id, 3, 99)
    renumber(tx, root_id, 4, 3)
    renumber(tx, root_id, 99, 4)


@pytest.mark.parametrize(
    ("touch", "first_touched"),
    [
        (change("actor", "somebody-else"), 3),
        (change("new", "2027-01-01T00:00:00.000Z"), 3),
        (change("reason", None), 3),
        (change("basis", ""), 3),
        (change("document", None), 3),
        (change("on_behalf_of", "taxation-head"), 3),
        (change("region", "330106"), 3),
        (change("previous_hash", b"\0" * 32), 3),
        (change("new", "changed", seq=1), 1),
        (change("new", "changed", seq=ACTS), ACTS),
        (remove(1), 1),
        (remove(3), 3),
        (remove(3, 4), 3),
        (remove_and_close_up, 3),
        (insert, 3),
        (append, ACTS + 1),
        (swap, 3),
        (remove(5), 5),
        (remove(4, 5), 4),
        (remove(1, 2, 3, 4, 5), 1),
    ],
)
def test_what_was_touched_afterwards_is_found_at_that_act_or_the_one_before(
    database: Database, recorded: str, touch: Touch, first_touched: int
) -> None:
    with database.begin(OFFICER) as tx:
        touch(tx, recorded)

    assert broken(database, recorded) in (first_touched - 1, first_touched)


@pytest.mark.parametrize("milliseconds", [-1, 1])
def test_an_act_dated_a_millisecond_off_is_found(database: Database, recorded: str, milliseconds: int) -> None:
    with database.begin(OFFICER) as tx:
        act = tx.session.get_one(Act, (recorded, 2))
        act.at += timedelta(milliseconds=milliseconds)

    assert broken(database, recorded) == 2


def test_the_acts_of_one_case_say_nothing_of_another(database: Database, recorded: str) -> None:
    with database.begin(OFFICER) as tx:
        other = running_instance(tx)
        evidence.record(tx, other, "case.started")
        other_id = other.id
    with database.begin(OFFICER) as tx:
        remove(1)(tx, other_id)

    assert broken(database, recorded) is None
    assert broken(database, other_id) == 1


def test_recording_asks_nothing_and_writes_all_acts_of_a_command_at_once(database: Database, case: str) -> None:
    with statements(database.engine) as sent, database.begin(OFFICER) as tx:
        root = lock(tx, case)
        for number in range(200):
            evidence.record(tx, root, "clock.started", subject=f"department:{number}")

    assert [statement.split()[0] for statement in sent] == ["SELECT", "INSERT", "UPDATE"]


def told(database: Database, root_id: str, *events: object) -> list[Act]:
    """What the listener wrote of events."""
    with database.begin(OFFICER) as tx:
        lock(tx, root_id)
        for event in events:
            evidence.listen(tx, event)  # type: ignore[arg-type]
    return acts(database, root_id)


def place(root_id: str) -> dict[str, str]:
    return {"region": "000000", "root_id": root_id, "instance_id": root_id}


TASK = "0198c0de-0000-7000-8000-000000000001"


def assigned(root_id: str, assignee: str | None, previous: str | None) -> UserTaskAssigned:
    return UserTaskAssigned(**place(root_id), task_id=TASK, assignee=assignee, previous=previous)


@pytest.mark.parametrize(
    ("assignee", "previous", "kind"),
    [
        (OFFICER.login, None, "task.claimed"),
        ("taxation-2", None, "task.assigned"),
        ("taxation-2", OFFICER.login, "task.assigned"),
        (None, OFFICER.login, "task.released"),
    ],
)
def test_taking_giving_and_giving_back_a_task_are_acts(
    database: Database, case: str, assignee: str | None, previous: str | None, kind: str
) -> None:
    (act,) = told(database, case, assigned(case, assignee, previous))

    assert (act.kind, act.subject, act.old, act.new) == (kind, TASK, previous, assignee)


def test_completing_a_task_is_an_act_with_its_outcome_and_its_reasons(database: Database, case: str) -> None:
    done = UserTaskCompleted(
        **place(case), task_id=TASK, activity_id="review", properties={}, outcome="object", comment="消防通道不足"
    )

    (act,) = told(database, case, done)

    assert (act.kind, act.subject, act.new, act.reason) == ("task.completed", TASK, "object", "消防通道不足")


def started(root_id: str, parent_id: str | None) -> ProcessInstanceStarted:
    return ProcessInstanceStarted(**place(root_id), definition_id=TASK, business_key="20260302-1", parent_id=parent_id)


def ended(root_id: str, parent_id: str | None, *, cancelled: bool) -> ProcessInstanceEnded:
    return ProcessInstanceEnded(
        **place(root_id), parent_id=parent_id, cancelled=cancelled, reason="误建", end_activities=()
    )


def test_the_start_and_the_cancellation_of_a_case_are_acts(database: Database, case: str) -> None:
    start, end = told(database, case, started(case, None), ended(case, None, cancelled=True))

    assert (start.kind, start.new) == ("case.started", "20260302-1")
    assert (end.kind, end.reason) == ("case.cancelled", "误建")


def test_called_processes_and_an_end_as_drawn_are_no_acts(database: Database, case: str) -> None:
    parent = case
    events = (started(case, parent), ended(case, parent, cancelled=True), ended(case, None, cancelled=False))

    assert told(database, case, *events) == []
