"""Bringing in a calendar: what is refused with its article, what is stored, and what may be asked of it."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from casework.tables import Region
from engine.ports import ENGINE
from tests import notice_of_2027
from tests.notice_of_2027 import days, file, without
from tests.served import Served
from tests.world import World

CITY = "429101"
YEAR = "/calendars/000000/2027"
TYPHOON = {"date": "2026-09-08", "name": "台风停工", "isOffDay": False}
STOPPED = TYPHOON | {"isOffDay": True}
ORDER = "云溪市人民政府关于防御台风停工的通告"


@pytest.fixture
def served(served: Served) -> Served:
    with served.database.begin(ENGINE) as tx:
        tx.add(Region(code=CITY, name="云溪市"))
    return served


def brought_in(served: Served, body: Any, path: str = YEAR, login: str = "admin") -> TestResponse:
    return served.person(login, language="en").put(path, body)


def day(on: str, is_off: Any = True, name: Any = "元旦") -> dict[str, Any]:
    return {"date": on, "name": name, "isOffDay": is_off}


HOLIDAY = "is a statutory holiday and has to be listed as off (Regulation on Public Holidays"
BAD: dict[str, tuple[Any, str, str]] = {
    "a day twice": ([*days(), day("2027-01-01")], "days[31].date", "2027-01-01 is there 2 times"),
    "a day of another year": ([*days(), day("2028-01-01")], "days[31].date", "2028-01-01 is no day of 2027"),
    "a day before late December": ([*days(), day("2026-12-24")], "days[31].date", "2026-12-24 is no day of 2027"),
    "New Year missing": (
        without("2027-01-01"),
        "days",
        f"2027-01-01 (元旦) {HOLIDAY} (全国年节及纪念日放假办法) art. 2)",
    ),
    "New Year's Eve of the moon missing": (without("2027-02-05"), "days", f"2027-02-05 (农历除夕) {HOLIDAY}"),
    "Qingming missing": (without("2027-04-05"), "days", f"2027-04-05 (清明节) {HOLIDAY}"),
    "2 May missing": (without("2027-05-02"), "days", f"2027-05-02 (劳动节) {HOLIDAY}"),
    "Dragon Boat missing": (without("2027-06-09"), "days", f"2027-06-09 (端午节) {HOLIDAY}"),
    "Mid-Autumn missing": (without("2027-09-15"), "days", f"2027-09-15 (中秋节) {HOLIDAY}"),
    "3 October missing": (without("2027-10-03"), "days", f"2027-10-03 (国庆节) {HOLIDAY}"),
    "a holiday worked": (
        [*without("2027-10-01"), day("2027-10-01", is_off=False)],
        "days",
        f"2027-10-01 (国庆节) {HOLIDAY}",
    ),
    "a Tuesday worked in exchange": (
        [*days(), day("2027-03-02", is_off=False)],
        "days[31].date",
        "only a weekend day can be worked in exchange",
    ),
    "another year in the file": (file(year=2026), "year", "The file says 2026, the address 2027"),
    "another division in the file": (file(region=CITY), "region", "The file says 429101, the address 000000"),
    "a text for true": ([*days(), day("2027-03-06", is_off="true")], "days[31].isOffDay", "Not a valid boolean"),
    "a number for true": ([*days(), day("2027-03-06", is_off=1)], "days[31].isOffDay", "Not a valid boolean"),
    "a day that there is not": ([*days(), day("2027-02-30")], "days[31].date", "Not a valid date"),
    "no name": ([*days(), day("2027-03-06", name="")], "days[31].name", "Length must be between 1 and 60"),
    "a number for a name": ([*days(), day("2027-03-06", name=7)], "days[31].name", "Not a valid string"),
    "no list": ({"year": 2027}, "days", "Missing data"),
    "too long a list": (days() * 20, "days", "Longer than maximum length 400"),
    "a word nobody knows": (file(holidays=[]), "holidays", "Unknown field"),
}


def test_every_wrong_list_is_refused_with_its_place_and_its_rule(served: Served) -> None:
    answers = {what: brought_in(served, body) for what, (body, _, _) in BAD.items()}

    assert {what: answer.status_code for what, answer in answers.items()} == dict.fromkeys(BAD, 422)
    for what, (_, path, said) in BAD.items():
        faults = answers[what].get_json()["errors"]
        assert [one for one in faults if place(one) == path and said in one["detail"]], (what, faults)


def place(fault: dict[str, Any]) -> str | None:
    found: str | None = fault.get("path") or fault.get("element_id")
    return found


def test_all_faults_of_a_list_are_told_at_once(served: Served) -> None:
    wrong = [*without("2027-01-01", "2027-04-05"), day("2028-01-01"), day("2027-03-02", is_off=False)]

    faults = brought_in(served, wrong).get_json()["errors"]

    assert [place(fault) for fault in faults] == ["days[29].date", "days[30].date", "days", "days"]


def test_a_refused_list_changes_nothing(served: Served) -> None:
    before = served.person("admin").json("/calendars/000000/2026")

    assert brought_in(served, [*days(), day("2027-01-01")]).status_code == 422

    assert served.person("admin").json(YEAR)["days"] == []
    assert served.person("admin").json("/calendars/000000/2026") == before
    assert served.person("admin").json("/calendars/recomputations")["rows"] == []


@pytest.mark.parametrize("year", [2028, 99_999, 0])
def test_a_year_too_far_is_refused_with_the_reason(served: Served, world: World, year: int) -> None:
    answer = brought_in(served, [], f"/calendars/000000/{year}")

    assert world.now.year == 2026
    assert answer.status_code == 422
    told = {place(fault): fault["detail"] for fault in answer.get_json()["errors"]}
    assert "Calendars from 2000 to 2027 can be imported" in told["year"]


def test_a_year_that_no_calendar_has_is_not_there(served: Served) -> None:
    for year in (0, 99_999, 10**20):
        assert served.person("window").get(f"/calendars/000000/{year}").status_code == 404


def test_a_giant_file_is_not_read(served: Served) -> None:
    assert brought_in(served, file(source="节" * 200_000)).status_code == 413


def test_only_administrators_bring_calendars_in(served: Served) -> None:
    for login in ("applicant", "window", "lead", "supervisor", "designer"):
        assert brought_in(served, days(), login=login).status_code == 403
    assert served.anybody.put(YEAR, days()).status_code == 401
    assert served.person("applicant").json(YEAR)["published"] is False


def test_a_year_reads_back_as_the_file_it_came_in_and_may_come_in_again(served: Served) -> None:
    assert brought_in(served, file(papers=["http://www.gov.cn/zhengce/2027.htm"])).status_code == 200

    shown = served.person("bank").json(YEAR)

    assert shown["days"] == days()
    assert (shown["region"], shown["year"], shown["published"]) == ("000000", 2027, True)
    assert (shown["source"], shown["document"]) == (notice_of_2027.SOURCE, notice_of_2027.NUMBER)
    assert brought_in(served, shown).status_code == 200


def test_a_year_that_somebody_changed_meanwhile_is_not_overwritten(served: Served) -> None:
    admin = served.person("admin")
    seen = admin.get(YEAR).headers["ETag"]
    assert admin("PUT", YEAR, days(), **{"If-Match": seen}).status_code == 200

    assert admin("PUT", YEAR, days(), **{"If-Match": seen}).status_code == 412
    assert admin("PUT", YEAR, days(), **{"If-Match": admin.get(YEAR).headers["ETag"]}).status_code == 200


def test_late_december_stands_in_the_next_years_file_and_survives_its_own_years(served: Served) -> None:
    assert brought_in(served, days()).status_code == 200
    this_year = served.person("admin").json("/calendars/000000/2026")

    assert brought_in(served, this_year, "/calendars/000000/2026").status_code == 200

    sunday = served.anybody.json("/calendars/000000/deadline?start=2026-12-25&limit=1WD")
    assert (sunday["due"][:10], sunday["provisional"]) == ("2026-12-27", False)
    assert "2026-12-27" not in [one["date"] for one in this_year["days"]]


def test_a_typhoon_closes_one_division_and_no_other(served: Served) -> None:
    closure = {"days": [STOPPED], "source": ORDER}

    assert brought_in(served, closure, f"/calendars/{CITY}/2026").status_code == 200

    def due(region: str) -> str:
        return str(served.anybody.json(f"/calendars/{region}/deadline?start=2026-09-07&limit=1WD")["due"][:10])

    assert (due(CITY), due("000000")) == ("2026-09-09", "2026-09-08")
    assert served.person("admin").json(f"/calendars/{CITY}/2026")["published"] is True


def test_a_closure_says_who_ordered_it(served: Served) -> None:
    answer = brought_in(served, [STOPPED], f"/calendars/{CITY}/2026")

    assert [place(fault) for fault in answer.get_json()["errors"]] == ["source"]


def test_a_division_may_work_on_what_the_country_has_off(served: Served) -> None:
    works = {"days": [day("2026-10-05", is_off=False, name="抢险值班")], "source": ORDER}
    no_exchange = {"days": [TYPHOON], "source": ORDER}

    assert brought_in(served, works, f"/calendars/{CITY}/2026").status_code == 200
    assert brought_in(served, no_exchange, f"/calendars/{CITY}/2026").status_code == 422


def test_a_division_that_there_is_not_has_no_calendar(served: Served) -> None:
    assert served.person("admin").get("/calendars/999999/2026").status_code == 404
    answer = brought_in(served, {"days": [], "source": ORDER}, "/calendars/999999/2026")
    assert [place(fault) for fault in answer.get_json()["errors"]] == ["region"]


def test_every_year_that_the_libraries_know_would_pass(served: Served) -> None:
    for year in range(2008, 2027):
        shown = served.person("admin").json(f"/calendars/000000/{year}")
        answer = brought_in(served, shown, f"/calendars/000000/{year}?dry_run=true")
        assert answer.status_code == 200, answer.text
        assert answer.get_json()["clocks"] == 0
