"""A process that names who may start it is started by them alone; what it does not name, by those who design."""

import pytest

from tests.diagrams import definitions, end, flows, form_data, form_field, process, start, straight, user_task
from tests.served import Served

START = "/engine-rest/process-definition/key/errand/start"


@pytest.mark.parametrize(
    ("named", "login", "status"),
    [
        ({"candidateStarterUsers": "somebody, admin"}, "admin", 200),
        ({"candidateStarterGroups": "admin"}, "admin", 200),
        ({"candidateStarterGroups": "window"}, "window", 200),
        ({"candidateStarterUsers": "somebody"}, "admin", 403),
        ({"candidateStarterGroups": "window"}, "taxation", 403),
        ({"candidateStarterGroups": "applicant"}, "applicant", 403),
        ({}, "admin", 200),
        ({}, "window", 403),
    ],
    ids=[
        "person",
        "role",
        "official of any role",
        "others",
        "others of another role",
        "no official",
        "nobody named",
        "nobody named and no designer",
    ],
)
def test_who_may_start(served: Served, named: dict[str, str], login: str, status: int) -> None:
    served.deploy(errand_bpmn=straight(user_task("a", assignee="${starter}"), key="errand", **named))

    started = served.person(login).post(START, {"variables": {"starter": {"value": "admin"}}})

    assert started.status_code == status, started.text
    assert served.person("admin").json("/engine-rest/process-instance/count") == {"count": 1 if status == 200 else 0}


NAMED = {
    "by_window": {"candidateStarterGroups": "window"},
    "by_tax_heads": {"candidateStarterGroups": "taxation/head"},
    "by_taxation": {"candidateStarterUsers": "taxation", "candidateStarterGroups": "applicant"},
    "by_designers": {},
}
LIST = "/engine-rest/process-definition?sortBy=key&sortOrder=asc"


@pytest.fixture
def offered(served: Served) -> Served:
    for key, named in NAMED.items():
        served.deploy(**{f"{key}_bpmn": straight(user_task("a"), key=key, **named)})
    return served


def keys(served: Served, login: str, query: str = "") -> list[str]:
    return [one["key"] for one in served.person(login).json(LIST + query)]


STARTABLE = {
    "window": ["by_window"],
    "taxation": ["by_taxation"],
    "taxation-head": ["by_tax_heads"],
    "designer": ["by_designers"],
    "supervisor": [],
}


def test_a_process_is_listed_for_whom_it_names_and_who_oversees_processes_sees_all(offered: Served) -> None:
    for login, startable in STARTABLE.items():
        oversees = login in ("designer", "supervisor")
        assert keys(offered, "admin", f"&startableBy={login}") == startable
        assert keys(offered, login) == (sorted(NAMED) if oversees else startable)
        assert keys(offered, login, "&startablePermissionCheck=true") == startable
        counted = offered.person(login).json("/engine-rest/process-definition/count?startablePermissionCheck=true")
        assert counted == {"count": len(startable)}
    for login in ("applicant", "nobody-there"):
        assert keys(offered, "admin", f"&startableBy={login}") == []


def test_what_one_may_not_start_is_not_there_for_who_oversees_nothing(offered: Served) -> None:
    window, applicant = offered.person("window"), offered.person("applicant")
    mine, others = "/engine-rest/process-definition/key/by_window", "/engine-rest/process-definition/key/by_taxation"

    assert window.json(mine)["startableInTasklist"] is True
    assert window.json(f"{mine}/form-variables") == {}
    assert {window.get(others + path).status_code for path in ("", "/startForm", "/form-variables")} == {404}
    assert (window.get(f"{mine}/xml").status_code, applicant.get(mine).status_code) == (403, 403)


def test_a_later_version_that_names_others_hides_the_one_before(offered: Served) -> None:
    drawn = straight(user_task("a"), key="by_window", candidateStarterUsers="taxation")
    offered.deploy(by_window_bpmn=drawn)

    assert offered.person("window").get("/engine-rest/process-definition/key/by_window").status_code == 404
    assert keys(offered, "window", "&latestVersion=true") == []


STARTERS = {
    "by_window": {"window", "window-2", "window-head"},
    "by_tax_heads": {"taxation-head"},
    "by_taxation": {"taxation"},
    "by_designers": {"designer", "admin"},
}


def test_people_are_found_by_what_they_may_start(offered: Served) -> None:
    admin = offered.person("admin")
    for key, who in STARTERS.items():
        definition = admin.json(f"/engine-rest/process-definition/key/{key}")["id"]
        assert {one["id"] for one in admin.json(f"/engine-rest/user?potentialStarter={definition}")} == who, key


def test_a_form_is_not_checked_for_who_may_not_start(served: Served) -> None:
    fields = form_data(form_field("secret", "string", required="true"))
    parts = (start("start", fields), user_task("a"), end(), flows("start", "a", "end"))
    served.deploy(errand_bpmn=definitions(process(*parts, key="errand", candidateStarterUsers="taxation")))
    submit = "/engine-rest/process-definition/key/errand/submit-form"

    refused = served.person("window").post(submit, {"variables": {}})

    assert (refused.status_code, "secret" in refused.text) == (403, False)
    assert served.person("taxation").post(submit, {"variables": {}}).status_code == 400


def test_who_was_named_goes_with_the_version_that_named_them(offered: Served) -> None:
    admin = offered.person("admin")
    assert admin("DELETE", "/engine-rest/process-definition/key/by_window").status_code == 204

    assert keys(offered, "admin", "&startableBy=window") == []
