"""People are added, moved and disabled by administrators; their passwords are argon2 hashes and nothing else."""

from collections.abc import Callable

import pytest

from casework import logins, passwords, people, staff
from casework.people import Appointment, NewPerson
from casework.tables import Person, Role
from engine.errors import Conflict, EngineError, Forbidden, Invalid, NotFound
from engine.ports import ENGINE
from engine.transaction import Database, Transaction
from tests.office import actor

SECRET = "a-longer-secret"
OFFICER = (Appointment(Role.OFFICER, "taxation"),)


def newcomer(login: str = "wen", appointments: tuple[Appointment, ...] = OFFICER) -> NewPerson:
    return NewPerson(login, "温如玉", "办税服务厅科员", appointments)


def everybody(office: Database) -> list[str]:
    with office.view(ENGINE) as tx:
        return [row.Person.login for row in staff.listed(tx, {}, after=None, limit=200).rows]


def test_an_administrator_adds_a_person_who_then_gets_in(office: Database) -> None:
    with office.begin(actor(office, "admin")) as tx:
        people.add(tx, newcomer(), SECRET)
    added = actor(office, "wen")
    assert (added.name, added.department) == ("温如玉", "taxation")
    assert added.groups == {"taxation", "officer"}


def test_a_password_is_kept_as_argon2id_and_nothing_else(office: Database) -> None:
    with office.begin(ENGINE) as tx:
        kept = people.add(tx, newcomer(), SECRET).password_hash
    assert kept.startswith("$argon2id$")
    assert SECRET not in kept
    assert passwords.matches(kept, SECRET)
    assert not passwords.matches(kept, SECRET + " ")
    assert not passwords.matches(None, "nobody")


@pytest.mark.parametrize(
    ("new", "password", "error"),
    [
        (newcomer("taxation"), SECRET, Conflict),
        (newcomer("lianban"), SECRET, Invalid),
        (newcomer("Wen"), SECRET, Invalid),
        (newcomer(""), SECRET, Invalid),
        (newcomer("a b"), SECRET, Invalid),
        (newcomer("x" * 65), SECRET, Invalid),
        (newcomer("wen\n"), SECRET, Invalid),
        (newcomer(), "short", Invalid),
        (newcomer("wen-of-taxation"), "wen-of-taxation", Invalid),
        (newcomer(), "x" * 201, Invalid),
        (newcomer(appointments=(Appointment(Role.OFFICER),)), SECRET, Invalid),
        (newcomer(appointments=(Appointment(Role.OFFICER, "customs"),)), SECRET, Invalid),
    ],
)
def test_an_impossible_person_is_refused_and_nobody_is_added(
    office: Database, new: NewPerson, password: str, error: type[EngineError]
) -> None:
    before = everybody(office)
    with pytest.raises(error), office.begin(ENGINE) as tx:
        people.add(tx, new, password)
    assert everybody(office) == before


COMMANDS: dict[str, Callable[[Transaction], object]] = {
    "add": lambda tx: people.add(tx, newcomer(), SECRET),
    "set_password": lambda tx: people.set_password(tx, "bank", SECRET),
    "disable": lambda tx: people.disable(tx, "bank"),
    "move": lambda tx: people.move(tx, "bank", OFFICER),
    "listed": lambda tx: staff.listed(tx, {}, after=None, limit=10),
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("login", ["applicant", "taxation-head", "designer", "supervisor"])
def test_only_an_administrator_keeps_people(office: Database, command: str, login: str) -> None:
    with pytest.raises(Forbidden, match="administrators"), office.begin(actor(office, login)) as tx:
        COMMANDS[command](tx)


def test_people_change_their_own_password(office: Database) -> None:
    with office.begin(actor(office, "bank")) as tx:
        people.set_password(tx, "bank", SECRET)
    with office.view(ENGINE) as tx:
        kept = tx.session.get_one(Person, "bank")
        assert passwords.matches(kept.password_hash, SECRET)
        assert not kept.is_demo


@pytest.mark.parametrize("command", ["set_password", "disable", "move"])
def test_somebody_unknown_is_not_found(office: Database, command: str) -> None:
    given = {"set_password": (SECRET,), "disable": (), "move": (OFFICER,)}[command]
    with pytest.raises(NotFound), office.begin(ENGINE) as tx:
        getattr(people, command)(tx, "nobody", *given)


def test_disabling_twice_keeps_the_first_instant(office: Database) -> None:
    for _ in range(2):
        with office.begin(ENGINE) as tx:
            people.disable(tx, "bank")
    with office.view(ENGINE) as tx:
        kept = tx.session.get_one(Person, "bank")
        assert (kept.disabled_at, kept.revision) == (tx.now, 2)
        assert logins.by_login(tx, "bank") is None


def test_moving_replaces_every_appointment(office: Database) -> None:
    with office.begin(ENGINE) as tx:
        people.move(tx, "bank-head", [Appointment(Role.LEAD), Appointment(Role.OFFICER, "taxation")])
    assert actor(office, "bank-head").groups == {"lead", "officer", "taxation"}


def test_the_list_shows_everybody_with_every_appointment(office: Database) -> None:
    with office.view(actor(office, "admin")) as tx:
        page = staff.listed(tx, {"department": "window"}, after=None, limit=10)
        listed = staff.appointments(tx, [*(row.Person.login for row in page.rows), "supervisor"])
    assert set(listed) == {"window", "window-2", "window-head", "supervisor"}
    assert set(listed["window-head"]) == {Appointment(Role.WINDOW, "window"), Appointment(Role.HEAD, "window")}
    assert listed["supervisor"] == (Appointment(Role.SUPERVISOR),)
