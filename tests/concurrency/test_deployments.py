"""Two designers deploy in the same moment, or somebody starts what is being deployed."""

import pytest
from sqlalchemy import select

from engine import deployments, jobs
from engine.ports import ENGINE
from engine.tables import FormDefinition, Job, ProcessDefinition, Subscription
from tests.choreography import DONE, Act, command, held_before_commit, race
from tests.diagrams import diagram, end, flows, message, start, straight, timer, user_task
from tests.scenario import REGION, Scenario

FIRST, SECOND = straight(user_task("review")), straight(user_task("review"), user_task("check"))


def deploys(scenario: Scenario, name: str | None = None, **files: bytes) -> Act:
    named = {path.replace("_", "."): content for path, content in files.items()}
    return command(scenario.database, lambda tx: deployments.deploy(tx, named, region=REGION, name=name))


def versions(scenario: Scenario) -> list[int]:
    with scenario.database.view(ENGINE) as tx:
        return list(tx.session.scalars(select(ProcessDefinition.version).order_by(ProcessDefinition.version)))


def test_two_deployments_of_one_key_are_versions_one_after_the_other(scenario: Scenario) -> None:
    first, second = deploys(scenario, a_bpmn=FIRST), deploys(scenario, a_bpmn=SECOND)

    assert race(scenario.database, first, second) == (DONE, DONE)

    assert versions(scenario) == [1, 2]
    assert scenario.start().waits_at() == ["review"]
    scenario.complete("review")
    assert scenario.waits_at() == ["check"]


def test_one_file_deployed_twice_in_the_same_moment_is_one_version(scenario: Scenario) -> None:
    assert race(scenario.database, deploys(scenario, a_bpmn=FIRST), deploys(scenario, a_bpmn=FIRST)) == (DONE, DONE)

    assert versions(scenario) == [1]


def test_two_deployments_of_one_form_are_versions_one_after_the_other(scenario: Scenario) -> None:
    first, second = deploys(scenario, a_form=b'{"id":"a"}'), deploys(scenario, a_form=b'{"id":"a","n":2}')

    assert race(scenario.database, first, second) == (DONE, DONE)

    with scenario.database.view(ENGINE) as tx:
        assert sorted(tx.session.scalars(select(FormDefinition.version))) == [1, 2]


BY_MESSAGE = diagram(start("start", message("filed")), user_task("review"), end(), flows("start", "review", "end"))
BY_TIMER = diagram(start("start", timer(cycle="R/P1D")), user_task("review"), end(), flows("start", "review", "end"))


@pytest.mark.parametrize(("starting", "kind"), [(BY_MESSAGE, Subscription), (BY_TIMER, Job)])
def test_of_two_versions_deployed_in_the_same_moment_only_the_newest_waits_for_its_start(
    scenario: Scenario, starting: bytes, kind: type[Subscription] | type[Job]
) -> None:
    changed = starting.replace(b"review", b"examine")

    race(scenario.database, deploys(scenario, a_bpmn=starting), deploys(scenario, a_bpmn=changed))

    with scenario.database.view(ENGINE) as tx:
        assert len(tx.session.scalars(select(kind)).all()) == 1


def test_whoever_starts_before_a_new_version_is_committed_runs_the_old_one(scenario: Scenario) -> None:
    scenario.deploy(FIRST)

    race(scenario.database, scenario.start, deploys(scenario, a_bpmn=SECOND))

    assert versions(scenario) == [1, 2]
    assert runs_without_check(scenario)


def test_whoever_starts_while_a_deployment_is_held_back_does_not_wait_for_it(postgresql: Scenario) -> None:
    postgresql.deploy(FIRST)

    with held_before_commit(postgresql.database, deploys(postgresql, a_bpmn=SECOND)):
        postgresql.start()

    assert versions(postgresql) == [1, 2]
    assert runs_without_check(postgresql)


def runs_without_check(scenario: Scenario) -> bool:
    scenario.complete("review")
    return scenario.has_ended()


def test_a_timer_that_starts_a_process_fires_once_although_a_new_version_is_being_deployed(scenario: Scenario) -> None:
    scenario.deploy(BY_TIMER.replace(b"R/P1D", b"R1/P1D"))
    scenario.world.days_pass(1)
    with scenario.database.begin(ENGINE) as tx:
        [lease] = jobs.claim(tx, "worker", 1)
    changed = deploys(scenario, a_bpmn=BY_TIMER.replace(b"review", b"examine"))

    assert race(scenario.database, lambda: jobs.run(scenario.database, lease), changed) == (DONE, DONE)

    assert scenario.open_work()["instance"] == 1
    with scenario.database.view(ENGINE) as tx:
        [job] = tx.session.scalars(select(Job)).all()
        assert job.due_at is not None
        assert job.due_at > scenario.world.now
