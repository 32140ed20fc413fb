"""Acceptance scenario 38, two towns, one file: of one diagram each town's tasks, calendar and limits are its own."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from casework import departments, regions
from casework.departments import NewDepartment
from casework.people import Appointment, NewPerson, enter
from casework.tables import Role
from engine import deployments, jobs
from engine.ports import ENGINE
from tests.served import Served, item, opened
from tests.world import World

YUNXI, TINGSONG = "429101", "429102"
ROLES = ("window", "market-regulation", "taxation")
STORM = {"date": "2026-03-05", "name": "暴雪停工", "isOffDay": True}
ORDER = "云溪市人民政府关于暴雪停工的通告"
SHUT = "no password opens this"


@pytest.fixture
def world() -> World:
    world = World()
    world.now = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    return world


@pytest.fixture
def office(staffed_url: str, world: World) -> Iterator[Served]:
    """One deployment for all towns; Tingsong has its own item with shorter limits, and closes early."""
    with opened(staffed_url, world) as database:
        office = Served(database, world).opens(ROLES[1:])
        with database.begin(ENGINE) as tx:
            for town, name in ((YUNXI, "云溪市"), (TINGSONG, "听松县")):
                regions.add(tx, town, name)
                furnish(tx, town)
            own = item(ROLES[1:], promised="8WD").replace(b'limit = "5WD"', b'limit = "3WD"')
            deployments.deploy(tx, {"item.toml": own}, region=TINGSONG, name="opening")
        yield office


def furnish(tx: Any, town: str) -> None:
    """A window and two departments, each with one person."""
    for role in ROLES:
        department = NewDepartment(role, role, role, code=f"{role}-{town}", region=town)
        if town == TINGSONG:
            department = replace(department, office_hours="08:30-12:00,13:30-16:30", ends_at_close=True)
        code = departments.add(tx, department).code
        of = Role.WINDOW if role == "window" else Role.OFFICER
        enter(tx, NewPerson(code, "温如玉", "科员", (Appointment(of, code),), town), SHUT)


def accepted(office: Served, town: str) -> str:
    """The number of a case that the town's window has received and accepted."""
    number = str(office.submits("applicant", region=town)["number"])
    answer = office.person(f"window-{town}").post(f"/cases/{number}/accept")
    assert answer.status_code == 200, answer.text
    return number


def share(office: Served, town: str, number: str) -> dict[str, Any]:
    """Taxation's deadline, as its inbox shows it."""
    [row] = office.person(f"taxation-{town}").json("/inbox")["rows"]
    assert row["case_number"] == number
    found: dict[str, Any] = row["deadline"]
    return found


def test_38_two_towns_one_file__each_towns_tasks_are_its_own(office: Served) -> None:
    here, there = accepted(office, YUNXI), accepted(office, TINGSONG)

    for town, number in ((YUNXI, here), (TINGSONG, there)):
        assert number.startswith(town)
        rows = office.person(f"market-regulation-{town}").json("/inbox")["rows"]
        assert [row["case_number"] for row in rows] == [number]
    assert office.person("taxation").json("/inbox")["rows"] == []


def test_38_two_towns_one_file__another_towns_window_accepts_nothing(office: Served) -> None:
    number = office.submits("applicant", region=YUNXI)["number"]

    refused = office.person(f"window-{TINGSONG}").post(f"/cases/{number}/accept")

    assert refused.status_code == 404


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("correction-notice", {}),
        ("withdraw", {"reason": "申请人来电"}),
        ("supplement", {"form": {"staff": 13}}),
        ("deferral", {"materials": ["premises"], "how": "窗口补交"}),
    ],
    ids=["correction notice", "withdrawal", "supplement", "deferral"],
)
def test_38_two_towns_one_file__a_window_acts_on_its_own_towns_cases_alone(
    office: Served, act: str, said: dict[str, Any]
) -> None:
    number = office.submits("applicant", region=YUNXI)["number"]

    refused = office.person(f"window-{TINGSONG}").post(f"/cases/{number}/{act}", said)
    own = office.person(f"window-{YUNXI}").post(f"/cases/{number}/{act}", said)

    assert (refused.status_code, refused.get_json()["detail"]) == (403, "该办件由其受理区划的综合窗口办理。")
    assert own.status_code != 403


def test_38_two_towns_one_file__a_window_that_handed_in_for_another_town_follows_up_for_its_applicant(
    office: Served,
) -> None:
    number = office.submits(f"window-{TINGSONG}", region=YUNXI)["number"]

    withdrawn = office.person(f"window-{TINGSONG}").post(f"/cases/{number}/withdraw", {"reason": "申请人来电"})

    assert (withdrawn.status_code, withdrawn.get_json()["state"]) == (200, "WITHDRAWN")


def test_38_two_towns_one_file__each_towns_limits_and_hours_are_its_own(office: Served) -> None:
    here, there = accepted(office, YUNXI), accepted(office, TINGSONG)

    mine, theirs = share(office, YUNXI, here), share(office, TINGSONG, there)

    assert (mine["limit"], mine["due_at"][:19]) == ("5WD", "2026-03-09T23:59:59")
    assert (theirs["limit"], theirs["due_at"][:19]) == ("3WD", "2026-03-05T16:29:59")


def test_38_two_towns_one_file__a_closure_of_one_town_moves_nothing_in_the_other(office: Served) -> None:
    here, there = accepted(office, YUNXI), accepted(office, TINGSONG)

    answer = office.person("admin").put(f"/calendars/{YUNXI}/2026", {"days": [STORM], "source": ORDER})
    assert answer.status_code == 200, answer.text
    while jobs.run_due(office.database, "worker"):
        pass

    assert share(office, YUNXI, here)["due_at"][:10] == "2026-03-10"
    assert share(office, TINGSONG, there)["due_at"][:10] == "2026-03-05"
    progress = f"/calendars/recomputations/{answer.get_json()['recomputation']}"
    rows = office.person("supervisor").json(f"{progress}/moved")["rows"]
    assert {row["case_number"] for row in rows} == {here}
