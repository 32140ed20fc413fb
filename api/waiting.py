"""The waiting room: how many requests may wait for something to happen, so that there is always somebody to serve."""

import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import has_request_context, request

MOMENT = 1.0
"""Seconds between two looks."""

OF_ONE = 2
"""How many requests of one person may wait at once."""

LONGEST = 20
"""Seconds that a request is held at most."""


class WaitingRoom:
    """So many seats and no more. Whoever finds none is answered at once."""

    def __init__(self, seats: int) -> None:
        self._seats = seats
        self._taken: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._never = threading.Event()

    @contextmanager
    def patience(self, login: str, seconds: float, of_one: int = OF_ONE) -> Iterator[Callable[[], bool]]:
        """What to ask before each further look: it lets a moment pass, and says no when the seconds are over or the
        client has hung up.

        One login takes at most `of_one` seats: the programs of one system often share a login.
        """
        if seconds < MOMENT or not self._sit_down(login, of_one):
            yield lambda: False
            return
        moments = iter(range(int(min(seconds, LONGEST) / MOMENT)))
        try:
            yield lambda: next(moments, None) is not None and self._pass_a_moment()
        finally:
            self._stand_up(login)

    def _sit_down(self, login: str, of_one: int) -> bool:
        with self._lock:
            free = self._taken.total() < self._seats and self._taken[login] < of_one
            self._taken[login] += free
            return free

    def _stand_up(self, login: str) -> None:
        with self._lock:
            self._taken[login] -= 1
            self._taken += Counter()

    def _pass_a_moment(self) -> bool:
        self._never.wait(MOMENT)
        return not _has_hung_up()


def _has_hung_up() -> bool:
    """Whether the client of the request in hand is gone, where the server lends its socket: nobody else would ever get
    the seat, or what was fetched for a client that is not there."""
    connection: socket.socket | None = request.environ.get("gunicorn.socket") if has_request_context() else None
    if connection is None:
        return False
    try:
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
