"""OPTIONS says what the caller may do with a resource; Camunda's web applications show their buttons by it."""

from tests.served import Served

REST = "/engine-rest"
FILTER = {"resourceType": "Task", "name": "我的任务", "query": {}, "properties": {}}


def offered(served: Served, login: str, path: str) -> dict[str, tuple[str, str]]:
    answer = served.person(login)("OPTIONS", REST + path)
    assert (answer.status_code, answer.mimetype) == (200, "application/json"), answer.text
    found = {}
    for link in answer.get_json()["links"]:
        assert link["href"].startswith(f"http://localhost{REST}{path}")
        found[link["rel"]] = (link["method"], link["href"].removeprefix(f"http://localhost{REST}{path}"))
    return found


LIST, COUNT, CREATE = {"list": ("GET", "")}, {"count": ("GET", "/count")}, {"create": ("POST", "/create")}


MAY = [
    ("window", "/user", LIST | COUNT),
    ("admin", "/user", LIST | COUNT),
    ("admin", "/group", LIST | COUNT),
    ("admin", "/tenant", LIST | COUNT),
    ("admin", "/authorization", LIST | COUNT),
    ("window", "/filter", LIST | COUNT | CREATE),
    ("designer", "/deployment", LIST | COUNT | CREATE),
    ("supervisor", "/deployment", LIST | COUNT),
    ("window", "/deployment", {}),
    ("window", "/task", LIST | COUNT),
    ("admin", "/user/window", {"self": ("GET", "/profile")}),
    ("admin", "/group/taxation/head", {"self": ("GET", "")}),
    ("admin", "/group/taxation/members", {}),
    ("admin", "/deployment/any", {"self": ("GET", ""), "delete": ("DELETE", "")}),
]


def test_what_one_may_do_is_told_and_what_only_refuses_is_not(served: Served) -> None:
    for login, path, links in MAY:
        assert offered(served, login, path) == links, (login, path)


def test_a_filter_is_changed_by_its_owner_alone(served: Served) -> None:
    made = served.person("admin").post(f"{REST}/filter/create", FILTER).get_json()["id"]
    asking = {"self", "list", "count", "singleResult"}

    assert set(offered(served, "admin", f"/filter/{made}")) == asking | {"update", "delete"}
    assert set(offered(served, "window", f"/filter/{made}")) == asking
    assert served.person("window")("OPTIONS", f"{REST}/filter/none").status_code == 404


def test_who_is_not_logged_in_is_asked_to(served: Served) -> None:
    answer = served.anybody("OPTIONS", f"{REST}/user")

    assert (answer.status_code, answer.data) == (401, b"")


def test_a_browser_that_asks_for_another_site_is_told_the_methods_and_given_no_leave(served: Served) -> None:
    asked = {"Access_Control_Request_Method": "POST", "Origin": "https://elsewhere.example"}

    answer = served.anybody("OPTIONS", f"{REST}/user", **asked)

    assert (answer.status_code, answer.data) == (200, b"")
    assert "GET" in answer.headers["Allow"]
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control-")]
