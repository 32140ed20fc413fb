"""Acceptance scenario 16, withdrawal: four departments work, the applicant withdraws, nothing of it is ever overdue."""

from tests.acceptance.registration import Registration, signatures

FOUR = ("market-regulation", "public-security", "taxation", "human-resources")


def test_16_withdrawal__open_tasks_disappear_and_clocks_are_void(office: Registration) -> None:
    number = office.is_accepted(departments=list(FOUR[1:]))
    tasks = {login: office.person(login).task(number) for login in FOUR}
    for login in FOUR:
        assert office.person(login).post(f"/inbox/{tasks[login]}/claim").status_code == 200
    office.time_passes(0.1)

    withdrawn = office.person("applicant").post(f"/cases/{number}/withdraw", {"reason": "股东改变出资安排"})

    assert (withdrawn.status_code, withdrawn.get_json()["state"]) == (200, "WITHDRAWN")
    assert [office.inbox(login, number) for login in FOUR] == [[]] * 4
    assert [row["name"] for row in office.inbox("window", number)] == ["退回材料"]
    late = office.person("taxation").post(f"/inbox/{tasks['taxation']}/complete", signatures()["taxation"])
    assert late.status_code == 409
    clocks = office.clocks(number)
    ended = {name: clock["state"] for name, clock in clocks.items() if name != "RECEIPT"}
    assert ended == dict.fromkeys(("PROMISED", "STATUTORY", *FOUR), "VOID")
    assert {clock["due_at"] for name, clock in clocks.items() if name in ended} == {None}


def test_16_withdrawal__not_overdue_however_much_later(office: Registration) -> None:
    number, forgotten = office.is_accepted(), office.is_accepted()
    office.person("applicant").post(f"/cases/{number}/withdraw")

    office.time_passes(200)

    signals = {name: {clock["signal"] for clock in office.clocks(name).values()} for name in (number, forgotten)}
    assert signals[number] == {"none"}
    assert "red" in signals[forgotten]
    red = office.person("market-regulation").json("/inbox?signal=red")["rows"]
    assert [row["case_number"] for row in red] == [forgotten]
    window = office.person("window")
    returned = {"outcome": "returned", "form": {"return_method": "none"}}
    assert window.post(f"/inbox/{window.task(number)}/complete", returned).status_code == 200
    case = office.case(number)
    assert (case["state"], case["open_steps"]) == ("WITHDRAWN", [])


def test_16_withdrawal__not_once_decided_and_not_by_a_stranger(office: Registration) -> None:
    number = office.is_accepted()
    assert office.person("agent").post(f"/cases/{number}/withdraw").status_code == 404

    office.is_signed(number, "market-regulation")

    too_late = office.person("applicant").post(f"/cases/{number}/withdraw")
    assert too_late.status_code == 409
    assert "已作出决定" in too_late.get_json()["detail"]
    assert len(office.inbox("taxation", number)) == 1
