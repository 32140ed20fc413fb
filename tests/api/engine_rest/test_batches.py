"""A batch (Camunda 7.24) is ordered at once and carried out part by part, as the person who ordered it."""

import pytest

from casework import people
from casework.people import Appointment, NewPerson
from casework.tables import Role
from engine import jobs
from engine.batches import MOST_PARTS
from engine.ports import ENGINE
from tests.api.engine_rest.ordering import Ordering
from tests.diagrams import straight, user_task
from tests.served import Served
from tests.statements import statements

CHAIN = straight(user_task("a"), user_task("b"))
BATCH = (
    "id type totalJobs jobsCreated batchJobsPerSeed invocationsPerBatchJob seedJobDefinitionId monitorJobDefinitionId "
    "batchJobDefinitionId suspended tenantId createUserId startTime executionStartTime"
)
HISTORIC = sorted({*BATCH.split(), "endTime", "removalTime"} - {"jobsCreated", "suspended"})


@pytest.fixture
def ordering(served: Served) -> Ordering:
    found = Ordering(served)
    found.deploy(CHAIN)
    return found


def ends(ordering: Ordering, *instance_ids: str) -> str:
    """A batch that ends these instances."""
    return ordering.orders("/process-instance/delete", {"processInstanceIds": list(instance_ids)})


def test_parts_are_done_one_by_one_and_then_the_batch_is_history(ordering: Ordering) -> None:
    running = [ordering.start() for _ in range(3)]
    batch = ends(ordering, *running)
    assert all(ordering.runs(one) for one in running)
    assert ordering.progress(batch) == (3, 0, 0)

    ordering.works(parts=1)
    assert [ordering.runs(one) for one in running] == [False, True, True]
    assert ordering.progress(batch) == (2, 1, 0)
    assert not ordering.has_ended(batch)

    ordering.works()
    assert not any(ordering.runs(one) for one in running)
    assert ordering.has_ended(batch)
    assert ordering.reads("/batch") == []
    ordering.does("GET", f"/batch/{batch}", status=404)


def test_lists_of_batches_read_nothing_of_what_the_parts_are_told(ordering: Ordering) -> None:
    batch = ends(ordering, ordering.start())
    with statements(ordering.served.database.engine) as sent:
        for address in ("/batch", "/batch/statistics", "/history/batch", f"/batch/{batch}"):
            ordering.reads(address)
    assert any("FROM batch" in one for one in sent)
    assert not any("batch.said" in one for one in sent)


def test_a_batch_is_shown_with_every_key(ordering: Ordering) -> None:
    batch = ends(ordering, ordering.start(), ordering.start())
    shown = ordering.reads(f"/batch/{batch}")
    assert sorted(shown) == sorted(BATCH.split())
    assert (shown["type"], shown["totalJobs"], shown["createUserId"]) == ("instance-deletion", 2, "admin")
    assert shown["executionStartTime"] is None
    [counted] = ordering.reads("/batch/statistics?type=instance-deletion&createdBy=admin&withoutFailures=true")
    assert sorted(counted) == sorted([*BATCH.split(), "remainingJobs", "completedJobs", "failedJobs"])
    assert sorted(ordering.reads(f"/history/batch/{batch}")) == HISTORIC
    for none in ("/batch?type=set-variables", "/batch?suspended=true", "/batch/statistics?withFailures=true"):
        assert ordering.reads(none) == [], none
    assert ordering.reads("/batch/count?suspended=false") == ordering.reads("/history/batch/count") == {"count": 1}
    parts = ordering.reads(f"/job?batchId={batch}")
    assert [part["batchId"] for part in parts] == [batch, batch]


def test_what_the_diagrams_have_due_goes_before_a_batch(ordering: Ordering) -> None:
    ordering.deploy(straight(user_task("after", asyncBefore=True), key="asynchronous"))
    batch = ends(ordering, ordering.start())
    started = ordering.start("asynchronous")
    ordering.works(parts=1)
    assert ordering.at(started) == ["after"]
    assert ordering.progress(batch) == (1, 0, 0)


def test_a_suspended_batch_stands_still_until_it_is_activated(ordering: Ordering) -> None:
    batch = ends(ordering, ordering.start(), ordering.start())
    ordering.works(parts=1)
    ordering.does("PUT", f"/batch/{batch}/suspended", {"suspended": True})
    assert ordering.works() == 0
    assert [one["id"] for one in ordering.reads("/batch?suspended=true")] == [batch]
    ordering.does("PUT", f"/batch/{batch}/suspended", {"suspended": False})
    ordering.works()
    assert ordering.has_ended(batch)


def test_what_is_not_done_when_a_batch_is_ended_stays_undone(ordering: Ordering) -> None:
    first, second = ordering.start(), ordering.start()
    batch = ends(ordering, first, second)
    ordering.works(parts=1)
    ordering.does("DELETE", f"/batch/{batch}")
    assert ordering.works() == 0
    assert ordering.runs(second)
    assert ordering.has_ended(batch)
    ordering.does("DELETE", f"/batch/{batch}", status=404)
    ordering.does("DELETE", f"/history/batch/{batch}")
    ordering.does("GET", f"/history/batch/{batch}", status=404)


