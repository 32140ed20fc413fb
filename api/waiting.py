"""The waiting room: how many requests may wait for something to happen, so that there is always somebody to serve."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

MOMENT = 1.0
"""Seconds between two looks."""

OF_ONE = 2
"""How many requests of one login may wait at once."""


class WaitingRoom:
    """So many seats and no more. Whoever finds none is answered at once."""

    def __init__(self, seats: int) -> None:
        self._seats = seats
        self._taken: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._never = threading.Event()

    @contextmanager
    def patience(self, login: str, seconds: int) -> Iterator[Callable[[], bool]]:
        """What to ask before each further look: it lets a moment pass, and says no when the seconds are over."""
        if seconds == 0 or not self._sit_down(login):
            yield lambda: False
            return
        moments = iter(range(int(seconds / MOMENT)))
        try:
            yield lambda: next(moments, None) is not None and self._pass_a_moment()
        finally:
            self._stand_up(login)

    def _sit_down(self, login: str) -> bool:
        with self._lock:
            free = self._taken.total() < self._seats and self._taken[login] < OF_ONE
            self._taken[login] += free
            return free

    def _stand_up(self, login: str) -> None:
        with self._lock:
            self._taken[login] -= 1
            self._taken += Counter()

    def _pass_a_moment(self) -> bool:
        self._never.wait(MOMENT)
        return True
