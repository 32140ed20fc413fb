"""Files of forms at the door: uploaded on their own, named in a form by their reference, read by whoever may."""

import io
import json
from typing import Any

import httpx
import pytest

from casework.materials import MOST_BYTES
from tests.diagrams import diagram, end, flows, start, straight, user_task
from tests.running import running
from tests.served import PDF, Person, Served

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
PAPERS = {"type": "filepicker", "key": "papers", "multiple": True, "accept": "image/*, application/pdf"}
FORM = json.dumps({"id": "papers", "type": "default", "components": [PAPERS]}).encode()
DRAWN = {"formRef": "papers", "formRefBinding": "latest"}


def uploads(person: Person, name: str = "核查表.pdf", content: bytes = PDF) -> dict[str, Any]:
    answer = person.post("/files", {"file": (io.BytesIO(content), name)})
    assert answer.status_code == 201, answer.text
    shown: dict[str, Any] = answer.get_json()
    return shown


def tried(served: Served) -> str:
    """A task of a process without a case, whose form takes pictures and PDF."""
    served.deploy(tried_bpmn=straight(user_task("check", candidateGroups="window", **DRAWN)), papers_form=FORM)
    started = served.person("designer").post("/engine-rest/process-definition/key/approval/start", {})
    assert started.status_code == 200, started.text
    return served.person("window").task()


def hands_in(person: Person, task: str, *papers: str) -> Any:
    value = {"value": json.dumps(papers), "type": "Json"}
    return person.post(f"/engine-rest/task/{task}/submit-form", {"variables": {"papers": value}})


def test_a_file_is_known_by_the_reference_that_a_form_holds(served: Served) -> None:
    clerk = served.person("window")
    file = uploads(clerk)

    assert file["reference"] == f"files::{file['id']}"
    for name in (file["id"], file["reference"]):
        assert clerk.json(f"/files/{name}") == file
        assert clerk.get(f"/files/{name}/content").data == PDF


@pytest.mark.parametrize(
    ("name", "content"),
    [("空.pdf", b""), ("证照.exe", b"MZ"), ("证照.pdf", PNG), ("..", PDF), ("", PDF)],
    ids=["empty", "program", "other-content", "path", "nameless"],
)
def test_what_no_office_takes_is_refused(served: Served, name: str, content: bytes) -> None:
    answer = served.person("window").post("/files", {"file": (io.BytesIO(content), name)})

    assert (answer.status_code, answer.get_json()["errors"][0]["path"]) == (422, "file")


@pytest.mark.parametrize("name", ["../../etc/章程.pdf", "/srv/章程.pdf"], ids=["up", "root"])
def test_of_a_path_only_the_file_s_own_name_is_kept(served: Served, name: str) -> None:
    assert uploads(served.person("window"), name)["filename"] == "章程.pdf"


def test_an_unused_file_is_its_uploader_s_alone_and_can_be_taken_back(served: Served) -> None:
    clerk, colleague = served.person("window"), served.person("taxation")
    path = f"/files/{uploads(clerk)['id']}"

    for verb, address in (("GET", path), ("GET", f"{path}/content"), ("DELETE", path)):
        assert colleague(verb, address).status_code == 404
    assert clerk("DELETE", path).status_code == 204
    assert clerk.get(path).status_code == 404


def test_who_is_not_logged_in_or_a_connected_system_uploads_nothing(served: Served) -> None:
    for person, status in ((served.anybody, 401), (served.person("payments"), 403)):
        assert person.post("/files", {"file": (io.BytesIO(PDF), "a.pdf")}).status_code == status


