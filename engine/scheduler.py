"""The heartbeat: APScheduler calls `jobs.run_due` every second and knows nothing else."""

import logging
import os
import socket
import threading
from datetime import timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from engine import jobs
from engine.transaction import Database

BEAT = timedelta(seconds=1)
MOST_ROUNDS = 200
log = logging.getLogger(__name__)


class Heartbeat:
    """Runs due jobs in the background until stopped; beats never overlap, and a missed beat is no loss."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._worker = f"{socket.gethostname()}:{os.getpid()}"
        self._stopping = threading.Event()
        self._scheduler = BackgroundScheduler(timezone="UTC")
        self._scheduler.add_job(
            self.beat, "interval", seconds=BEAT.total_seconds(), max_instances=1, coalesce=True, misfire_grace_time=None
        )

    def start(self) -> None:
        """Takes over what this machine's dead workers held, and begins to beat."""
        jobs.release(self._database, self._is_dead)
        logging.getLogger("apscheduler").setLevel(logging.WARNING)
        self._scheduler.start()

    def beat(self) -> None:
        """Runs what is due, until nothing is or the beat has lasted long; what goes wrong waits for the next beat."""
        try:
            for _ in range(MOST_ROUNDS):
                if self._stopping.is_set() or self._run_due() == 0:
                    return
        except Exception:
            log.exception("a heartbeat failed; the next one tries again")

    def _run_due(self) -> int:
        return jobs.run_due(self._database, self._worker, is_stopping=self._stopping.is_set)

    def _is_dead(self, worker: str) -> bool:
        """Whether a lease belongs to a process of this machine that is gone, or to an earlier one with this name."""
        host, _, process = worker.rpartition(":")
        if host != socket.gethostname() or not process.isdigit():
            return False
        return worker == self._worker or not _runs(int(process))

    def stop(self) -> None:
        """Finishes the job in hand, gives back what it has claimed besides, and beats no more."""
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
