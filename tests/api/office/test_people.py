"""People are kept by administrators over HTTP; nobody's password is ever answered, kept or guessed."""

from base64 import b64encode
from typing import Any

import pytest
from sqlalchemy import select

from casework.tables import Person
from engine.ports import ENGINE
from engine.tables import Answer
from tests.served import Served

SECRET = "a-longer-secret"
WEN = {
    "login": "wen",
    "name": "温如玉",
    "post": "办税服务厅科员",
    "appointments": [{"role": "officer", "department": "taxation"}],
    "password": SECRET,
}
GUO: dict[str, Any] = {
    "name": "郑国梁",
    "post": "政务服务中心主任",
    "appointments": [{"role": "head", "department": "taxation"}, {"role": "lead"}],
}


def gets_in(served: Served, login: str, password: str) -> bool:
    basic = b64encode(f"{login}:{password}".encode()).decode()
    client = served.app.test_client()
    return client.get("/api/items", headers={"Authorization": f"Basic {basic}"}).status_code == 200


def test_an_administrator_adds_a_person_who_then_gets_in(served: Served) -> None:
    added = served.person("admin").post("/people", WEN)

    assert added.status_code == 201
    assert added.get_json() == {
        "login": "wen",
        "name": "温如玉",
        "post": "办税服务厅科员",
        "region": "000000",
        "appointments": [{"role": "officer", "department": "taxation"}],
        "disabled_at": None,
    }
    assert gets_in(served, "wen", SECRET)
    assert served.person("wen").get("/inbox").status_code == 200


def test_a_password_is_in_no_answer_and_under_no_key(served: Served) -> None:
    admin = served.person("admin")

    answers = [
        admin.post("/people", WEN, Idempotency_Key="k-1"),
        admin.put("/people/wen/password", {"password": SECRET + "!"}, Idempotency_Key="k-2"),
        admin.get("/people/wen"),
        admin.get("/people?q=wen"),
    ]

    assert [answer.status_code for answer in answers] == [201, 204, 200, 200]
    assert not any("secret" in answer.text or "argon2" in answer.text for answer in answers)
    with served.database.view(ENGINE) as tx:
        assert tx.session.scalars(select(Answer)).all() == []


@pytest.mark.parametrize(
    ("change", "status", "path"),
    [
        ({"login": "taxation"}, 409, None),
        ({"login": "Wen"}, 422, "login"),
        ({"name": "  "}, 422, "name"),
        ({"region": "429999"}, 422, "region"),
        ({"appointments": [{"role": "clerk"}]}, 422, "appointments[0].role"),
        ({"appointments": [{"role": "officer"}]}, 422, "appointments[0].department"),
        (
            {"appointments": [{"role": "lead"}, {"role": "head", "department": "customs"}]},
            422,
            "appointments[1].department",
        ),
        ({"appointments": []}, 422, "appointments"),
        ({"password": "short"}, 422, None),
    ],
    ids=["taken", "malformed", "nameless", "region", "role", "no-department", "department", "nothing", "weak"],
)
def test_an_impossible_person_is_refused_and_nobody_is_added(
    served: Served, change: dict[str, Any], status: int, path: str | None
) -> None:
    admin = served.person("admin")
    before = [row["login"] for row in admin.json("/people?limit=200")["rows"]]

    refused = admin.post("/people", WEN | change)

    assert refused.status_code == status
    assert [fault.get("path") for fault in refused.get_json()["errors"]] == ([path] if path else [])
    assert [row["login"] for row in admin.json("/people?limit=200")["rows"]] == before


def test_a_person_gets_another_post_and_place_and_acts_for_it_at_once(served: Served) -> None:
    bank = served.person("bank")

    moved = served.person("admin").put("/people/bank", GUO)

    assert moved.status_code == 200
    assert [one["role"] for one in moved.get_json()["appointments"]] == ["head", "lead"]
    assert bank.get("/people").status_code == 403
    assert bank.get("/deployments").status_code == 200


