"""Attachments to an opinion (附件): an officer's files go with the draft, then with the opinion, to who reads it."""

import io
from typing import Any

import pytest
from sqlalchemy import select

from engine import evidence
from engine.ports import ENGINE
from engine.tables import Act
from tests.served import PDF, Served

SIGNED: dict[str, Any] = {"outcome": "agree", "comment": "同意", "form": {"finding": "符合规定"}}


@pytest.fixture
def number(served: Served) -> str:
    return served.opens().accepted()


def names(files: list[dict[str, Any]]) -> list[str]:
    return [file["filename"] for file in files]


def test_files_named_on_completing_go_with_the_opinion_to_whoever_reads_it(served: Served, number: str) -> None:
    officer = served.person("taxation")
    task, photo = officer.task(), officer.uploads("核查照片.pdf")

    assert officer.post(f"/inbox/{task}/complete", SIGNED | {"attachments": [photo]}).status_code == 200

    of_task = served.person("market-regulation").json("/inbox")["rows"][0]["id"]
    shown = served.person("market-regulation").json(f"/inbox/{of_task}")
    given = [one for one in shown["opinions"] if one["task_id"] == task]
    assert names(given[0]["attachments"]) == ["核查照片.pdf"]
    case = served.person("lead").json(f"/cases/{number}")
    assert [names(one["attachments"]) for one in case["opinions"]] == [[], ["核查照片.pdf"]]
    assert case["materials"] == []
    assert served.person("lead").get(f"/cases/{number}/materials/{photo}").data == PDF


@pytest.mark.parametrize("login", ["applicant", "bank"])
def test_who_does_not_read_the_opinion_does_not_see_its_files(served: Served, number: str, login: str) -> None:
    officer, reader = served.person("taxation"), served.person(login)
    photo = officer.uploads("核查照片.pdf")
    officer.post(f"/inbox/{officer.task()}/complete", SIGNED | {"attachments": [photo]})

    assert photo not in str(reader.json(f"/cases/{number}"))
    assert reader.get(f"/cases/{number}/materials/{photo}").status_code == 404


def test_the_files_of_a_draft_are_seen_by_who_works_on_the_task_and_go_with_its_opinion(
    served: Served, number: str
) -> None:
    officer, colleague = served.person("taxation"), served.person("taxation-2")
    task, photo, other = officer.task(), officer.uploads("核查照片.pdf"), officer.uploads("误传.pdf")
    officer.put(f"/inbox/{task}/draft", {"form": {}, "attachments": [other]})
    officer.put(f"/inbox/{task}/draft", {"form": {}, "attachments": [photo]})
    officer.put(f"/inbox/{task}/draft", {"form": {"finding": "属实"}})

    assert names(colleague.json(f"/inbox/{task}")["attachments"]) == ["核查照片.pdf"]
    assert colleague.get(f"/cases/{number}/materials/{photo}").status_code == 200
    assert served.person("market-regulation").get(f"/cases/{number}/materials/{photo}").status_code == 404

    assert colleague.post(f"/inbox/{task}/complete", SIGNED).status_code == 200
    opinions = served.person("market-regulation").json(f"/cases/{number}")["opinions"]
    assert names(opinions[-1]["attachments"]) == ["核查照片.pdf"]
    assert names(colleague.json(f"/inbox/{task}")["attachments"]) == ["核查照片.pdf"]


def test_what_is_not_the_officers_own_unused_file_is_refused_and_nothing_is_done(served: Served, number: str) -> None:
    officer = served.person("taxation")
    task, used = officer.task(), officer.uploads()
    served.person("bank").post(f"/inbox/{served.person('bank').task()}/complete", SIGNED | {"attachments": [used]})
    officer.put(f"/inbox/{task}/draft", {"form": {}, "attachments": [used]})
    foreign = served.person("taxation-2").uploads()

    wanted = [used, foreign, "019cac0f-2680-70d5-8de0-8a62a3683564"]
    refused = officer.post(f"/inbox/{task}/complete", SIGNED | {"attachments": wanted})

    assert refused.status_code == 422
    assert [fault["path"] for fault in refused.get_json()["errors"]] == ["attachments[1]", "attachments[2]"]
    assert officer.json(f"/inbox/{task}")["state"] == "CREATED"


def test_a_forbidden_type_is_refused_before_it_can_be_attached(served: Served) -> None:
    answer = served.person("taxation").post("/materials", {"file": (io.BytesIO(b"MZ"), "核查.exe")})

    assert (answer.status_code, answer.get_json()["errors"][0]["path"]) == (422, "file")


def test_an_attached_file_cannot_be_handed_in_as_a_material(served: Served, number: str) -> None:
    officer = served.person("window")
    paper = officer.uploads()
    window_task = served.submits()["number"]
    task = officer.task(window_task)
    officer.put(f"/inbox/{task}/draft", {"form": {}, "attachments": [paper]})

    again = officer.post("/cases", {"item": "opening", "materials": [{"kind": "identity", "id": paper}]})

    assert again.status_code == 422


def test_the_evidence_names_each_file_with_its_hash(served: Served, number: str) -> None:
    officer = served.person("taxation")
    file = officer.post("/materials", {"file": (io.BytesIO(PDF), "核查照片.pdf")}).get_json()
    officer.post(f"/inbox/{officer.task()}/complete", SIGNED | {"attachments": [file["id"]]})

    with served.database.view(ENGINE) as tx:
        act = tx.session.scalars(select(Act).where(Act.kind == "task.attached")).one()
        assert evidence.verify(tx, act.root_id) is None
    assert (act.actor, act.new) == ("taxation", f"核查照片.pdf {file['sha256']}")
