"""Due work in a worker's hands, as the tests of races need it."""

from datetime import UTC, datetime

from sqlalchemy import select, update

from engine import jobs
from engine.jobs import Lease
from engine.ports import ENGINE
from engine.tables import Job
from tests.choreography import Act
from tests.scenario import Scenario


def claimed(scenario: Scenario, worker: str = "one") -> Lease:
    """The one due job, claimed by a worker."""
    with scenario.database.begin(ENGINE) as tx:
        [lease] = jobs.claim(tx, worker, limit=1)
    return lease


def leases_run_out(scenario: Scenario) -> None:
    """More than a lease's time has passed. PostgreSQL's own clock says so, which no test sets: the rows are moved."""
    with scenario.database.begin(ENGINE) as tx:
        held = update(Job).where(Job.locked_until.is_not(None))
        tx.session.execute(held.values(locked_until=datetime(2000, 1, 1, tzinfo=UTC)))


def fires(scenario: Scenario) -> Act:
    """The run of the one due job, claimed now."""
    lease = claimed(scenario)
    return lambda: jobs.run(scenario.database, lease)


def only_job(scenario: Scenario) -> Job:
    """The one job there is."""
    with scenario.database.view(ENGINE) as tx:
        return tx.session.scalars(select(Job)).one()
