"""Acceptance scenario 1, simultaneous receipt: every department's inbox shows its task at once, or none does."""

from casework.departments import DEFAULT_REGION
from casework.tables import Department
from engine.ports import ENGINE
from tests.acceptance.registration import ALL_SEVEN, Registration, edited
from tests.choreography import held_before_commit


def tasks_by_department(office: Registration, number: str) -> dict[str, list[str]]:
    return {login: [row["name"] for row in office.inbox(login, number)] for login in ALL_SEVEN}


NOBODY_HAS_A_TASK: dict[str, list[str]] = {login: [] for login in ALL_SEVEN}
EVERYBODY_HAS_A_TASK = {
    "market-regulation": ["登记审核"],
    "public-security": ["印章刻制备案"],
    "taxation": ["税务信息确认"],
    "human-resources": ["社会保险登记"],
    "medical-insurance": ["医疗保险登记"],
    "housing-fund": ["住房公积金开户"],
    "bank": ["银行预约开户"],
}


def test_01_simultaneous_receipt__every_inbox_shows_its_task_since_the_instant_of_acceptance(
    office: Registration,
) -> None:
    number = office.is_accepted()

    assert tasks_by_department(office, number) == EVERYBODY_HAS_A_TASK
    since = {row["created_at"] for login in ALL_SEVEN for row in office.inbox(login, number)}
    assert since == {office.case(number)["accepted_at"]} == {"2026-03-02T09:00:00.000+08:00"}


def test_01_simultaneous_receipt__only_the_ticked_departments_receive(office: Registration) -> None:
    number = office.is_accepted(departments=["taxation", "bank"])

    received = {login for login, names in tasks_by_department(office, number).items() if names}
    assert received == {"market-regulation", "taxation", "bank"}


def test_01_simultaneous_receipt__no_department_sees_anything_before_all_do(office: Registration) -> None:
    """Acceptance has done all its work and is about to commit; the departments look meanwhile."""
    number = office.is_received()
    window, before = office.person("window"), tasks_by_department(office, number)

    with held_before_commit(office.database, lambda: window.post(f"/cases/{number}/accept")):
        meanwhile = tasks_by_department(office, number)

    assert before == meanwhile == NOBODY_HAS_A_TASK
    assert tasks_by_department(office, number) == EVERYBODY_HAS_A_TASK


def test_01_simultaneous_receipt__one_department_missing_and_none_receives(office: Registration) -> None:
    """The housing fund centre is another division's: the sixth of seven tasks could reach nobody."""
    belongs_to(office, "housing-fund", "429000")
    number = office.is_received()

    refused = office.person("window").post(f"/cases/{number}/accept")

    assert refused.status_code == 409
    assert [fault["element_id"] for fault in refused.get_json()["errors"]] == ["housing_fund"]
    assert_stands_at_acceptance(office, number)

    belongs_to(office, "housing-fund", DEFAULT_REGION)
    assert office.person("window").post(f"/cases/{number}/accept").status_code == 200
    assert tasks_by_department(office, number) == EVERYBODY_HAS_A_TASK


def belongs_to(office: Registration, code: str, region: str) -> None:
    with office.database.begin(ENGINE) as tx:
        department = tx.session.get_one(Department, code)
        department.region = region
        department.revision += 1


def test_01_simultaneous_receipt__a_clock_that_cannot_start_and_none_receives(office: Registration) -> None:
    """All seven tasks are written when the clocks find that the item has no such limit for the bank's step."""
    last_property = '<camunda:property name="outcome" value="bank_outcome" />'
    limit = '<camunda:property name="limit" value="bank-answer" />'
    drawn = edited("enterprise-registration.bpmn", {last_property: last_property + limit})
    assert office.publishes({"enterprise-registration.bpmn": drawn}).status_code == 201
    number = office.is_received()

    refused = office.person("window").post(f"/cases/{number}/accept")

    assert refused.status_code == 422
    assert "bank-answer" in refused.text
    assert_stands_at_acceptance(office, number)


def assert_stands_at_acceptance(office: Registration, number: str) -> None:
    """As if the window had not tried: no task, no clock, no line in the course of the case."""
    case = office.case(number)
    assert tasks_by_department(office, number) == NOBODY_HAS_A_TASK
    assert [row["name"] for row in office.inbox("window", number)] == ["受理"]
    assert [clock["kind"] for clock in case["deadlines"]] == ["RECEIPT"]
    assert [entry["kind"] for entry in case["timeline"]] == [
        "case.started",
        "clock.started",
        "slip.issued",
        "slip.served",
        "task.created",
    ]
    assert (case["state"], case["accepted_at"]) == ("RECEIVED", None)
