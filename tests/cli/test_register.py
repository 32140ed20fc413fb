"""Regions, departments and people are kept from the command line; a password is never an argument."""

import pytest

from casework import demo_people, logins, passwords
from engine.ports import ENGINE
from tests.cli.terminal import done, refused, run
from tests.served import Served

SECRET = "a-longer-secret"


def test_a_division_a_department_and_its_first_officer(staffed_url: str, served: Served) -> None:
    assert done(staffed_url, "regions", "add", "429101", "--name", "云溪市") == "Added 云溪市 (429101)."
    customs = ("departments", "add", "customs", "--name", "海关", "--name-en", "Customs", "--region", "429101")
    assert done(staffed_url, *customs) == "Added the department Customs (customs)."
    officer = (
        "users",
        "add",
        "hai",
        "--name",
        "海文",
        "--post",
        "科员",
        "--role",
        "officer",
        "--department",
        "customs",
    )

    assert done(staffed_url, *officer, typed=f"{SECRET}\n") == "Added 海文 (hai)."

    with served.database.view(ENGINE) as tx:
        known = logins.by_login(tx, "hai")
    assert known is not None
    assert known.actor.groups == {"customs", "officer"}
    assert passwords.matches(known.password_hash, SECRET)
    assert "429101 云溪市" in done(staffed_url, "regions", "list")
    assert "customs 429101 customs 海关 09:00-12:00,13:00-17:00" in done(staffed_url, "departments", "list")
    assert done(staffed_url, "users", "list", "--department", "customs").endswith("hai 海文 科员 officer@customs")


def test_a_password_is_read_from_standard_input_and_never_shown(staffed_url: str, served: Served) -> None:
    said = done(staffed_url, "users", "password", "bank", typed=f"{SECRET}\n")

    assert said == "bank has a new password."
    with served.database.view(ENGINE) as tx:
        known = logins.by_login(tx, "bank")
    assert known is not None
    assert passwords.matches(known.password_hash, SECRET)
    assert "No such option" in run(staffed_url, "users", "password", "bank", "--password", SECRET).output


def test_what_is_not_named_of_a_department_stays(staffed_url: str, served: Served) -> None:
    done(staffed_url, "departments", "change", "bank", "--office-hours", "08:30-17:30")

    assert "bank 000000 bank 商业银行营业部 08:30-17:30" in done(staffed_url, "departments", "list")
    assert served.person("admin").json("/departments/bank")["is_external"] is True


def test_a_dry_run_says_what_stands_in_the_way_of_removing_a_department(staffed_url: str, served: Served) -> None:
    served.opens().accepted()

    tried = done(staffed_url, "departments", "remove", "bank", "--dry-run")

    assert tried == "1 open tasks, 3 people, 1 items that name its role."
    assert "move or disable the people" in refused(staffed_url, "departments", "remove", "bank")


@pytest.mark.parametrize(
    ("verb", "said"),
    [
        (("users", "disable", "admin"), "last administrator"),
        (("users", "move", "admin", "--role", "lead"), "last administrator"),
        (("users", "enable", "nobody"), "nobody with the login nobody"),
        (("users", "move", "bank", "--role", "officer", "--department", "customs"), "no department customs"),
        (("departments", "add", "bank", "--name", "x", "--name-en", "x"), "bank is, or was, that of a department"),
        (("departments", "change", "customs"), "no department customs"),
        (("regions", "change", "429101", "--name", "x"), "no division 429101"),
        (("regions", "add", "x", "--name", "x"), "A division's code has 6 digits"),
    ],
    ids=["last", "last-moved", "nobody", "department", "twice", "unknown", "division", "code"],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    staffed_url: str, served: Served, verb: tuple[str, ...], said: str
) -> None:
    assert said in refused(staffed_url, *verb)


def test_a_disabled_person_is_let_in_again(staffed_url: str, served: Served) -> None:
    done(staffed_url, "users", "disable", "bank")
    assert "bank" in done(staffed_url, "users", "list", "--role", "officer", "--department", "bank")
    done(staffed_url, "users", "enable", "bank")

    with served.database.view(ENGINE) as tx:
        assert logins.by_login(tx, "bank") is not None
        assert demo_people.is_demo(tx)


def test_a_leavers_work_is_handed_over_after_a_dry_run(staffed_url: str, served: Served) -> None:
    number = served.opens().accepted()
    officer = served.person("taxation")
    officer.post(f"/inbox/{officer.task(number)}/claim")
    leaves = ("users", "hand-over", "taxation", "--to", "taxation-2", "--reason", "transferred", "--disable")

    tried = done(staffed_url, *leaves, "--dry-run")
    told = done(staffed_url, *leaves)

    assert number in tried
    assert tried.endswith("1 would be handed over.")
    assert told.endswith("1 handed over, 0 refused.")
    assert officer.get("/inbox").status_code == 401
    assert served.person("taxation-2").does(number, "agree", finding="符合规定")


def test_what_cannot_be_handed_over_is_told(staffed_url: str, served: Served) -> None:
    number = served.opens().accepted()
    officer = served.person("taxation")
    officer.post(f"/inbox/{officer.task(number)}/claim")

    said = refused(staffed_url, "users", "hand-over", "taxation", "--to", "bank", "--reason", "transferred")

    assert f"{number}: bank does not work in the department in charge." in said
    assert "0 handed over, 1 refused." in said
