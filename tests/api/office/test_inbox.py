"""The inbox: every task a department may work on, with its remaining time and its light, soonest due first."""

from collections import Counter

import pytest

from tests.served import Served, item, joint_approval
from tests.statements import statements


@pytest.fixture
def two_cases(served: Served) -> tuple[str, str]:
    """An older case and one of the day after."""
    served.opens()
    older = served.accepted()
    served.world.days_pass(1)
    form = {"company": "杭州听松茶业有限公司", "staff": 3}
    return older, served.accepted(form=form)


def numbers(served: Served, path: str = "/inbox", login: str = "taxation") -> list[str]:
    return [row["case_number"] for row in served.person(login).json(path)["rows"]]


def test_a_row_says_what_waits_for_whom_until_when(served: Served) -> None:
    number = served.opens().accepted()

    row = served.person("taxation").json("/inbox")["rows"][0]

    assert {name: row[name] for name in row if name not in {"id", "deadline", "case_deadline"}} == {
        "name": "taxation 审查",
        "title": "临安知微生物科技有限公司",
        "case_number": number,
        "item": "opening",
        "item_name": "企业开办",
        "department": "taxation",
        "activity_id": "review-taxation",
        "act": "review",
        "state": "CREATED",
        "priority": 50,
        "follow_up_at": None,
        "form_key": "review",
        "created_at": "2026-03-02T09:00:00.000+08:00",
        "due_at": "2026-03-09T23:59:59.000+08:00",
        "remaining": {"amount": 5, "unit": "WD", "text": "剩余 5 个工作日"},
        "signal": "none",
        "claimed_by": None,
        "claimed_at": None,
        "owner": None,
        "delegation_state": None,
        "reminders": 0,
        "reminded_at": None,
    }


def test_a_row_tells_the_clock_of_its_step_and_that_of_its_case(served: Served) -> None:
    """Five working days for the department; ten promised for the case, twenty by law."""
    served.opens().accepted()

    row = served.person("taxation").json("/inbox")["rows"][0]

    running = {
        "state": "RUNNING",
        "state_name": "计时中",
        "signal": "none",
        "provisional": False,
        "statutory_provisional": False,
    }
    assert row["deadline"] == running | {
        "kind": "DEPARTMENT",
        "name": "部门时限",
        "limit": "5WD",
        "statutory_limit": None,
        "due_at": "2026-03-09T23:59:59.000+08:00",
        "statutory_due_at": None,
        "remaining": {"amount": 5, "unit": "WD", "text": "剩余 5 个工作日"},
    }
    assert row["case_deadline"] == running | {
        "kind": "PROMISED",
        "name": "承诺时限",
        "limit": "10WD",
        "statutory_limit": "20WD",
        "due_at": "2026-03-16T23:59:59.000+08:00",
        "statutory_due_at": "2026-03-30T23:59:59.000+08:00",
        "remaining": {"amount": 10, "unit": "WD", "text": "剩余 10 个工作日"},
    }


def test_the_window_sees_how_long_acceptance_may_take(served: Served) -> None:
    served.opens().submits()

    row = served.person("window").json("/inbox")["rows"][0]

    assert (row["act"], row["due_at"]) == ("accept", "2026-03-09T23:59:59.000+08:00")


def test_a_step_with_a_limit_of_its_own_has_its_own_clock(served: Served) -> None:
    served.opens()
    limited = item().replace(b"[guide]", b'[limits.steps]\nquick = "2WD"\n[guide]')
    drawn = joint_approval().replace(b'name="act" value="review"', b'name="limit" value="quick"')
    served.deploy(item_toml=limited, approval_bpmn=drawn)
    served.accepted()

    row = served.person("taxation").json("/inbox")["rows"][0]

    assert row["due_at"] == "2026-03-04T23:59:59.000+08:00"


