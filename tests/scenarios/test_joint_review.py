"""Several departments at once: simultaneous receipt, one join, shared results."""

from tests.diagrams import diagram, end, exclusive, flow, flows, multi_instance, parallel, start, straight, user_task
from tests.scenario import Scenario

DEPARTMENTS = ["market-regulation", "public-security", "taxation", "human-resources", "bank"]


def five_branches() -> bytes:
    return diagram(
        start(),
        parallel("split"),
        [user_task(name, candidateGroups=name) for name in DEPARTMENTS],
        parallel("join"),
        user_task("deliver"),
        end(),
        flow("start", "split"),
        [[flow("split", name), flow(name, "join")] for name in DEPARTMENTS],
        flows("join", "deliver", "end"),
    )


def test_acceptance_scenario_1__all_departments_have_their_task_in_the_same_moment(scenario: Scenario) -> None:
    scenario.deploy(five_branches())
    scenario.start()
    assert scenario.waits_at() == sorted(DEPARTMENTS)


def test_the_last_signature_makes_exactly_one_delivery(scenario: Scenario) -> None:
    scenario.deploy(five_branches())
    scenario.start()
    for name in DEPARTMENTS:
        assert "deliver" not in scenario.waits_at()
        scenario.complete(name)
    assert scenario.waits_at() == ["deliver"]
    scenario.complete("deliver")
    assert scenario.has_ended()
    assert not scenario.open_work()


def test_a_department_never_overwrites_what_another_found(scenario: Scenario) -> None:
    scenario.deploy(five_branches())
    scenario.start(taxation_done=False, bank_done=False)
    scenario.complete("taxation", taxation_done=True)
    scenario.complete("bank", bank_done=True)
    assert scenario.variables() == {"taxation_done": True, "bank_done": True}


def test_a_result_counts_for_the_others_the_moment_it_is_there(scenario: Scenario) -> None:
    scenario.deploy(
        diagram(
            start(),
            parallel("split"),
            user_task("land"),
            user_task("building"),
            exclusive("known", default="known-ask"),
            user_task("decide"),
            user_task("ask"),
            [end(f"end{number}") for number in range(3)],
            flows("start", "split", "land", "end0"),
            flows("split", "building", "known"),
            flow("known", "decide", "${land_number != null}"),
            flow("known", "ask"),
            flows("decide", "end1"),
            flows("ask", "end2"),
        )
    )
    scenario.start(land_number=None)
    scenario.complete("land", land_number="京(2026)不动产权第0001234号")
    scenario.complete("building")
    assert scenario.waits_at() == ["decide"]


def test_every_item_of_a_collection_has_its_own_task_and_group(scenario: Scenario) -> None:
    review = multi_instance(collection="${departments}", elementVariable="department")
    scenario.deploy(straight(user_task("review", review, candidateGroups="${department}"), user_task("after")))
    scenario.start(departments=DEPARTMENTS)
    assert scenario.waits_at() == ["review"] * 5
    for _ in DEPARTMENTS:
        scenario.complete("review")
    assert scenario.waits_at() == ["after"]


def test_enough_signatures_close_the_others(scenario: Scenario) -> None:
    vote = multi_instance(cardinality=5, until="${nrOfCompletedInstances >= 3}")
    scenario.deploy(straight(user_task("vote", vote), user_task("after")))
    scenario.start()
    for _ in range(3):
        scenario.complete("vote")
    assert scenario.waits_at() == ["after"]
    scenario.complete("after")
    assert not scenario.open_work()


def test_two_hundred_departments(scenario: Scenario) -> None:
    review = multi_instance(collection="${departments}", elementVariable="department", isSequential=False)
    scenario.deploy(straight(user_task("review", review, candidateGroups="${department}")))
    scenario.start(departments=[f"department-{number}" for number in range(200)])
    assert len(scenario.waits_at()) == 200
    scenario.complete("review", 117)
    assert len(scenario.waits_at()) == 199