def test_nothing_is_kept_of_a_batch_that_is_ended_with_its_history(ordering: Ordering) -> None:
    batch = ends(ordering, ordering.start())
    ordering.does("DELETE", f"/history/batch/{batch}", status=409)
    ordering.does("DELETE", f"/batch/{batch}?cascade=true")
    ordering.does("GET", f"/history/batch/{batch}", status=404)
    assert ordering.reads("/job") == []


def test_a_part_that_fails_is_tried_again_and_then_waits_for_a_person(ordering: Ordering) -> None:
    ended, runs = ordering.start(), ordering.start()
    said = {"processInstanceIds": [ended, runs], "variables": {"size": {"value": 1}}}
    batch = ordering.orders("/process-instance/variables-async", said)
    ordering.does("DELETE", f"/process-instance/{ended}")
    ordering.gives_up()
    assert ordering.progress(batch) == (1, 1, 1)
    assert ordering.reads("/batch/statistics/count?withFailures=true") == {"count": 1}
    assert ordering.reads("/batch/statistics/count?withoutFailures=true") == {"count": 0}
    assert ordering.reads(f"/process-instance/{runs}/variables/size")["value"] == 1
    [part] = ordering.reads(f"/job?batchId={batch}&noRetriesLeft=true")
    [incident] = ordering.reads("/incident")
    assert incident["configuration"] == part["id"]
    ordering.does("PUT", f"/job/{part['id']}/retries", {"retries": 1})
    assert ordering.progress(batch) == (1, 1, 0)
    ordering.does("DELETE", f"/batch/{batch}")
    assert ordering.reads("/incident") == []


def test_after_a_crash_the_rest_is_done_and_nothing_twice(ordering: Ordering) -> None:
    running = [ordering.start() for _ in range(3)]
    said = {"processInstanceIds": running, "messageName": "nobody-waits", "variables": {}}
    batch = ordering.orders("/process-instance/message-async", said)
    with ordering.served.database.begin(ENGINE) as tx:
        held = jobs.claim(tx, "host:1:x", 2)
    jobs.run(ordering.served.database, held[0])
    assert ordering.works() == 1
    assert ordering.progress(batch) == (1, 2, 0)

    jobs.release(ordering.served.database, lambda worker: worker == "host:1:x")
    assert ordering.works() == 1
    assert ordering.has_ended(batch)


def test_parts_are_done_as_who_ordered_them(ordering: Ordering) -> None:
    instance = ordering.start()
    ends(ordering, instance)
    ordering.works()
    acts = ordering.reads(f"/history/user-operation?processInstanceId={instance}&operationType=Delete")
    assert [act["userId"] for act in acts] == ["admin"]


def test_whoever_may_no_longer_do_it_does_nothing_by_an_earlier_order(ordering: Ordering) -> None:
    chief = NewPerson("chief", "主管", "主管", (Appointment(Role.ADMIN),))
    with ordering.served.database.begin(ENGINE) as tx:
        people.add(tx, chief, "Long-enough-1234")
    instance = ordering.start()
    batch = ordering.orders("/process-instance/delete", {"processInstanceIds": [instance]}, by="chief")

    with ordering.served.database.begin(ENGINE) as tx:
        people.move(tx, "chief", (Appointment(Role.DESIGNER),))
    ordering.works()
    [part] = ordering.reads(f"/job?batchId={batch}")
    assert "系统管理员" in part["exceptionMessage"]

    with ordering.served.database.begin(ENGINE) as tx:
        people.disable(tx, "chief")
    ordering.served.world.days_pass(1)
    ordering.works()
    [part] = ordering.reads(f"/job?batchId={batch}")
    assert "停用" in part["exceptionMessage"]
    assert ordering.runs(instance)


def test_administrators_alone_order_and_change_batches(ordering: Ordering) -> None:
    instance = ordering.start()
    batch = ends(ordering, instance)
    for login in ("designer", "supervisor", "payments", "window", "applicant"):
        ordering.does("POST", "/process-instance/delete", {"processInstanceIds": [instance]}, by=login, status=403)
        ordering.does("PUT", f"/batch/{batch}/suspended", {"suspended": True}, by=login, status=403)
        ordering.does("DELETE", f"/batch/{batch}", by=login, status=403)
    assert ordering.progress(batch) == (1, 0, 0)


def test_an_order_for_nothing_or_too_much_is_a_bad_request(ordering: Ordering) -> None:
    for said in (None, [], ["x"] * (MOST_PARTS + 1), 7):
        ordering.does("POST", "/process-instance/delete", {"processInstanceIds": said}, status=400)
    assert ordering.reads("/history/batch") == []