def test_the_soonest_due_comes_first_and_pages_follow_each_other(served: Served, two_cases: tuple[str, str]) -> None:
    officer = served.person("taxation")

    first = officer.json("/inbox?limit=1")
    second = officer.json(f"/inbox?limit=1&cursor={first['next']}")

    assert numbers(served) == list(two_cases)
    assert [page["rows"][0]["case_number"] for page in (first, second)] == list(two_cases)
    assert second["next"] is None


def test_the_most_time_left_comes_first_where_that_is_wanted(served: Served, two_cases: tuple[str, str]) -> None:
    """What stands still has no end in sight."""
    older, newer = two_cases
    served.world.days_pass(1)
    newest = served.accepted()
    officer = served.person("taxation")
    officer.post(f"/inbox/{officer.task(older)}/request-correction", {"items": ["补充账号"]})
    served.person("lead").post(f"/cases/{older}/correction-notice")

    pages, cursor = [], ""
    while cursor is not None:
        page = officer.json(f"/inbox?sort=-remaining&limit=1{cursor and f'&cursor={cursor}'}")
        pages += [row["case_number"] for row in page["rows"]]
        cursor = page["next"]

    assert pages == [older, newest, newer]
    assert numbers(served, "/inbox?sort=remaining") == [newer, newest, older]
    assert officer.get("/inbox?sort=due").status_code == 422


def test_a_paused_task_has_no_due_instant_and_comes_last(served: Served, two_cases: tuple[str, str]) -> None:
    older, newer = two_cases
    officer = served.person("taxation")
    task = officer.json(f"/inbox?case_number={older}")["rows"][0]["id"]
    officer.post(f"/inbox/{task}/request-correction", {"items": ["补充账号"]})
    served.person("lead").post(f"/cases/{older}/correction-notice")

    rows = officer.json("/inbox")["rows"]

    assert [row["case_number"] for row in rows] == [newer, older]
    assert rows[1]["due_at"] is None
    assert rows[1]["remaining"]["text"] == "暂停计时，剩余 4 个工作日"
    assert [rows[1][name]["state_name"] for name in ("deadline", "case_deadline")] == ["已中止", "已中止"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("item=opening", [0, 1]),
        ("item=closing", []),
        ("department=taxation", [0, 1]),
        ("department=bank", []),
        ("activity=review-taxation", [0, 1]),
        ("activity=review-bank", []),
        ("q=听松", [1]),
        ("q=陆嘉禾", [0, 1]),
        ("q=00000020260303", [1]),
        ("q=%25", []),
        ("due_before=2026-03-10T00:00:01", [0]),
        ("due_before=2026-03-10", []),
        ("claimed=mine", [0]),
        ("claimed=nobody", [1]),
        ("claimed=any", [0, 1]),
        ("signal=none", [0, 1]),
        ("signal=red", []),
    ],
)
def test_filters(served: Served, two_cases: tuple[str, str], query: str, found: list[int]) -> None:
    officer = served.person("taxation")
    officer.post(f"/inbox/{officer.json('/inbox')['rows'][0]['id']}/claim")

    assert numbers(served, f"/inbox?{query}") == [two_cases[place] for place in found]


def test_lights_turn_yellow_and_red(served: Served, two_cases: tuple[str, str]) -> None:
    older, newer = two_cases
    served.world.days_pass(6.2)

    officer = served.person("taxation")
    lights = {row["case_number"]: row["signal"] for row in officer.json("/inbox")["rows"]}

    assert lights == {older: "yellow", newer: "none"}
    assert numbers(served, "/inbox?signal=yellow") == [older]
    served.world.days_pass(1)
    assert numbers(served, "/inbox?signal=red&limit=1") == [older]
    assert served.person("taxation").json("/inbox/count")["departments"] == [
        {"department": "taxation", "open": 2, "unclaimed": 2, "signals": {"none": 0, "yellow": 1, "red": 1}}
    ]


