"""What happened in the office, past tense, for those who listen beside the engine's events. Pure data."""

from dataclasses import dataclass
from datetime import datetime

from casework.tables import SlipKind
from engine.events import Happened


@dataclass(frozen=True, slots=True)
class SlipServed(Happened):
    """A slip has reached its receiver; from `served_at` on it has effect. That may lie before the command's present."""

    slip_id: str
    kind: SlipKind
    number: str
    served_at: datetime
