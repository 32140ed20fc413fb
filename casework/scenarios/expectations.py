"""The verbs that look: what stands in the inboxes, and how the case stands. Reads rows, changes none."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from casework import deferrals, fees, tariff
from casework import inbox as inboxes
from casework.scenarios.mismatch import Mismatch, listed, plain
from casework.scenarios.stage import Stage, label_of
from casework.tables import Card, CardState, Case, Clock, ClockKind, Correction
from engine.store.values import value_of
from engine.tables import TaskState, UserTask, Variable
from engine.transaction import Transaction

MOST_TASKS = 1_000
JUST_BEFORE = timedelta(seconds=1)


def inbox(stage: Stage, told: Mapping[str, Sequence[str]]) -> None:
    """Each login's inbox shows exactly these open steps of the case."""
    for login, labels in told.items():
        with stage.looking(login) as tx:
            rows, _ = inboxes.listed(tx, {"case_number": stage.number}, after=None, limit=MOST_TASKS)
        _same_labels(login, labels, [row.UserTask for row, _ in rows])


def expect(stage: Stage, told: Mapping[str, Any]) -> None:
    """The case stands as told; what is not named is not looked at."""
    with stage.looking() as tx:
        for key, expected in told.items():
            ASPECTS[key](tx, stage, key, expected)


def _state(tx: Transaction, stage: Stage, key: str, expected: str) -> None:
    _same(key, expected, _case(tx, stage).state)


def _decision(tx: Transaction, stage: Stage, key: str, expected: str | None) -> None:
    _same(key, expected, _case(tx, stage).decision)


def _deadline(tx: Transaction, stage: Stage, key: str, expected: str | None) -> None:
    clock = _clock(tx, stage, ClockKind.PROMISED)
    _same(key, expected, _last_day(stage, clock.due_at if clock else None))


def _statutory_deadline(tx: Transaction, stage: Stage, key: str, expected: str | None) -> None:
    clock = _clock(tx, stage, ClockKind.STATUTORY)
    _same(key, expected, _last_day(stage, clock.due_at if clock else None))


def _last_day(stage: Stage, due_at: datetime | None) -> str | None:
    """A deadline is stored as the first instant too late, and told as the last day."""
    return None if due_at is None else stage.local(due_at - JUST_BEFORE)[:10]


def _clocks(tx: Transaction, stage: Stage, key: str, expected: Mapping[str, str | None]) -> None:
    """By kind in small letters (promised, statutory …), or by department."""
    clocks = tx.session.scalars(select(Clock).where(Clock.root_id == stage.root_id).order_by(Clock.started_at)).all()
    found = {_clock_name(clock): str(clock.state) for clock in clocks}
    for name, state in expected.items():
        _same(key, f"{name}: {state}", f"{name}: {found.get(name)}")


def _clock_name(clock: Clock) -> str:
    return clock.subject if clock.kind == ClockKind.DEPARTMENT else clock.kind.lower()


def _correction(tx: Transaction, stage: Stage, key: str, expected: str | None) -> None:
    query = select(Correction.state).where(Correction.root_id == stage.root_id).order_by(Correction.created_at.desc())
    _same(key, expected, tx.session.scalars(query.limit(1)).first())


def _bill(tx: Transaction, stage: Stage, key: str, expected: str | None) -> None:
    """The state of the newest bill and its sum: `DUE 1200.00`."""
    bill = fees.latest(tx, stage.root_id)
    _same(key, expected, bill and f"{bill.state} {tariff.yuan(bill.total)}")


def _deferral(tx: Transaction, stage: Stage, key: str, expected: str | None) -> None:
    deferral = deferrals.latest(tx, stage.root_id)
    _same(key, expected, deferral and deferral.state)


def _cards(tx: Transaction, stage: Stage, key: str, expected: Sequence[str]) -> None:
    """Every card of the case but those cancelled: signal, department, and whoever held the task: `red fire zhang`."""
    standing = select(Card).where(Card.root_id == stage.root_id, Card.state != CardState.CANCELLED)
    found = [
        " ".join(filter(None, (card.signal, card.department, card.holder))) for card in tx.session.scalars(standing)
    ]
    if sorted(expected) != sorted(found):
        raise Mismatch(listed(sorted(expected)), listed(sorted(found)), key=key)


def _variables(tx: Transaction, stage: Stage, key: str, expected: Mapping[str, object]) -> None:
    rows = tx.session.scalars(select(Variable).where(Variable.scope_id == stage.root_id, Variable.name.in_(expected)))
    found = {row.name: value_of(row) for row in rows}
    for name, value in expected.items():
        _same(key, f"{name} = {value}", f"{name} = {found.get(name)}")


def _steps_in(state: TaskState) -> Callable[[Transaction, Stage, str, Sequence[str]], None]:
    def steps(tx: Transaction, stage: Stage, key: str, expected: Sequence[str]) -> None:
        _same_labels(key, expected, tx.session.scalars(_tasks(stage).where(UserTask.state == state)).all())

    return steps


ASPECTS: Mapping[str, Callable[[Transaction, Stage, str, Any], None]] = {
    "state": _state,
    "decision": _decision,
    "deadline": _deadline,
    "statutory_deadline": _statutory_deadline,
    "open": _steps_in(TaskState.CREATED),
    "done": _steps_in(TaskState.COMPLETED),
    "closed": _steps_in(TaskState.CANCELLED),
    "variables": _variables,
    "clocks": _clocks,
    "correction": _correction,
    "bill": _bill,
    "deferral": _deferral,
    "cards": _cards,
}


def _case(tx: Transaction, stage: Stage) -> Case:
    return tx.session.get_one(Case, stage.root_id)


def _clock(tx: Transaction, stage: Stage, kind: ClockKind) -> Clock | None:
    return tx.session.scalars(select(Clock).where(Clock.root_id == stage.root_id, Clock.kind == kind)).first()


def _tasks(stage: Stage) -> Any:
    return select(UserTask).where(UserTask.root_id == stage.root_id).order_by(UserTask.created_at, UserTask.id)


def _same(key: str, expected: object, found: object) -> None:
    told, seen = (None if value is None else str(value) for value in (expected, found))
    if told != seen:
        raise Mismatch(plain(told), plain(seen), key=key)


def _same_labels(key: str, expected: Iterable[str], tasks: Iterable[UserTask]) -> None:
    """The same steps in any order, each as often."""
    told, found = sorted(expected), sorted(label_of(task) for task in tasks)
    if told != found:
        raise Mismatch(listed(told), listed(found), key=key)


LOOKS: Mapping[str, Callable[[Stage, Any], None]] = {"inbox": inbox, "expect": expect}
