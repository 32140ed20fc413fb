"""Acceptance scenario 29, who sees what: a confidential case is nowhere to be found but by its participants, and lists
show nobody's identity number."""

import re
from io import BytesIO
from typing import Any

import pytest
from werkzeug.test import TestResponse

from api.routes import doors
from casework.scenarios.reading import read_values
from tests.acceptance.registration import APPLICATION, ITEM, Registration, edited
from tests.served import Person

APPLICANT, IDS = "顾清和", ("42910119870316041X", "429101199304123528")
TITLE = "云溪市禾木智能装备有限公司"
PARTICIPANTS = ("applicant", "window", "market-regulation", "market-regulation-head", "taxation")
OUTSIDERS = ("agent", "housing-fund", "bank-head", "lead", "government-leader", "supervisor", "admin", "designer")
NEVER = "00000020991231000001"


@pytest.fixture
def number(office: Registration) -> str:
    """A confidential case on which market regulation and taxation work; taxation has not signed yet."""
    number = office.is_accepted(departments=["taxation"])
    assert classified(office, number, "market-regulation-head").status_code == 200
    office.is_signed(number, "market-regulation")
    return number


def classified(office: Registration, number: str, login: str, **changes: Any) -> TestResponse:
    said = {"confidential": True, "reason": "涉及国防科研生产单位"} | changes
    return office.person(login).put(f"/cases/{number}/confidentiality", said)


def tasks(office: Registration, number: str) -> list[str]:
    """Every task of the case, done or open, as those who work on it know them."""
    shown = office.case(number, "window")
    return [one["task_id"] for one in (*shown["opinions"], *shown["open_steps"])]


def routes(office: Registration, *, named: str) -> list[tuple[str, str]]:
    """Every route whose address names just this, or nothing: method and path below /api."""
    stated = [(door.method, path) for path, door in doors(office.app) if re.findall("<(.*?)>", path) in ([named], [])]
    told = [(method, path.removeprefix("/api")) for method, path in stated if f"<{named}>" in path or not named]
    return [(method, path) for method, path in told if not path.startswith(("/docs", "/openapi", "/own-password"))]


def test_29_who_sees_what__nobody_else_finds_a_confidential_case(office: Registration, number: str) -> None:
    narrowed = [
        f"/cases?q={number}",
        f"/cases?q={TITLE[:6]}",
        f"/cases?q={APPLICANT}",
        "/cases?department=taxation",
        f"/inbox?case_number={number}",
        "/incidents?open=false",
        f"/incidents?case_number={number}&open=false",
        f"/jobs?case_number={number}",
    ]
    lists = [path for method, path in routes(office, named="") if method == "GET"]
    assert {"/cases", "/inbox", "/inbox/count", "/inbox/done", "/incidents", "/jobs"} <= set(lists)
    secrets = (f'"{number}"', TITLE, APPLICANT)
    for person in map(office.person, OUTSIDERS):
        told = {path: person.get(path) for path in (*lists, *narrowed)}

        assert [(path, secret) for path, answer in told.items() for secret in secrets if secret in answer.text] == []
        assert {"/cases", "/inbox/count"} <= {path for path, answer in told.items() if answer.status_code == 200}
        assert told["/cases"].get_json()["rows"] == []
        assert told["/inbox/count"].get_json()["departments"] == []


def test_29_who_sees_what__a_guessed_number_or_task_answers_like_one_that_never_was(
    office: Registration, number: str
) -> None:
    case_routes, task_routes = routes(office, named="number"), routes(office, named="task_id")
    assert {("GET", "/cases/<number>"), ("GET", "/cases/<number>/diagram.svg")} <= set(case_routes)
    known = tasks(office, number)
    for person in map(office.person, OUTSIDERS):
        for method, path in case_routes:
            never = asked(person, method, path, NEVER)
            assert asked(person, method, path, number) == never, path
            assert never[0] in (403, 404), path
        for method, path in task_routes:
            never = asked(person, method, path, "019c0000-0000-7000-8000-000000000000")
            assert [asked(person, method, path, task) for task in known] == [never] * len(known), path
            assert never[0] in (403, 404) or method == "OPTIONS", path  # which says what the person may do with any


SPOKEN: dict[str, Any] = {
    "userId": "taxation-2",
    "type": "candidate",
    "variables": {"outcome": {"value": "done"}},
    "modifications": {"outcome": {"value": "done"}},
    "value": "done",
    "id": "019c0000-0000-7000-8000-000000000000",
    "message": "请核对",
    "errorCode": "LATE",
    "escalationCode": "LATE",
}
"""What any of Camunda's acts on a task takes."""


