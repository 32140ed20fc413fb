"""UUIDv7 ids: sortable by the instant they were made, and within one millisecond by order (RFC 9562, 5.7)."""

import secrets
import threading
import uuid
from datetime import datetime

from engine.columns import EPOCH, MILLISECOND

SEQUENCE_BITS = 12
RANDOM_BITS = 62


class IdSource:
    """Makes ids for one process. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._millisecond = 0
        self._sequence = 0

    def __call__(self, instant: datetime) -> str:
        """A new id that bears `instant`."""
        millisecond = (instant - EPOCH) // MILLISECOND
        with self._lock:
            if millisecond != self._millisecond or self._sequence >= 1 << SEQUENCE_BITS:
                self._millisecond, self._sequence = millisecond, 0
            sequence = self._sequence
            self._sequence += 1
        value = millisecond << 80 | 0x7 << 76 | sequence << 64 | 0b10 << RANDOM_BITS | secrets.randbits(RANDOM_BITS)
        return str(uuid.UUID(int=value))
