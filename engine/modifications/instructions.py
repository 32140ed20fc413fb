"""What a modification says (Camunda 7): what is cancelled, and before, after or along what something begins. Pure data;
its text is what evidence says of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Cancel:
    """All that is open of an activity ("id#multiInstanceBody" means the body around its instances), or by its `id` one
    activity instance or one token that waits for its job."""

    activity_id: str | None = None
    id: str | None = None

    def __str__(self) -> str:
        return f"cancel {self.activity_id or self.id}"


@dataclass(frozen=True, slots=True)
class Start:
    """Something begins in the running scope that contains it: within `ancestor_id` where several run.

    `variables` are set first, in the process.
    """

    element_id: str
    ancestor_id: str | None = None
    variables: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StartBefore(Start):
    """An activity begins. Where a multi-instance activity runs in parallel already, one more instance of it; before its
    body ("id#multiInstanceBody"), all of it."""

    def __str__(self) -> str:
        return f"start before {self.element_id}"


@dataclass(frozen=True, slots=True)
class StartAfter(Start):
    """What follows an activity with a single outgoing flow begins."""

    def __str__(self) -> str:
        return f"start after {self.element_id}"


@dataclass(frozen=True, slots=True)
class StartTransition(Start):
    """What a sequence flow leads to begins."""

    def __str__(self) -> str:
        return f"start transition {self.element_id}"


Instruction = Cancel | StartBefore | StartAfter | StartTransition
