"""Which tables a backup holds, and whom those who make or restore one tell how far they are."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from sqlalchemy import Table

from casework.tables import AccessToken
from engine.tables import Base, ForgottenFile

LEFT_OUT = frozenset({AccessToken.__table__, ForgottenFile.__table__})
"""A token that was revoked after the backup must not open the door again: everybody logs in anew. What was forgotten in
the file store of one database is none of another's."""

Tell = Callable[[int, int], None]
"""Hears how many rows are done, of how many."""


def tables() -> Sequence[Table]:
    """In an order in which every row comes after those it refers to."""
    return [table for table in Base.metadata.sorted_tables if table not in LEFT_OUT]


class Progress:
    """Counts rows and tells now and then."""

    EVERY = 200

    def __init__(self, tell: Tell, whole: int) -> None:
        self._tell, self._whole, self._done = tell, whole, 0

    def counted(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """The lines of one table, each counted when it has been dealt with."""
        for line in lines:
            yield line
            self._done += 1
            if self._done % self.EVERY == 0:
                self._tell(self._done, self._whole)
        self._tell(self._done, self._whole)
