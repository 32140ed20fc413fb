"""The host that the engine's tests run in: a present that the test sets, and rules that permit everything.

A test of one rule replaces that one port: `dataclasses.replace(ports, may=…)`.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from engine.diagram.model import Node
from engine.ports import Actor, Ports, Submission
from engine.tables import ProcessInstance, UserTask
from engine.transaction import Transaction

MONDAY_MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

OFFICER = Actor(login="taxation", name="税务经办人", groups=frozenset({"taxation"}), department="taxation")


class World:
    """The present instant; nothing but the test moves it."""

    def __init__(self) -> None:
        self.now = MONDAY_MORNING

    def days_pass(self, days: float) -> None:
        self.now += timedelta(days=days)


def ports_of(world: World) -> Ports:
    """What the root lends: everybody may do everything, every submission is right, no clock is running."""
    return Ports(
        now=lambda: world.now,
        may=may_always,
        check_submission=accept_submission,
        due_at=no_clock,
        resolve_groups=groups_as_drawn,
        file_kinds={".form": key_of_form},
    )


def may_always(tx: Transaction, act: str, subject: object | None) -> None:
    """Nobody is refused."""


def accept_submission(
    tx: Transaction, task: UserTask, node: Node, document: bytes | None, submission: Submission, *, draft: bool
) -> Submission:
    """What a person hands in is kept as it is."""
    return submission


def no_clock(tx: Transaction, instance: ProcessInstance, binding: str) -> datetime | None:
    """A bound timer waits."""
    return None


def groups_as_drawn(tx: Transaction, instance: ProcessInstance, node: Node, groups: Sequence[str]) -> tuple[str, ...]:
    """A role is its own department."""
    return tuple(groups)


def key_of_form(name: str, content: bytes) -> str:
    """A form's key is its id, as Camunda Modeler writes it."""
    return str(json.loads(content)["id"])
