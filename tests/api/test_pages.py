"""A long list comes in pages that neither repeat nor miss a row, whatever is added meanwhile."""

import base64
import json

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from casework import departments
from casework.departments import NewDepartment
from casework.paging import Order, fetch
from casework.tables import AccessToken, Department
from engine.ports import ENGINE
from engine.transaction import Database
from tests.world import World

ADMIN = ("admin", "admin")
PATH = "/api/probe/departments"


def page(client: FlaskClient, **query: object) -> tuple[list[str], str | None]:
    answer = client.get(PATH, auth=ADMIN, query_string=query)
    assert answer.status_code == 200, answer.text
    return [row["code"] for row in answer.get_json()["rows"]], answer.get_json()["next"]


def test_the_pages_together_are_the_list(client: FlaskClient) -> None:
    whole, none = page(client)
    assert none is None
    found, cursor = page(client, limit=3)
    while cursor:
        assert len(found) % 3 == 0
        rows, cursor = page(client, limit=3, cursor=cursor)
        found += rows
    assert found == whole == sorted(whole)
    assert len(whole) > 6


def test_what_is_added_before_the_mark_moves_nothing(client: FlaskClient, office: Database) -> None:
    first, cursor = page(client, limit=3)
    with office.begin(ENGINE) as tx:
        departments.add(tx, NewDepartment("aaa", "档案局", "Archives"))
    second, _ = page(client, limit=3, cursor=cursor)
    assert not set(first) & set(second)
    assert "aaa" not in second


def test_the_last_full_page_is_the_last(client: FlaskClient) -> None:
    whole, _ = page(client)
    rows, cursor = page(client, limit=len(whole))
    assert (rows, cursor) == (whole, None)


def sealed(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "!!!",
        "é",
        "A" * 501,
        sealed(1),
        sealed([]),
        sealed([1]),
        sealed(["a", "b"]),
        sealed([None]),
        sealed([{}]),
        sealed([{"at": 5}]),
        sealed([{"at": "0001-01-01T00:00:00+14:00"}]),
        sealed(["\x00"]),
        sealed(["\ud800"]),
        sealed([True]),
        base64.urlsafe_b64encode(b"[" * 300).decode(),
    ],
)
def test_a_cursor_that_this_list_did_not_give_is_400(client: FlaskClient, cursor: str) -> None:
    answer = client.get(PATH, auth=ADMIN, query_string={"cursor": cursor})
    assert (answer.status_code, answer.get_json()["code"]) == (400, "unreadable")


@pytest.mark.parametrize("limit", [0, 201, -1, "many"])
def test_a_page_has_between_1_and_200_rows(client: FlaskClient, limit: object) -> None:
    assert client.get(PATH, auth=ADMIN, query_string={"limit": limit}).status_code == 422


def test_the_newest_come_first_by_instant_and_ties_are_broken(
    client: FlaskClient, office: Database, world: World
) -> None:
    for _ in range(2):
        for login in ("bank", "admin", "lead"):
            client.post("/api/tokens", auth=(login, login), json={})
        world.days_pass(0.1)
    order = Order((AccessToken.created_at, AccessToken.login), newest_first=True)
    found, after = [], None
    for _ in range(3):
        with office.view(ENGINE) as tx:
            one = fetch(tx, select(AccessToken.login), order, after=after, limit=2)
        found += [row.login for row in one.rows]
        after = one.after
    assert found == ["lead", "bank", "admin"] * 2
    assert after is None


def test_a_list_of_whole_rows_can_be_paged(office: Database) -> None:
    with office.view(ENGINE) as tx:
        [row] = fetch(tx, select(Department), Order((Department.code,)), after=None, limit=1).rows
    assert row.Department.code == "bank"