def test_the_counts_are_those_of_the_pages(served: Served, two_cases: tuple[str, str]) -> None:
    """One case stands still, one did and goes on, the others never stood still."""
    older, newer = two_cases
    officer = served.person("taxation")
    for number in (older, newer):
        task = officer.json(f"/inbox?case_number={number}")["rows"][0]["id"]
        officer.post(f"/inbox/{task}/request-correction", {"items": ["补充账号"]})
        served.person("lead").post(f"/cases/{number}/correction-notice")
    served.world.days_pass(1)
    served.person("applicant").post(f"/cases/{newer}/supplement", {"form": {"staff": 30}})
    for days in (1, 3.1, 1, 3):
        served.accepted()
        served.world.days_pass(days)
    officer.post(f"/inbox/{officer.json('/inbox')['rows'][0]['id']}/claim")

    rows = officer.json("/inbox")["rows"]
    [counted] = officer.json("/inbox/count")["departments"]

    shown = Counter(row["signal"] for row in rows)
    assert counted["signals"] == {signal: shown[signal] for signal in ("none", "yellow", "red")}
    assert (counted["open"], counted["unclaimed"]) == (6, 5)
    assert len(shown) > 1


def test_a_page_of_one_light_goes_on_where_it_ended(served: Served) -> None:
    served.opens()
    early = [served.accepted() for _ in range(3)]
    served.world.days_pass(1)
    served.accepted()
    served.world.days_pass(7)
    officer = served.person("taxation")

    found, cursor = [], ""
    while cursor is not None:
        page = officer.json(f"/inbox?signal=red&limit=2{cursor and f'&cursor={cursor}'}")
        found += [row["case_number"] for row in page["rows"]]
        cursor = page["next"]

    assert found == early


def test_a_row_shows_who_holds_the_task(served: Served) -> None:
    served.opens().accepted()
    officer = served.person("taxation")
    officer.post(f"/inbox/{officer.task()}/claim")

    row = served.person("taxation-2").json("/inbox")["rows"][0]

    assert row["claimed_by"] == {"login": "taxation", "name": "唐雨桐"}


@pytest.mark.parametrize("login", ["public-security", "applicant", "supervisor", "designer", "lead"])
def test_nobody_sees_the_inbox_of_another_department(served: Served, login: str) -> None:
    served.opens().accepted()

    assert served.person(login).json("/inbox")["rows"] == []
    assert served.person(login).json("/inbox/count")["departments"] == []


def test_done_shows_mine_and_my_departments(served: Served, two_cases: tuple[str, str]) -> None:
    older, newer = two_cases
    served.person("taxation").does(older, "agree", finding="符合")
    served.world.days_pass(1)
    served.person("taxation-2").does(newer, "object", "材料不符")

    rows = served.person("taxation").json("/inbox/done")["rows"]

    assert [(row["case_number"], row["outcome"], row["done_by"]["login"]) for row in rows] == [
        (newer, "object", "taxation-2"),
        (older, "agree", "taxation"),
    ]
    assert numbers(served, "/inbox/done?mine=true") == [older]
    assert numbers(served, "/inbox/done?outcome=object") == [newer]
    assert numbers(served, "/inbox/done", "bank") == []


def test_a_page_is_three_statements_and_a_login_however_many_tasks(served: Served) -> None:
    served.opens()
    number = served.accepted()
    officer = served.person("taxation")
    officer.json("/inbox")
    with statements(served.database.engine) as for_one:
        officer.json("/inbox")
    for _ in range(5):
        number = served.accepted()
    officer.post(f"/inbox/{officer.json(f'/inbox?case_number={number}')['rows'][0]['id']}/claim")

    with statements(served.database.engine) as for_six:
        assert len(officer.json("/inbox")["rows"]) == 6

    assert len(for_one) == len(for_six) == 4, "\n".join(for_six)


def test_a_broken_cursor_is_refused(served: Served) -> None:
    assert served.person("taxation").get("/inbox?cursor=xyz").status_code == 400
