"""The host that the engine's tests run in: a present that the test sets, and rules that permit everything.

A test of one rule replaces that one port: `dataclasses.replace(ports, may=…)`.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from engine.diagram.model import Node
from engine.ports import Actor, Ports
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
    """What the root lends: everybody may do everything, every form is right, no clock is running."""
    return Ports(
        now=lambda: world.now,
        may=may_always,
        check_form=check_nothing,
        due_at=no_clock,
        resolve_groups=groups_as_drawn,
    )


def may_always(tx: Transaction, act: str, subject: object | None) -> None:
    """Nobody is refused."""


def check_nothing(
    tx: Transaction, task: UserTask, document: bytes, values: Mapping[str, object], *, draft: bool
) -> dict[str, object]:
    """What a person filled in is stored as it is."""
    return dict(values)


def no_clock(tx: Transaction, instance: ProcessInstance, binding: str) -> datetime | None:
    """A bound timer waits."""
    return None


def groups_as_drawn(tx: Transaction, instance: ProcessInstance, node: Node, groups: Sequence[str]) -> tuple[str, ...]:
    """A role is its own department."""
    return tuple(groups)
