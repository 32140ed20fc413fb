"""What the history adds up to: reports, statistics of activities, metrics."""

from datetime import UTC, datetime

import pytest

from tests.api.engine_rest.history.past import KEY, Past
from tests.served import Served

DAY = 24 * 60 * 60 * 1000
DURATIONS = "/history/process-instance/report?reportType=duration&periodUnit="


@pytest.fixture
def years(past: Past) -> Past:
    """Two instances begun in March, which took a day and three, and one begun in July, which took two."""
    for begin, days in ((datetime(2026, 3, 2, tzinfo=UTC), 1), (datetime(2026, 3, 31, 15, 59, tzinfo=UTC), 3)):
        takes(past, begin, days)
    takes(past, datetime(2026, 7, 1, tzinfo=UTC), 2)
    return past


def takes(past: Past, begin: datetime, days: int) -> None:
    past.served.world.now = begin
    instance_id = past.starts()
    past.served.world.days_pass(days)
    past.completes(instance_id)
    past.completes(instance_id)


def test_how_long_instances_took_is_reported_by_the_month_they_began_in(years: Past) -> None:
    years.starts("still open")

    assert years.read(f"{DURATIONS}month") == [
        {"period": 3, "periodUnit": "MONTH", "minimum": DAY, "maximum": 3 * DAY, "average": 2 * DAY},
        {"period": 7, "periodUnit": "MONTH", "minimum": 2 * DAY, "maximum": 2 * DAY, "average": 2 * DAY},
    ]


def test_a_quarter_has_three_months(years: Past) -> None:
    rows = years.read(f"{DURATIONS}quarter&processDefinitionKeyIn={KEY},other")

    assert [(row["period"], row["average"]) for row in rows] == [(1, 2 * DAY), (3, 2 * DAY)]
    assert years.read(f"{DURATIONS}quarter&processDefinitionKeyIn=other") == []


def test_a_report_is_a_table_too(years: Past) -> None:
    answer = years.admin.get(f"/engine-rest{DURATIONS}quarter", Accept="application/csv")

    assert answer.mimetype == "application/csv"
    assert answer.text.splitlines() == [
        "PERIOD,PERIOD_UNIT,MINIMUM,MAXIMUM,AVERAGE",
        f"1,QUARTER,{DAY},{3 * DAY},{2 * DAY}",
        f"3,QUARTER,{2 * DAY},{2 * DAY},{2 * DAY}",
    ]


@pytest.mark.parametrize(
    "query",
    [
        "process-instance/report?periodUnit=month",
        "process-instance/report?reportType=duration",
        "process-instance/report?reportType=count&periodUnit=month",
        "process-instance/report?reportType=duration&periodUnit=year",
        "task/report",
        "task/report?reportType=count&groupBy=assignee",
        "process-instance?startedAfter=yesterday",
        "process-instance?sortBy=colour&sortOrder=asc",
        "process-instance?sortBy=startTime",
        "process-instance?sortOrder=asc",
        "activity-instance?activityName=x",
        "activity-instance?activityType=boundaryTimer",
        "task?taskDueDate=2026-02-30T00:00:00.000%2B0800",
    ],
)
def test_a_question_that_is_none_is_refused_in_camundas_words(past: Past, query: str) -> None:
    answer = past.admin.get(f"/engine-rest/history/{query}")

    assert (answer.status_code, answer.get_json()["type"]) == (400, "InvalidRequestException")


def test_who_did_a_task_reads_how_many_were_done(years: Past) -> None:
    window = years.served.person("window")

    by_name = years.read("/history/task/report?reportType=count&groupBy=taskName", window)
    by_process = years.read("/history/task/report?reportType=count", window)

    assert sorted((row["taskName"], row["count"]) for row in by_name) == [("归档", 3), ("核对", 3)]
    assert [(row["processDefinitionKey"], row["taskName"], row["count"]) for row in by_process] == [(KEY, None, 6)]
    assert years.read("/history/task/report?reportType=count", years.served.person("bank")) == []
    lasted = years.read("/history/task/report?reportType=duration&periodUnit=quarter", window)
    assert [(row["period"], row["maximum"]) for row in lasted] == [(1, 3 * DAY), (2, 0), (3, 2 * DAY)]


def test_how_activities_were_visited_is_counted(years: Past) -> None:
    definition = years.read(f"/process-definition/key/{KEY}")["id"]
    years.starts()
    years.admin("DELETE", f"/engine-rest/process-instance/{years.starts()}")
    address = f"/history/process-definition/{definition}/statistics"

    rows = {row.pop("id"): row for row in years.read(f"{address}?canceled=true&finished=true&completeScope=true")}

    assert {
        id: (row["instances"], row["finished"], row["canceled"], row["completeScope"]) for id, row in rows.items()
    } == {
        "start": (0, 5, 0, 0),
        "check": (1, 3, 1, 0),
        "file": (0, 3, 0, 0),
        "end": (0, 3, 0, 3),
    }
    assert [row["id"] for row in years.read(address)] == ["check"]
    assert years.admin.get("/engine-rest/history/process-definition/none/statistics").status_code == 404


def test_metrics_count_what_the_engine_did(years: Past) -> None:
    def total(name: str, condition: str = "") -> int:
        return int(years.read(f"/metrics/{name}/sum?{condition}")["result"])

    assert total("root-process-instance-start") == total("process-instances") == 3
    assert total("activity-instance-start") == total("activity-instance-end") == 12
    assert total("unique-task-workers") == 1
    assert total("job-failed") == 0
    assert total("process-instances", "startDate=2026-07-01T00:00:00.000%2B0800") == 1
    assert total("process-instances", "endDate=2026-07-01T00:00:00.000%2B0800") == 2


def test_metrics_are_listed_by_intervals_the_latest_first(years: Past) -> None:
    rows = years.read("/metrics?name=process-instances&interval=86400")

    assert [(row["name"], row["value"]) for row in rows] == [("process-instances", 1)] * 3
    assert [row["timestamp"][:10] for row in rows] == ["2026-07-01", "2026-03-31", "2026-03-02"]


def test_what_is_not_counted_is_not_answered_with_nothing(served: Served) -> None:
    answer = served.person("admin").get("/engine-rest/metrics/job-successful/sum")

    assert (answer.status_code, "job-failed" in answer.get_json()["message"]) == (404, True)


@pytest.mark.parametrize(
    "name", ["activity-instance-start", "activity-instance-end", "root-process-instance-start", "unique-task-workers"]
)
def test_metrics_count_nothing_of_a_confidential_case_for_those_outside_it(served: Served, name: str) -> None:
    served.opens()
    admin = served.person("admin")
    before = admin.json(f"/engine-rest/metrics/{name}/sum"), admin.json(f"/engine-rest/metrics?name={name}")

    number = served.submits("window", confidential=True)["number"]
    served.person("window").does(number, "accept")

    after = admin.json(f"/engine-rest/metrics/{name}/sum"), admin.json(f"/engine-rest/metrics?name={name}")
    assert after == before
