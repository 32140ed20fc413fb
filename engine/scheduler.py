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
        """Begins to beat."""
        logging.getLogger("apscheduler").setLevel(logging.WARNING)
        self._scheduler.start()

    def beat(self) -> None:
        """Runs what is due, until nothing is or the beat has lasted long; what goes wrong waits for the next beat."""
        try:
            for _ in range(MOST_ROUNDS):
                if self._stopping.is_set() or jobs.run_due(self._database, self._worker) == 0:
                    return
        except Exception:
            log.exception("a heartbeat failed; the next one tries again")

    def stop(self) -> None:
        """Finishes the job in hand and beats no more."""
        self._stopping.set()
        self._scheduler.shutdown(wait=True)
