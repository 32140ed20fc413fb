"""One line of the course of a case (办理过程). Knows neither evidence nor who may read it."""

from dataclasses import dataclass
from datetime import datetime

from engine.errors import Sentence


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the course; `kind` says what sort of thing happened.

    `who`, `on_behalf_of` and `to_person` are logins, `to_department` a code: to whom a task went, who was
    asked or told.
    """

    at: datetime
    kind: str
    text: Sentence
    who: str | None = None
    on_behalf_of: str | None = None
    to_person: str | None = None
    to_department: str | None = None
    department: str | None = None
    step: Sentence | None = None
    outcome: Sentence | None = None
    reason: str | None = None
    basis: str | None = None
    document: str | None = None

    @property
    def logins(self) -> tuple[str | None, ...]:
        """Everybody this line names."""
        return self.who, self.on_behalf_of, self.to_person
