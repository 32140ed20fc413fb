"""Counts failures, to stop those who guess. Kept in memory by each process, bounded, and forgotten in time."""

from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from api.errors import TooManyAttempts


class Attempts:
    """At most `limit` failures of one kind within `window`; the oldest kinds are forgotten beyond `most`."""

    def __init__(
        self,
        now: Callable[[], datetime],
        *,
        limit: int = 10,
        window: timedelta = timedelta(minutes=15),
        most: int = 10_000,
    ) -> None:
        self._now, self._limit, self._window, self._most = now, limit, window, most
        self._failures: OrderedDict[tuple[str, ...], deque[datetime]] = OrderedDict()
        self._lock = Lock()

    def check(self, *kind: str) -> None:
        """Raises TooManyAttempts, which says when to come back."""
        with self._lock:
            failures = self._recent(kind)
            if len(failures) >= self._limit:
                raise TooManyAttempts(int((failures[0] + self._window - self._now()).total_seconds()) + 1)

    def failed(self, *kind: str) -> None:
        """Counts a failure."""
        with self._lock:
            self._failures[kind] = failures = self._recent(kind)
            failures.append(self._now())
            self._failures.move_to_end(kind)
            if len(self._failures) > self._most:
                self._failures.popitem(last=False)

    def succeeded(self, *kind: str) -> None:
        """Forgets the failures before a success."""
        with self._lock:
            self._failures.pop(kind, None)

    def _recent(self, kind: tuple[str, ...]) -> deque[datetime]:
        failures = self._failures.get(kind, deque())
        while failures and failures[0] <= self._now() - self._window:
            failures.popleft()
        return failures


class Guesses:
    """Failures to open one thing (a login, a case) from one address: few of the two together, more of the thing from
    anywhere, many of the address, because a whole office may stand behind one."""

    OF_THING, OF_ADDRESS = 5, 50  # times as many

    def __init__(self, now: Callable[[], datetime], *, limit: int = 10) -> None:
        self._together = Attempts(now, limit=limit)
        self._of_thing = Attempts(now, limit=limit * self.OF_THING)
        self._of_address = Attempts(now, limit=limit * self.OF_ADDRESS)

    def check(self, thing: str, address: str) -> None:
        """Raises TooManyAttempts, which says when to come back."""
        self._together.check(thing, address)
        self._of_thing.check(thing)
        self._of_address.check(address)

    def failed(self, thing: str, address: str) -> None:
        """Counts a failure."""
        self._together.failed(thing, address)
        self._of_thing.failed(thing)
        self._of_address.failed(address)

    def succeeded(self, thing: str, address: str) -> None:
        """Forgets the failures of the two together; what others did from elsewhere still counts."""
        self._together.succeeded(thing, address)
