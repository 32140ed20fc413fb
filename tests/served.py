"""The whole office as the composition root wires it, used by its people over HTTP."""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import lianban
from casework import calendars, demo_people, logins
from engine import deployments
from engine.deployments import Published
from engine.ports import ENGINE
from engine.transaction import Database
from tests.diagrams import (
    diagram,
    end,
    event_sub_process,
    flow,
    flows,
    message,
    parallel,
    properties,
    receive_task,
    start,
    user_task,
)
from tests.world import World

REGION = "000000"
DEPARTMENTS = ("market-regulation", "taxation", "bank")
REVIEW = "agree 同意 Agree; object 不同意 Object"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"

APPLICANT = {
    "kind": "person",
    "name": "陆嘉禾",
    "id_type": "resident-id",
    "id_number": "11010519491231002X",
    "phone": "13905710001",
}
APPLICATION_FORM = {
    "id": "application",
    "type": "default",
    "components": [
        {"id": "f1", "type": "textfield", "key": "company", "label": "企业名称", "validate": {"required": True}},
        {"id": "f2", "type": "number", "key": "staff", "label": "从业人数", "validate": {"min": 1}},
        {"id": "f3", "type": "textfield", "key": "secret", "label": "内部编号"},
    ],
}
REVIEW_FORM = {
    "id": "review",
    "type": "default",
    "components": [
        {"id": "f1", "type": "textfield", "key": "company", "label": "企业名称", "disabled": True},
        {
            "id": "f2",
            "type": "textfield",
            "key": "finding",
            "label": "审查结论",
            "validate": {"required": True, "maxLength": 200},
        },
    ],
}
ITEM = """
code = "opening"
name = "企业开办"
name_en = "Opening a company"
kind = "行政许可"
case_kind = "promised"
level = "县级"
body = "市场监督管理局"
applicants = ["自然人"]
process = "{process}"
form = "application"
title = "company"
in_force_on = 2026-01-01
[limits]
promised = "10WD"
statutory = "20WD"
[guide]
scope = "本行政区域"
place = "政务服务中心一楼"
office_hours = "工作日 9:00—17:00"
phone = "0700-8625210"
complaint_phone = "12345"
visits = 1
conditions = ["名称符合规定"]
[[basis]]
law = "市场主体登记管理条例"
article = "第三条"
[[materials]]
code = "identity"
name = "身份证明"
name_en = "Proof of identity"
source = "申请人自备"
form = "电子"
[[materials]]
code = "premises"
name = "住所文件"
name_en = "Proof of premises"
source = "申请人自备"
form = "电子"
"""
BANK = 'fields = ["company"]\nmaterials = ["premises"]\nsees_opinions = false\n'


def item(departments: Sequence[str] = DEPARTMENTS, process: str = "approval", **changes: str) -> bytes:
    """An item.toml; the first department leads, the bank sees one field, one material and nobody's opinion."""
    text = ITEM.format(process=process)
    for old, new in changes.items():
        text = text.replace(f'{old} = "', f'{old} = "{new}" # "', 1)
    for place, role in enumerate(departments):
        lead = "lead = true\n" if place == 0 else ""
        text += f'[[participants]]\nrole = "{role}"\nlimit = "5WD"\n{lead}{BANK if role == "bank" else ""}'
    return text.encode()


def joint_approval(departments: Sequence[str] = DEPARTMENTS, *more: Any) -> bytes:
    """The window accepts, all departments review at once, the lead's department decides, the window delivers."""
    reviews = [
        user_task(
            f"review-{role}",
            properties(act="review", outcomes=REVIEW),
            name=f"{role} 审查\nReview",
            candidateGroups=role,
            formRef="review",
            formRefBinding="latest",
        )
        for role in departments
    ]
    around = [one for role in departments for one in flows("fork", f"review-{role}", "join")]
    return diagram(
        start(),
        accept(),
        user_task("declined", properties(act="deliver"), name="送达不予受理\nDeliver", candidateGroups="window"),
        parallel("fork"),
        *reviews,
        parallel("join"),
        user_task("deliver", properties(act="deliver"), name="送达\nDelivery", candidateGroups="window"),
        end(),
        end("over"),
        flows("start", "accept"),
        flow("accept", "fork", "${acceptance == 'accept'}"),
        flow("accept", "declined", "${acceptance == 'decline'}"),
        flows("declined", "over"),
        around,
        flows("join", "deliver", "end"),
        corrections(),
        withdrawal(),
        *more,
    )


def accept() -> Any:
    outcomes = "accept 受理 Accept; decline 不予受理 Decline"
    meaning = properties(act="accept", outcomes=outcomes, outcome="acceptance")
    return user_task("accept", meaning, name="受理\nAcceptance", candidateGroups="window")


def corrections() -> Any:
    return event_sub_process(
        "corrections",
        start("noticed", message("correction-noticed"), isInterrupting=False),
        receive_task("answer", "case-supplemented", properties(act="correct")),
        end("answered"),
        flows("noticed", "answer", "answered"),
    )


def withdrawal() -> Any:
    return event_sub_process(
        "withdrawal",
        start("withdrawn", message("case-withdrawn"), properties(act="withdraw"), name="撤件\nWithdrawn"),
        end("taken-back"),
        flows("withdrawn", "taken-back"),
    )


