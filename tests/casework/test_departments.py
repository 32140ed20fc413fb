"""A diagram names a department by role; the region of the case decides which department that is."""

import pytest

from casework import departments, regions
from casework.departments import NewDepartment
from engine.diagram.model import Node
from engine.errors import Conflict, Forbidden
from engine.ports import ENGINE
from engine.tables import ProcessInstance
from engine.transaction import Database
from tests.office import actor
from tests.statements import statements

DALIAN = "210200"
REVIEW = Node(id="Review", type="userTask", scope="registration")


@pytest.fixture
def two_divisions(office: Database) -> Database:
    with office.begin(ENGINE) as tx:
        regions.add(tx, DALIAN, "大连市", "Dalian")
        for code, region in (("customs", "000000"), ("dalian-customs", DALIAN)):
            departments.add(tx, NewDepartment("customs", "海关", "Customs", code=code, region=region))
    return office


def resolved(office: Database, region: str, *groups: str) -> tuple[str, ...]:
    with office.view(ENGINE) as tx:
        return departments.resolve_groups(tx, ProcessInstance(region=region), REVIEW, groups)


def test_a_role_is_the_regions_department(two_divisions: Database) -> None:
    assert resolved(two_divisions, "000000", "customs") == ("customs",)
    assert resolved(two_divisions, DALIAN, "customs") == ("dalian-customs",)


def test_the_heads_of_a_department_are_a_group_of_their_own(two_divisions: Database) -> None:
    assert resolved(two_divisions, DALIAN, "customs/head") == ("dalian-customs/head",)


def test_a_department_code_and_an_office_role_stay_as_they_are(two_divisions: Database) -> None:
    assert resolved(two_divisions, DALIAN, "dalian-customs", "lead") == ("dalian-customs", "lead")


def test_a_role_nobody_plays_is_refused_with_the_elements_id(two_divisions: Database) -> None:
    with pytest.raises(Conflict, match="forestry") as refused:
        resolved(two_divisions, DALIAN, "forestry")
    assert refused.value.element_id == "Review"


def test_departments_are_asked_for_once_in_a_transaction(two_divisions: Database) -> None:
    with two_divisions.view(ENGINE) as tx, statements(two_divisions.engine) as sent:
        for group in ("customs", "bank", "taxation"):
            departments.resolve_groups(tx, ProcessInstance(region="000000"), REVIEW, [group])
    assert len(sent) == 1


def test_a_division_has_one_department_in_a_role(two_divisions: Database) -> None:
    for new in (
        NewDepartment("customs", "海关二处", "Customs", code="customs-2"),
        NewDepartment("forestry", "林业局", "Forestry", code="customs"),
    ):
        with pytest.raises(Conflict), two_divisions.begin(ENGINE) as tx:
            departments.add(tx, new)


def test_only_an_administrator_adds_departments(office: Database) -> None:
    with pytest.raises(Forbidden), office.begin(actor(office, "taxation-head")) as tx:
        departments.add(tx, NewDepartment("customs", "海关", "Customs"))
