"""Deployments by way of Camunda's API: the files that they hold."""

import io

import pytest

from tests.diagrams import straight, user_task
from tests.served import Person, Served

DIAGRAM = straight(user_task("check"), key="checked")
FORM = b'{"type": "default", "id": "checks", "components": []}'
FILES = {"核对.bpmn": DIAGRAM, "checks.form": FORM, "notes.md": b"# Notes"}


@pytest.fixture
def designer(served: Served) -> Person:
    designer = served.person("designer")
    files = {name: (io.BytesIO(content), name) for name, content in FILES.items()}
    answer = designer.post("/engine-rest/deployment/create", {"deployment-name": "checks", **files})
    assert answer.status_code == 200, answer.text
    return designer


def resources(designer: Person) -> dict[str, str]:
    [deployment] = designer.json("/engine-rest/deployment?name=checks")
    rows = designer.json(f"/engine-rest/deployment/{deployment['id']}/resources")
    return {row["name"]: f"/engine-rest/deployment/{deployment['id']}/resources/{row['id']}" for row in rows}


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("核对.bpmn", "application/xml"), ("checks.form", "application/json"), ("notes.md", "application/octet-stream")],
    ids=["diagram", "form", "other"],
)
def test_a_file_is_given_as_it_was_deployed(designer: Person, name: str, media_type: str) -> None:
    content = designer.get(f"{resources(designer)[name]}/data")

    assert (content.data, content.mimetype) == (FILES[name], media_type)
    assert content.headers["Content-Disposition"].startswith('attachment; filename="')


def test_a_single_file_is_shown_as_in_the_list(designer: Person) -> None:
    [deployment] = designer.json("/engine-rest/deployment?name=checks")

    for name, path in resources(designer).items():
        shown = designer.json(path)
        assert shown == {"id": path.rpartition("/")[2], "name": name, "deploymentId": deployment["id"]}
    assert designer.get(f"{path[:-36]}{'0' * 36}").status_code == 404


@pytest.mark.parametrize(("said", "versions"), [("true", 1), ("True", 1), ("False", 2), ("on", 2)])
def test_only_true_asks_to_pass_over_what_is_unchanged(designer: Person, said: str, versions: int) -> None:
    form = {"deployment-name": "checks", "enable-duplicate-filtering": said}
    files = {name: (io.BytesIO(content), name) for name, content in FILES.items()}

    assert designer.post("/engine-rest/deployment/create", {**form, **files}).status_code == 200

    assert designer.json("/engine-rest/process-definition/count?key=checked") == {"count": versions}


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        ("", {"checked", "local"}),
        ("tenantIdIn=429101", {"local"}),
        ("withoutTenantId=true", {"checked"}),
        ("tenantIdIn=429101&includeProcessDefinitionsWithoutTenantId=true", {"checked", "local"}),
        ("includeProcessDefinitionsWithoutTenantId=true", {"checked", "local"}),
    ],
    ids=["all", "of-one", "of-none", "of-one-and-none", "also-of-none"],
)
def test_what_serves_everywhere_is_listed_beside_a_division_s_own(
    served: Served, designer: Person, asked: str, keys: set[str]
) -> None:
    region = {"code": "429101", "name": "云溪市", "name_en": "Yunxi"}
    assert served.person("admin").post("/regions", region).status_code == 201
    own = DIAGRAM.replace(b"checked", b"local")
    form = {"deployment-name": "local", "tenant-id": "429101", "x.bpmn": (io.BytesIO(own), "x.bpmn")}
    assert designer.post("/engine-rest/deployment/create", form).status_code == 200

    listed = designer.json(f"/engine-rest/process-definition?{asked}")

    assert {"checked", "local"} & {one["key"] for one in listed} == keys
