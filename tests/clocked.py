"""Cases whose time is measured: an item with limits, a diagram with the office's properties, the real listeners."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy import select

from casework import calendars, clocks, progress
from casework.tables import Case, CaseState, Clock, ClockKind, Correction, CorrectionState, Item
from casework.workdays import SHANGHAI
from engine import evidence, instances, user_tasks
from engine.ports import ENGINE, Ports, Submission
from engine.store import instance_rows
from engine.tables import Act, Job, ProcessDefinition, TaskState, UserTask
from engine.transaction import Database, Transaction
from tests.diagrams import (
    diagram,
    end,
    event_sub_process,
    flows,
    message,
    multi_instance,
    properties,
    receive_task,
    start,
    user_task,
)
from tests.scenario import REGION, Scenario
from tests.world import World

DEPARTMENTS = ["market-regulation", "public-security", "taxation", "human-resources", "bank"]
NOTICE = "330106BZ20260304000001"
NUMBERS = count(1)


def at(text: str) -> datetime:
    """An instant of the office's day: at("2026-03-02 09:00")."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def with_office(ports: Ports) -> Ports:
    """The engine as the office runs it, as far as time is concerned."""
    return replace(
        ports,
        listeners=(evidence.listen, progress.listen, clocks.listen),
        due_at=clocks.due_at,
        functions=clocks.functions,
        function_names=clocks.FUNCTION_NAMES,
    )


def joint_approval(*more: Any) -> bytes:
    """Acceptance, the departments at once, one decision, delivery; corrections and withdrawal at any time."""
    return diagram(
        start(),
        user_task("accept", properties(act="accept"), candidateGroups="window"),
        user_task(
            "review",
            properties(act="review"),
            multi_instance(collection="${departments}", elementVariable="department"),
            candidateGroups="${department}",
        ),
        user_task("decide", properties(act="decide"), candidateGroups="government"),
        user_task("deliver", properties(act="deliver"), candidateGroups="window"),
        end(),
        flows("start", "accept", "review", "decide", "deliver", "end"),
        corrections(),
        event_sub_process(
            "withdrawal",
            start("withdrawn", message("case-withdrawn"), properties(act="withdraw")),
            end("taken-back"),
            flows("withdrawn", "taken-back"),
        ),
        *more,
    )


def corrections() -> Any:
    return event_sub_process(
        "corrections",
        start("noticed", message("correction-noticed"), isInterrupting=False),
        receive_task("answer", "case-supplemented", properties(act="correct")),
        end("answered"),
        flows("noticed", "answer", "answered"),
    )


def item(tx: Transaction, limits: Mapping[str, str], shares: Mapping[str, str], steps: Mapping[str, str]) -> Item:
    participants = [
        {"role": role, "lead": place == 0, "limit": limit, "fields": None, "materials": None, "sees_opinions": True}
        for place, (role, limit) in enumerate(shares.items())
    ]
    named = {"name": "企业开办", "name_en": "Enterprise registration", "matters": []}
    row = Item(
        id=tx.new_id(),
        region=REGION,
        code="registration",
        version=next(NUMBERS),
        counts_from=date(2026, 1, 1),
        name="企业开办",
        definition_key="approval",
        document=json.dumps({**named, "limits": {**limits, "steps": dict(steps)}, "participants": participants}),
        published_at=tx.now,
        published_by="admin",
    )
    tx.add(row)
    return row


def case(tx: Transaction, item_id: str) -> Case:
    row = Case(
        root_id=tx.new_id(),
        region=REGION,
        number=f"000000-20260302-{next(NUMBERS):04}",
        query_code="7K2M9Q",
        item_id=item_id,
        title="杭州知微生物科技有限公司设立登记",
        state=CaseState.RECEIVED,
        applicant_kind="person",
        applicant_name="顾怀瑾",
        applicant_id_type="id-card",
        applicant_id_number="11010519491231002X",
        applicant_phone="13905710001",
        channel="online",
        submitted_by="applicant",
        submitted_at=tx.now,
        received_at=tx.now,
    )
    tx.add(row)
    return row


