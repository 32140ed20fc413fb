"""The demonstration has exactly the people that README names; a second seeding changes nothing."""

import re

from casework import demo_people, passwords, people, staff
from casework.tables import Person
from engine.ports import ENGINE
from engine.transaction import Database
from tests.office import actor

DEPARTMENTS = [
    "window",
    "market-regulation",
    "public-security",
    "taxation",
    "human-resources",
    "medical-insurance",
    "housing-fund",
    "bank",
    "housing-construction",
    "planning",
    "fire",
    "civil-defence",
    "urban-archives",
    "quality-supervision",
    "ecology",
    "urban-management",
    "water",
    "traffic-police",
]
OTHERS = {
    "applicant",
    "agent",
    "lead",
    "government-leader",
    "supervisor",
    "supervisor-2",
    "designer",
    "payments",
    "admin",
}
STAFF = {f"{department}{suffix}" for department in DEPARTMENTS for suffix in ("", "-2", "-head")}


def test_every_login_is_a_person_with_a_chinese_name_and_a_post(office: Database) -> None:
    with office.view(ENGINE) as tx:
        listed = [row.Person for row in staff.listed(tx, {}, after=None, limit=200).rows]
    assert {person.login for person in listed} == STAFF | OTHERS
    assert all(re.fullmatch(r"[一-鿿]{2,4}", person.name) for person in listed)
    assert all(re.fullmatch(r"[一-鿿]{4,}", person.post) for person in listed)
    assert len({person.name for person in listed}) == len(listed)


def test_the_password_is_the_login(office: Database) -> None:
    with office.view(ENGINE) as tx:
        kept = tx.session.get_one(Person, "market-regulation-2")
    assert passwords.matches(kept.password_hash, "market-regulation-2")


def test_seeding_again_changes_nothing(office: Database) -> None:
    with office.begin(ENGINE) as tx:
        people.disable(tx, "bank")
        people.move(tx, "agent", [])
    with office.begin(ENGINE) as tx:
        assert demo_people.seed(tx) == 0
    assert actor(office, "agent").groups == frozenset()
    with office.view(ENGINE) as tx:
        assert tx.session.get_one(Person, "bank").disabled_at is not None


def test_a_database_is_a_demonstration_while_one_such_password_opens_it(office: Database) -> None:
    last = "admin"
    with office.begin(ENGINE) as tx:
        for login in (STAFF | OTHERS) - {last}:
            people.disable(tx, login)
    with office.begin(ENGINE) as tx:
        assert demo_people.is_demo(tx)
        people.set_password(tx, last, "a-longer-secret")
    with office.view(ENGINE) as tx:
        assert not demo_people.is_demo(tx)


def test_a_database_without_people_is_no_demonstration(database: Database) -> None:
    with database.view(ENGINE) as tx:
        assert not demo_people.is_demo(tx)