UPLOADS = ("/data", "/files", "/materials", "/deployments", "/import", "/deployment/create", "/attachment/create")


class Person:
    """Somebody logged in by a bearer token. `language` goes with every request."""

    def __init__(self, client: FlaskClient, token: str | None, language: str | None = None) -> None:
        self._client, self._token, self._language = client, token, language

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        """`headers` are written with underscores: If_Match="…"."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self._token is not None:
            sent["Authorization"] = f"Bearer {self._token}"
        if self._language is not None:
            sent["Accept-Language"] = self._language
        files = isinstance(body, Mapping) and any(isinstance(value, list | tuple) for value in body.values())
        address = path if path.startswith("/engine-rest") else f"/api{path}"
        if path.partition("?")[0].endswith(UPLOADS) and files:
            answer = self._client.open(address, method=method, data=body, headers=sent)
            answer.request.environ["wsgi.input"].close()
            return answer
        return self._client.open(address, method=method, json=body, headers=sent)

    def get(self, path: str, **headers: str) -> TestResponse:
        return self("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        return self("POST", path, {} if body is None else body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> TestResponse:
        return self("PUT", path, body, **headers)

    def json(self, path: str) -> Any:
        """What a read answers; it has to succeed."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def task(self, number: str | None = None) -> str:
        """The id of the only task in the inbox, of a case where that is named."""
        rows = self.json("/inbox" + (f"?case_number={number}" if number else ""))["rows"]
        assert len(rows) == 1, rows
        return str(rows[0]["id"])

    def does(self, number: str, outcome: str | None = None, comment: str | None = None, **form: Any) -> TestResponse:
        """Completes the person's only task of a case."""
        body = {"outcome": outcome, "comment": comment, "form": form}
        answer = self.post(f"/inbox/{self.task(number)}/complete", body)
        assert answer.status_code == 200, answer.text
        return answer

    def uploads(self, name: str = "身份证.pdf", content: bytes = PDF) -> str:
        """The id of a material."""
        answer = self.post("/materials", {"file": (io.BytesIO(content), name)})
        assert answer.status_code == 201, answer.text
        return str(answer.get_json()["id"])


class Served:
    """An office on a database of its own, with the demonstration's people and the country's calendar."""

    def __init__(self, database: Database, world: World) -> None:
        self.database, self.world = database, world
        self.app = lianban.create_app(database)
        self._tokens: dict[str, str] = {}

    def person(self, login: str, language: str | None = None) -> Person:
        """Somebody who logged in a while ago."""
        if login not in self._tokens:
            with self.database.view(ENGINE) as tx:
                known = logins.by_login(tx, login)
            assert known is not None
            with self.database.begin(known.actor) as tx:
                self._tokens[login], _ = logins.issue_token(tx, None, timedelta(days=365))
        return Person(self.app.test_client(), self._tokens[login], language)

    @property
    def anybody(self) -> Person:
        """Somebody who is not logged in."""
        return Person(self.app.test_client(), None)

    def deploy(self, **files: bytes) -> Published:
        """Deploys files, named approval_bpmn=…, application_form=…."""
        named = {name.replace("_", "."): content for name, content in files.items()}
        with self.database.begin(ENGINE) as tx:
            return deployments.deploy(tx, named, region=REGION)

    def opens(self, departments: Sequence[str] = DEPARTMENTS, drawn: bytes | None = None) -> "Served":
        """Puts the item `opening` into force, with a joint approval by these departments."""
        self.deploy(
            approval_bpmn=joint_approval(departments) if drawn is None else drawn,
            application_form=json.dumps(APPLICATION_FORM).encode(),
            review_form=json.dumps(REVIEW_FORM).encode(),
            item_toml=item(departments),
        )
        return self

    def submits(self, login: str = "applicant", **changes: Any) -> dict[str, Any]:
        """A case's receipt."""
        answer = self.person(login).post("/cases", application(**changes))
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.get_json()
        return found

    def accepted(self, **changes: Any) -> str:
        """The number of a case that the window has accepted."""
        number = str(self.submits(**changes)["number"])
        answer = self.person("window").post(f"/cases/{number}/accept")
        assert answer.status_code == 200, answer.text
        return number


def application(**changes: Any) -> dict[str, Any]:
    """A complete application."""
    form = {"company": "临安知微生物科技有限公司", "staff": 12, "secret": "N-17"}
    return {"item": "opening", "applicant": APPLICANT, "form": form} | changes


@contextmanager
def serving(url: str, world: World) -> Iterator[Served]:
    """An office on a migrated database."""
    with opened(url, world) as database:
        furnish(database)
        yield Served(database, world)


def furnish(database: Database) -> None:
    """Brings in the demonstration's people and the country's calendar."""
    with database.begin(ENGINE) as tx:
        demo_people.seed(tx)
        calendars.seed(tx)


@contextmanager
def opened(url: str, world: World) -> Iterator[Database]:
    """A database with the office's own ports, where the present is the test's."""
    ports = replace(lianban.ports(), now=lambda: world.now)
    with closing(Database(url, ports, pool_size=30)) as database:
        yield database