def test_a_task_without_a_case_takes_a_file_of_its_holder_and_of_a_type_that_the_form_accepts(served: Served) -> None:
    task, clerk = tried(served), served.person("window")
    somebody_s = uploads(served.person("taxation"))["reference"]
    sheet = uploads(clerk, "清单.xlsx", b"PK\x03\x04")["reference"]
    picture, paper = uploads(clerk, "现场.png", PNG), uploads(clerk)

    for refused in (somebody_s, sheet, "files::0"):
        assert hands_in(clerk, task, refused).status_code == 400
    done = hands_in(clerk, task, picture["reference"], paper["id"])
    assert done.status_code == 204, done.text

    assert clerk.get(f"/files/{picture['id']}/content").data == PNG
    assert served.person("designer").get(f"/files/{paper['id']}").status_code == 200
    assert served.person("taxation").get(f"/files/{paper['id']}").status_code == 404
    assert clerk("DELETE", f"/files/{paper['id']}").status_code == 409


def test_a_single_field_of_form_js_names_its_file_without_a_list(served: Served) -> None:
    task, clerk = tried(served), served.person("window")
    value = {"value": uploads(clerk)["reference"], "type": "String"}

    done = clerk.post(f"/engine-rest/task/{task}/submit-form", {"variables": {"papers": value}})

    assert done.status_code == 204, done.text


def test_a_start_form_takes_the_starter_s_file_over_into_the_process(served: Served) -> None:
    begins = start("begins", **DRAWN)
    drawn = diagram(begins, user_task("check", candidateGroups="taxation"), end(), flows("begins", "check", "end"))
    served.deploy(tried_bpmn=drawn, papers_form=FORM)
    designer = served.person("designer")
    paper, somebody_s = uploads(designer), uploads(served.person("window"))

    def submits(*papers: str) -> int:
        value = {"value": json.dumps(papers), "type": "Json"}
        path = "/engine-rest/process-definition/key/approval/submit-form"
        return designer.post(path, {"variables": {"papers": value}}).status_code

    assert [submits(somebody_s["id"]), submits("0"), submits(paper["reference"]), submits(paper["id"])] == [
        400,
        400,
        200,
        400,
    ], "a file serves one process"
    assert served.person("taxation").get(f"/files/{paper['id']}/content").data == PDF
    assert served.person("window").get(f"/files/{paper['id']}").status_code == 404


def test_a_file_of_a_case_is_read_by_whoever_reads_what_it_was_handed_in_with(served: Served) -> None:
    served.opens()
    applicant = served.person("applicant")
    deed, identity = uploads(applicant, "住所.pdf"), uploads(applicant, "身份证.pdf")
    named = [{"kind": "premises", "id": deed["id"]}, {"kind": "identity", "id": identity["id"]}]
    number = served.accepted(materials=named)

    def sees(login: str) -> list[int]:
        return [served.person(login).get(f"/files/{one['id']}").status_code for one in (deed, identity)]

    assert number
    assert sees("applicant") == sees("taxation") == sees("window") == [200, 200]
    assert sees("bank") == [200, 404], "the item shows the bank the premises alone"
    assert sees("agent") == [404, 404]


def test_uploads_over_a_real_connection(sqlite_url: str) -> None:
    """50 MB are answered before they are read: the client has not sent its body to the end."""
    with running(sqlite_url) as server:
        assert server.run("setup-demo").returncode == 0
        server.start()
        with httpx.Client(base_url=f"{server.address}/api", auth=("window", "window"), trust_env=False) as client:
            kept = client.post("/files", files={"file": ("../章程.pdf", PDF)})
            wrong = client.post("/files", files={"file": ("章程.pdf", PNG)})
            whole = client.post("/files", files={"file": ("大.pdf", PDF.ljust(MOST_BYTES, b" "))})
            over = client.post("/files", files={"file": ("大.pdf", PDF.ljust(50 << 20, b" "))})
            found = client.get(f"/files/{kept.json()['reference']}/content")

    assert [one.status_code for one in (kept, wrong, whole, over, found)] == [201, 422, 201, 413, 200]
    assert (kept.json()["filename"], found.content) == ("章程.pdf", PDF)