class Office(Scenario):
    """A case with clocks, told in the office's verbs."""

    limits: Mapping[str, str] = {"receipt": "5WD", "promised": "20WD", "statutory": "45WD", "correction": "15ND"}

    def __init__(self, database: Database, world: World) -> None:
        super().__init__(database, world)
        database.ports = with_office(database.ports)
        with database.begin(ENGINE) as tx:
            calendars.seed(tx)

    def submit(
        self,
        *,
        limits: Mapping[str, str] | None = None,
        shares: Mapping[str, str] | None = None,
        steps: Mapping[str, str] | None = None,
        received_at: datetime | None = None,
        **variables: object,
    ) -> "Office":
        """`limits` are added to the usual ones; `shares` are the departments' limits, five days each."""
        shares = dict.fromkeys(DEPARTMENTS, "5WD") if shares is None else shares
        with self.database.begin(self.actor) as tx:
            row = item(tx, {**self.limits, **(limits or {})}, shares, steps or {})
            tx.flush()
            received = case(tx, row.id)
            received.received_at = received_at or received.received_at
            tx.flush()
            definition = tx.session.scalars(select(ProcessDefinition.id).order_by(ProcessDefinition.version.desc()))
            self.root_id = instances.start(
                tx,
                definition.first() or "",
                region=REGION,
                business_key=received.number,
                variables={"departments": list(shares), **variables},
                instance_id=received.root_id,
            ).id
        return self

    def answers(self, activity: str, outcome: str, *, department: str | None = None) -> None:
        """Somebody completes a step, in a multi-instance the one of a department."""
        with self.database.begin(self.actor) as tx:
            waiting = tx.session.scalars(
                select(UserTask).where(
                    UserTask.root_id == self.root_id,
                    UserTask.activity_id == activity,
                    UserTask.state == TaskState.CREATED,
                )
            ).all()
            task = next(task for task in waiting if department in (None, task.department))
            user_tasks.complete(tx, task.id, Submission({}, outcome))

    def notice(self) -> None:
        """The notice of corrections goes out."""
        with self.database.begin(self.actor) as tx:
            tx.add(
                Correction(
                    id=tx.new_id(),
                    region=REGION,
                    root_id=self.root_id,
                    state=CorrectionState.SENT,
                    number=NOTICE,
                    items="[]",
                    created_at=tx.now,
                    sent_at=tx.now,
                    served_at=tx.now,
                )
            )
        self.message("correction-noticed")

    @contextmanager
    def locked(self) -> Iterator[Transaction]:
        """A command of this case."""
        with self.database.begin(self.actor) as tx:
            instance_rows.lock_tree_of(tx, self.root_id)
            yield tx

    def clock(self, kind: ClockKind, subject: str = "") -> Clock:
        """The clock of this kind that was started last."""
        with self.database.view(self.actor) as tx:
            found = tx.session.scalars(
                select(Clock)
                .where(Clock.root_id == self.root_id, Clock.kind == kind, Clock.subject == subject)
                .order_by(Clock.id.desc())
            ).first()
        assert found is not None
        return found

    def states(self) -> dict[str, str]:
        """Every clock by kind and subject."""
        with self.database.view(self.actor) as tx:
            rows = tx.session.scalars(select(Clock).where(Clock.root_id == self.root_id).order_by(Clock.id)).all()
        return {f"{row.kind}:{row.subject}".rstrip(":"): row.state.value for row in rows}

    def described(self, kind: ClockKind, subject: str = "") -> dict[str, Any]:
        """The clock as people read it."""
        with self.database.view(self.actor) as tx:
            found = clocks.describe_all(tx, self.root_id)
        return next(one for one in reversed(found) if (one["kind"], one["subject"]) == (kind, subject))

    def acts(self, kind: str = "clock.") -> list[Act]:
        """The evidence of this kind."""
        with self.database.view(self.actor) as tx:
            rows = tx.session.scalars(select(Act).where(Act.root_id == self.root_id).order_by(Act.seq)).all()
        return [row for row in rows if row.kind.startswith(kind)]

    def timers(self) -> dict[str | None, datetime | None]:
        """When each bound timer falls due."""
        with self.database.view(self.actor) as tx:
            rows = tx.session.scalars(select(Job).where(Job.root_id == self.root_id, Job.binding.is_not(None))).all()
        return {row.binding: row.due_at for row in rows}