def test_somebody_elses_change_meanwhile_is_not_overwritten(served: Served) -> None:
    admin = served.person("admin")
    seen = admin.get("/people/bank").headers["ETag"]
    assert admin.put("/people/bank", GUO, If_Match=seen).status_code == 200

    assert admin.put("/people/bank", GUO, If_Match=seen).status_code == 412
    assert admin.post("/people/bank/disable", If_Match=seen).status_code == 412


def test_a_disabled_person_is_out_until_let_in_again(served: Served) -> None:
    admin, bank = served.person("admin"), served.person("bank")

    assert admin.post("/people/bank/disable").get_json()["disabled_at"].startswith("2026-03-02T09:00:00")
    assert bank.get("/inbox").status_code == 401
    assert [row["login"] for row in admin.json("/people?disabled=true")["rows"]] == ["bank"]

    assert admin.post("/people/bank/enable").get_json()["disabled_at"] is None
    assert gets_in(served, "bank", "bank")


def test_the_last_administrator_stays(served: Served) -> None:
    admin = served.person("admin")

    refused = [admin.post("/people/admin/disable"), admin.put("/people/admin", GUO)]

    assert [answer.status_code for answer in refused] == [409, 409]
    assert "最后一名" in refused[0].get_json()["detail"]
    admin.post("/people", WEN | {"appointments": [{"role": "admin"}]})
    assert admin.post("/people/wen/disable").status_code == 200
    assert admin.post("/people/admin/disable").status_code == 409


def test_an_administrator_gives_a_new_password_and_the_old_tokens_end(served: Served) -> None:
    bank = served.person("bank")

    assert served.person("admin").put("/people/bank/password", {"password": SECRET}).status_code == 204

    assert bank.get("/inbox").status_code == 401
    assert gets_in(served, "bank", SECRET)
    assert not gets_in(served, "bank", "bank")


def test_people_change_their_own_password_with_the_present_one(served: Served) -> None:
    refused = served.person("bank").put("/own-password", {"current": "wrong", "password": SECRET})
    changed = served.person("bank").put("/own-password", {"current": "bank", "password": SECRET})

    assert (refused.status_code, refused.get_json()["errors"][0]["path"]) == (422, "current")
    assert changed.status_code == 204
    assert gets_in(served, "bank", SECRET)


def test_guessing_the_present_password_is_stopped_like_a_login(served: Served) -> None:
    bank = served.person("bank")

    answers = [bank.put("/own-password", {"current": f"guess-{n}", "password": SECRET}).status_code for n in range(11)]

    assert answers == [422] * 10 + [429]


def test_people_are_found_by_name_department_and_role(served: Served) -> None:
    admin = served.person("admin")

    def found(query: str) -> list[str]:
        return [row["login"] for row in admin.json(f"/people?{query}")["rows"]]

    assert found("q=周文") == ["market-regulation"]
    assert found("department=bank") == ["bank", "bank-2", "bank-head"]
    assert found("department=bank&role=head") == ["bank-head"]
    assert found("role=admin") == ["admin"]


def test_the_list_goes_on_where_a_page_ended(served: Served) -> None:
    admin = served.person("admin")
    first = admin.json("/people?limit=40")
    second = admin.json(f"/people?limit=40&cursor={first['next']}")

    logins = [row["login"] for row in first["rows"] + second["rows"]]
    assert second["next"] is None
    with served.database.view(ENGINE) as tx:
        assert logins == sorted(tx.session.scalars(select(Person.login)))


def test_somebody_unknown_is_not_found(served: Served) -> None:
    admin = served.person("admin")

    answers = [
        admin.get("/people/nobody"),
        admin.put("/people/nobody", GUO),
        admin.post("/people/nobody/disable"),
        admin.put("/people/nobody/password", {"password": SECRET}),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
