"""UUIDv7 ids: sortable by the instant they were made, and within one millisecond by order (RFC 9562, 5.7 and 6.2)."""

import secrets
import threading
import uuid
from datetime import datetime

from engine.columns import EPOCH, MILLISECOND

HIGH_BITS, LOW_BITS, RANDOM_BITS = 12, 18, 44
SEQUENCE_BITS = HIGH_BITS + LOW_BITS


class IdSource:
    """Makes ids for one process. Safe to share between threads.

    The counter never starts again: commands of different instants overlap, and each must see its own ids in order.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sequence = secrets.randbits(SEQUENCE_BITS - 1)

    def __call__(self, instant: datetime) -> str:
        """A new id that bears `instant`."""
        with self._lock:
            self._sequence = (self._sequence + 1) % (1 << SEQUENCE_BITS)
            high, low = divmod(self._sequence, 1 << LOW_BITS)
        millisecond = (instant - EPOCH) // MILLISECOND
        tail = 0b10 << LOW_BITS | low
        value = millisecond << 80 | 0x7 << 76 | high << 64 | tail << RANDOM_BITS | secrets.randbits(RANDOM_BITS)
        return str(uuid.UUID(int=value))