def asked(person: Person, method: str, path: str, named: str) -> tuple[int, str]:
    """What a route answers to a whole and well-formed request, what was named left out."""
    bodies: dict[str, Any] = {
        "decline": {"comment": "不予受理"},
        "supplement": {"form": {"employees": 3}},
        "confidentiality": {"confidential": False, "reason": "不涉密"},
        "transfer": {"to": {"login": "taxation-2"}, "reason": "调离"},
        "delegate": {"to": "taxation-2", "reason": "出差"},
        "assign": {"assignee": "taxation-2"},
        "draft": {"form": {}},
        "complete": {"outcome": "done", "form": {}},
        "request-correction": {"items": ["章程缺少签署日期"]},
        "remind": {"message": "请尽快办理"},
        "copies": {"to": [{"login": "housing-fund"}]},
        "consultations": {"to": {"department": "housing-fund"}, "question": "是否缴存"},
        "resolve": {"comment": "已核对"},
        "deferral": {"materials": ["premises"], "how": "邮寄"},
        "hand-in": {"materials": [{"kind": "premises", "id": "019c0000-0000-7000-8000-000000000000"}]},
    }
    body = bodies.get(path.rpartition("/")[2], {}) if method != "GET" else None
    if path.startswith("/engine-rest") and body is not None:
        body = {"content": (BytesIO(b"%PDF-1.7"), "a.pdf")} if path.endswith("/attachment/create") else SPOKEN
    answer = person(method, re.sub("<.*?>", named, path), body)
    return answer.status_code, answer.text.replace(named, "…")


def test_29_who_sees_what__the_public_is_told_as_of_a_wrong_code(office: Registration) -> None:
    receipt = office.applies(departments=["taxation"])
    number, code = receipt["number"], receipt["query_code"]
    pages = ("/public/progress", "/public/progress/diagram.svg")
    assert [office.anybody.get(f"{page}?number={number}&query_code={code}").status_code for page in pages] == [200] * 2

    assert classified(office, number, "lead").status_code == 200

    for page in pages:
        right = office.anybody.get(f"{page}?number={number}&query_code={code}")
        wrong = office.anybody.get(f"{page}?number={number}&query_code=22222222")
        never = office.anybody.get(f"{page}?number={NEVER}&query_code={code}")
        assert {answer.status_code for answer in (right, wrong, never)} == {404}
        assert right.text == wrong.text == never.text
        assert dict(right.headers) == dict(wrong.headers) == dict(never.headers)


def test_29_who_sees_what__those_who_take_part_go_on(office: Registration, number: str) -> None:
    for person in map(office.person, PARTICIPANTS):
        assert person.json(f"/cases/{number}")["confidential"] is True
        assert [(row["number"], row["confidential"]) for row in person.json("/cases")["rows"]] == [(number, True)]
        assert person.get(f"/cases/{number}/diagram.svg").status_code == 200


def test_29_who_sees_what__the_lead_lifts_it_with_a_reason_and_both_acts_are_on_record(
    office: Registration, number: str
) -> None:
    assert classified(office, number, "taxation-head", confidential=False).status_code == 403
    assert classified(office, number, "market-regulation-head", confidential=False, reason=" ").status_code == 422

    lifted = classified(office, number, "market-regulation-head", confidential=False, reason="保密期限届满")

    assert lifted.status_code == 200
    assert office.person("supervisor").json("/cases")["rows"][0]["number"] == number
    acts = [line for line in office.case(number)["timeline"] if "classified" in line["kind"]]
    assert [(line["text"], line["reason"], line["who"]["login"]) for line in acts] == [
        ("列为涉密办件", "涉及国防科研生产单位", "market-regulation-head"),
        ("解除涉密", "保密期限届满", "market-regulation-head"),
    ]
    assert "涉密" not in office.person("applicant").get(f"/cases/{number}").text


def test_29_who_sees_what__the_window_hands_in_confidentially_an_applicant_does_not(office: Registration) -> None:
    said = dict(read_values(APPLICATION))
    body = {"item": ITEM, "applicant": said["applicant"], "form": said["form"], "confidential": True}

    assert office.person("applicant").post("/cases", body).status_code == 403

    handed_in = office.person("window").post("/cases", body)
    assert handed_in.status_code == 201
    assert office.person("lead").get(f"/cases/{handed_in.get_json()['number']}").status_code == 404
    assert office.person("supervisor").json("/cases")["rows"] == []


def test_29_who_sees_what__an_item_may_be_confidential_as_a_whole(office: Registration) -> None:
    published = office.publishes(
        {"item.toml": edited("item.toml", {'title = "company_name"': 'title = "company_name"\nconfidential = true'})}
    )
    assert published.status_code == 201, published.text

    number = office.is_accepted(departments=["taxation"])

    assert office.person("lead").get(f"/cases/{number}").status_code == 404
    assert office.case(number, "taxation")["confidential"] is True


def test_29_who_sees_what__an_administrator_hands_over_no_task_of_it(office: Registration, number: str) -> None:
    officer = office.person("taxation")
    task = officer.task(number)
    assert officer.post(f"/inbox/{task}/claim").status_code == 200
    handed = {"to": "taxation-2", "reason": "调离"}

    refused = office.person("admin").post("/people/taxation/hand-over", handed).get_json()

    assert (refused["moved"], refused["holdings"][0]["case_number"]) == (0, None)
    assert officer.task(number) == task
    assert classified(office, number, "market-regulation-head", confidential=False).status_code == 200
    assert office.person("admin").post("/people/taxation/hand-over", handed).get_json()["moved"] == 1


def test_29_who_sees_what__personal_ids_are_masked_in_lists(office: Registration) -> None:
    number = office.is_accepted()
    office.is_signed(number, "market-regulation", "taxation")

    for person in map(
        office.person, ("window", "lead", "supervisor", "market-regulation", "taxation", "bank", "admin")
    ):
        lists = [person.get(path).text for path in ("/cases", f"/cases?q={number}", "/inbox", "/inbox/done")]
        assert [number for number in IDS for told in lists if number in told] == []
