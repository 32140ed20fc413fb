"""The heartbeat: APScheduler calls `jobs.run_due` every second and knows nothing else."""

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import ColumnElement

from engine import jobs
from engine.transaction import Database

BEAT = timedelta(seconds=1)
MOST_ROUNDS = 200
HANDLERS, ERRANDS = 4, 2
MOST_BEATS = 1 + HANDLERS + ERRANDS
log = logging.getLogger(__name__)


class Heartbeat:
    """Runs due jobs in the background until stopped, by several beats; none overlaps itself, a missed one is no loss.

    The first beat runs the work that talks to nobody. Registered handlers have beats of their own, one job at a time
    each, and so have the host's errands: a system that does not answer holds up no time limit, and one that is only
    to be told something holds up no case.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._stopping = threading.Event()
        self.beats: tuple[Callable[[], None], ...] = (
            partial(self._beat, f"{self._name}.own", only=jobs.own(database.ports)),
            *self._side_by_side("handler", HANDLERS, jobs.HANDLERS),
            *(self._side_by_side("errand", ERRANDS, jobs.errands(database.ports)) if database.ports.errands else ()),
        )
        self._scheduler = BackgroundScheduler(timezone="UTC")
        for beat in self.beats:
            self._scheduler.add_job(
                beat, "interval", seconds=BEAT.total_seconds(), max_instances=1, coalesce=True, misfire_grace_time=None
            )

    def _side_by_side(self, kind: str, number: int, share: ColumnElement[bool]) -> list[Callable[[], None]]:
        return [partial(self._beat, f"{self._name}.{kind}-{one}", only=share, limit=1) for one in range(number)]

    def start(self) -> None:
        """Takes over what this machine's dead workers held, and begins to beat."""
        jobs.release(self._database, self.is_dead)
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler.start()

    def _beat(self, worker: str, **share: Any) -> None:
        """Runs what is due, until nothing is or the beat has lasted long; what goes wrong waits for the next beat."""
        try:
            for _ in range(MOST_ROUNDS):
                stopping = self._stopping.is_set
                if stopping() or jobs.run_due(self._database, worker, is_stopping=stopping, **share) == 0:
                    return
        except Exception:
            log.exception("a heartbeat failed; the next one tries again")

    def is_dead(self, worker: str) -> bool:
        """Whether a lease belongs to a process of this machine that is gone, or to an earlier one with this number."""
        host, _, process = worker.rpartition(":")[0].rpartition(":")
        if host != socket.gethostname() or not process.isdigit():
            return False
        if int(process) == os.getpid():
            return not worker.startswith(f"{self._name}.")
        return not _runs(int(process))

    def stop(self) -> None:
        """Finishes the jobs in hand, gives back what is claimed besides, and beats no more."""
        self._stopping.set()
        self._scheduler.shutdown(wait=True)


def _runs(process: int) -> bool:
    """Signal 0 asks whether a process exists and does nothing to it (POSIX kill)."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
