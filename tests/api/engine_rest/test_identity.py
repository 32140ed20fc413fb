"""People, departments and divisions by way of Camunda's API: read there, changed at the office's own door."""

import pytest

from casework import people
from casework.tables import Role
from engine.ports import ENGINE
from tests.served import Served

PEOPLE = ("/engine-rest/user", "/engine-rest/user/count", "/engine-rest/user/window/profile")


def test_an_administrator_lists_people_and_others_see_themselves(served: Served) -> None:
    everybody = served.person("admin").json("/engine-rest/user?sortBy=userId&sortOrder=asc")
    oneself = served.person("window").json("/engine-rest/user")

    assert {"window", "taxation", "admin"} <= {one["id"] for one in everybody}
    assert [one["id"] for one in oneself] == ["window"]
    assert served.person("window").json("/engine-rest/user/count") == {"count": 1}
    assert served.person("window").get("/engine-rest/user/taxation/profile").status_code == 404
    assert served.person("window").json("/engine-rest/user/window/profile") == {
        "id": "window",
        "firstName": "叶知秋",
        "lastName": "",
        "email": None,
    }


@pytest.mark.parametrize("group", ["taxation", "taxation/head", "supervisor", "officer"])
def test_who_is_in_a_group_says_so_of_themselves(served: Served, group: str) -> None:
    admin = served.person("admin")

    members = {one["id"] for one in admin.json(f"/engine-rest/user?memberOfGroup={group}")}

    assert members
    for login in members:
        assert group in {one["id"] for one in admin.json(f"/engine-rest/group?member={login}")}


def test_groups_are_departments_their_heads_and_roles(served: Served) -> None:
    window = served.person("window", "en")

    found = {one["id"]: one for one in window.json("/engine-rest/group")}

    assert found["taxation"] == {"id": "taxation", "name": "Taxation Bureau", "type": "department"}
    assert found["taxation/head"]["type"] == "head"
    assert {one["id"] for one in found.values() if one["type"] == "role"} == set(Role) - {Role.WINDOW}  # its department
    assert window.json("/engine-rest/group/taxation/head") == found["taxation/head"]
    assert window.json("/engine-rest/group/count") == {"count": len(found)}
    assert window.get("/engine-rest/group/nobody").status_code == 404


def test_one_s_own_groups_come_with_the_colleagues(served: Served) -> None:
    taxation = served.person("taxation")

    found = taxation.json("/engine-rest/identity/groups?userId=taxation")

    assert {"taxation", "officer"} == {one["id"] for one in found["groups"]}
    assert {"taxation", "taxation-head"} <= {one["id"] for one in found["groupUsers"]}
    assert found["groupUsers"][0].keys() == {"id", "firstName", "lastName", "displayName"}
    assert taxation.get("/engine-rest/identity/groups?userId=window").status_code == 404


def test_tenants_are_divisions(served: Served) -> None:
    served.person("admin").post("/regions", {"code": "331000", "name": "临海市"})
    window = served.person("window")

    assert window.json("/engine-rest/tenant") == [{"id": "331000", "name": "临海市"}]
    assert window.json("/engine-rest/tenant/331000")["name"] == "临海市"
    assert window.json("/engine-rest/tenant/count?nameLike=%25海%25") == {"count": 1}
    assert window.get("/engine-rest/tenant/000000").status_code == 404


def test_a_password_is_verified_and_guessing_has_an_end(served: Served) -> None:
    with served.database.begin(ENGINE) as tx:
        people.set_password(tx, "taxation", "a-password-of-the-tests")
    system = served.person("payments")

    right = system.post("/engine-rest/identity/verify", {"username": "taxation", "password": "a-password-of-the-tests"})
    wrong = [
        system.post("/engine-rest/identity/verify", {"username": login, "password": "no"})
        for login in ("taxation", "nobody-there")
    ]

    assert right.get_json() == {"authenticatedUser": "taxation", "authenticated": True}
    assert [answer.get_json()["authenticated"] for answer in wrong] == [False, False]
    assert system.post("/engine-rest/identity/verify", {"username": "taxation", "password": ""}).status_code == 400
    for _ in range(10):
        last = system.post("/engine-rest/identity/verify", {"username": "window", "password": "no"})
    refused = system.post("/engine-rest/identity/verify", {"username": "window", "password": "no"})
    assert (last.status_code, refused.status_code) == (200, 429)


@pytest.mark.parametrize(
    ("method", "path", "door"),
    [
        ("POST", "/user/create", "/api/people"),
        ("PUT", "/user/window/credentials", "/api/own-password"),
        ("PUT", "/group/taxation/members/window", "/api/people/{login}"),
        ("DELETE", "/group/taxation/head", "/api/departments"),
        ("POST", "/tenant/create", "/api/regions"),
        ("POST", "/authorization/create", "/api/people/{login}"),
    ],
    ids=["person", "password", "member", "heads", "division", "grant"],
)
def test_what_is_changed_elsewhere_is_refused_with_the_door_where_it_is(
    served: Served, method: str, path: str, door: str
) -> None:
    refused = served.person("admin")(method, f"/engine-rest{path}", {"id": "x"})

    assert (refused.status_code, refused.get_json()["type"]) == (403, "AuthorizationException")
    assert door in refused.get_json()["message"]


def test_authorizations_are_the_matrix_by_role(served: Served) -> None:
    window = served.person("window")

    [deploys] = window.json("/engine-rest/authorization?groupIdIn=designer&resourceType=9")

    assert (deploys["permissions"], deploys["groupId"], deploys["type"]) == (["CREATE", "READ"], "designer", 1)
    assert window.json(f"/engine-rest/authorization/{deploys['id']}") == deploys
    assert window.json("/engine-rest/authorization?userIdIn=window") == []


def test_a_check_answers_for_oneself_and_for_others_to_administrators(served: Served) -> None:
    asked = "/engine-rest/authorization/check?permissionName=CREATE&resourceName=deployment&resourceType=9"

    assert served.person("designer").json(asked)["authorized"] is True
    assert served.person("window").json(asked) == {
        "permissionName": "CREATE",
        "resourceName": "deployment",
        "resourceId": None,
        "authorized": False,
    }
    assert served.person("admin").json(f"{asked}&userId=designer")["authorized"] is True
    assert served.person("window").get(f"{asked}&userId=designer").status_code == 403
    assert served.person("window").get(asked.replace("=9", "=99")).status_code == 400


def test_a_refusal_names_the_permission_that_would_have_allowed_it(served: Served) -> None:
    refused = served.person("window").post("/engine-rest/deployment/create", {})

    said = refused.get_json()
    deploying = {"permissionName": "CREATE", "resourceName": "Deployment", "resourceId": None}
    assert (refused.status_code, said["type"], said["userId"]) == (403, "AuthorizationException", "window")
    assert said["missingAuthorizations"] == [deploying]
    assert said | deploying == said


def test_what_no_permission_allows_names_none(served: Served) -> None:
    said = served.person("admin").post("/engine-rest/task/create", {}).get_json()

    assert said["missingAuthorizations"] == []
    assert (said["userId"], said["permissionName"]) == ("admin", None)
