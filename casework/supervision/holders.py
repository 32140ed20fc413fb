"""Who held a task at an instant that may lie long ago: from the task's row and the evidence of what people did to it.

Pure: whoever asks has read the rows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

HANDED = frozenset(
    {
        "task.claimed",
        "task.assigned",
        "task.released",
        "task.handed_over",
        "task.transferred",
        "task.delegated",
        "task.resolved",
    }
)
"""The acts that change who holds a task: `property` says whether its assignee or its department."""

ASSIGNEE, DEPARTMENT = "assignee", "department"


class Handed(NamedTuple):
    """One such act."""

    at: datetime
    property: str | None
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Held:
    """A task as it stood at an instant; no task where a department answers without one."""

    task_id: str | None
    department: str
    holder: str | None


@dataclass(frozen=True, slots=True)
class Work:
    """A task of a department, with the acts by which it changed hands, oldest first.

    `department` and `assignee` are those of the present; `after` is the role of the department that decides first.
    """

    id: str
    act: str | None
    department: str
    assignee: str | None
    created_at: datetime
    ended_at: datetime | None
    outcome: str | None
    after: str | None
    handed: Sequence[Handed]

    def is_open_at(self, instant: datetime) -> bool:
        """Whether it had begun before and was not done before: at the very instant of a deadline one is late."""
        return self.created_at < instant and (self.ended_at is None or self.ended_at >= instant)

    def held_at(self, instant: datetime) -> Held:
        """Whose it was then. A transfer to another department leaves it to be claimed there."""
        return Held(self.id, self._department_at(instant), self._assignee_at(instant))

    def _department_at(self, instant: datetime) -> str:
        later = (act.old for act in self.handed if act.property == DEPARTMENT and act.at > instant)
        return next(filter(None, later), self.department)

    def _assignee_at(self, instant: datetime) -> str | None:
        earlier = [act for act in self.handed if act.at <= instant]
        if earlier:
            return earlier[-1].new if earlier[-1].property == ASSIGNEE else None
        drawn = (act.old for act in self.handed if act.property == ASSIGNEE)
        return next(drawn, self.assignee)


def handed(rows: Iterable[Any]) -> dict[str, list[Handed]]:
    """Rows of evidence by the task they are about; in the order they are given."""
    found: dict[str, list[Handed]] = {}
    for row in rows:
        found.setdefault(row.subject, []).append(Handed(row.at, row.property, row.old, row.new))
    return found
