"""Plays a scenario file on a running server over HTTP: each step by the person it names, as a browser would.

The server's time is real: the days in forms are moved to the present, and what a scenario says of time, what it
expects and what is to be refused is left out.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx

from casework.scenarios.reading import Step, read_values
from engine.errors import Sentence

CHINESE = "zh"
A_PDF = b"%PDF-1.7\n"
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?=\Z|T)")

Told = Mapping[str, Any]


class Refused(Exception):
    """The server did not do what a step asked of it."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(sentence.en)


@dataclass(slots=True)
class Walk:
    """One case on its way through a server; it is about the case submitted last. `later`: than the scenario's days."""

    client: httpx.Client
    item: str
    folder: Path
    language: str
    later: timedelta
    number: str = ""
    query_code: str = ""
    applicant: str = ""
    tokens: dict[str, str] = field(default_factory=dict)

    def call(self, login: str, method: str, path: str, *, language: str | None = None, **content: Any) -> Any:
        """One request by one person. Raises Refused when the server does not answer 2xx."""
        if login not in self.tokens:
            answer = self.client.post("/api/tokens", auth=(login, login), json={"name": "lianban demo"})
            self.tokens[login] = _read(answer)["token"]
        headers = {"Authorization": f"Bearer {self.tokens[login]}", "Accept-Language": language or self.language}
        return _read(self.client.request(method, f"/api{path}", headers=headers, **content))

    def of_case(self, told: Told, verb: str, **content: Any) -> None:
        """A verb of the case."""
        self.call(told["by"], "POST", f"/cases/{self.number}/{verb}", json=_given(content))

    def of_task(self, told: Told, verb: str, method: str = "POST", **content: Any) -> None:
        """A verb of the step that the person has in the inbox."""
        task_id = self._task(told["by"], told["step"])
        self.call(told["by"], method, f"/inbox/{task_id}/{verb}", json=_given(content))

    def upload(self, login: str, kind: str) -> dict[str, str]:
        """A material, and the kind the item calls it."""
        files = {"file": (f"{kind}.pdf", A_PDF, "application/pdf")}
        return {"kind": kind, "id": self.call(login, "POST", "/materials", files=files)["id"]}

    def moved(self, value: Any) -> Any:
        """What is filled in, each day of it as much later as the server's present is."""
        if isinstance(value, Mapping):
            return {name: self.moved(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.moved(inner) for inner in value]
        if isinstance(value, str) and (day := DAY.match(value)):
            return f"{date.fromisoformat(day[0]) + self.later}{value[day.end() :]}"
        return value

    def _task(self, login: str, label: str) -> str:
        asked = {"case_number": self.number}
        rows = self.call(login, "GET", "/inbox", language=CHINESE, params=asked)["rows"]
        named = [row["id"] for row in rows if label in row["name"].split("\n")]
        if not named:
            raise Refused(
                Sentence(
                    f"{login} 的待办箱中没有“{label}”；场景若在此等待期限，在服务上走不到这一步。",
                    f"“{label}” is not in {login}'s inbox; a server does not get past a wait for a limit.",
                )
            )
        return str(named[0])


def _read(answer: httpx.Response) -> Any:
    if answer.is_success:
        return answer.json() if answer.content else {}
    problem = answer.json() if "json" in answer.headers.get("Content-Type", "") else {}
    told = problem.get("detail") or f"HTTP {answer.status_code}"
    faults = "; ".join(f"{one.get('path')}: {one.get('detail')}" for one in problem.get("errors", ()))
    raise Refused(Sentence(f"{told} {faults}", f"{told} {faults}"))


def _given(content: Told) -> dict[str, Any]:
    return {name: value for name, value in content.items() if value is not None}


def _submit(walk: Walk, told: Told) -> None:
    application: Told = read_values((walk.folder / told["application"]).resolve())
    said_of: dict[str, Any] = dict(application["applicant"])
    agent = {key.removeprefix("agent_"): said_of.pop(key) for key in list(said_of) if key.startswith("agent_")}
    guide = walk.call(told["by"], "GET", f"/items/{walk.item}")
    required = [one["code"] for one in guide["document"]["materials"] if one["necessity"] == "required"]
    handed_in = told.get("materials", application.get("materials", required))
    content = {
        "item": walk.item,
        "applicant": said_of | ({"agent": agent} if agent else {}),
        "form": walk.moved({**application["form"], **told.get("form", {})}),
        "materials": [walk.upload(told["by"], kind) for kind in handed_in],
    }
    case = walk.call(told["by"], "POST", "/cases", json=content)
    walk.number, walk.query_code, walk.applicant = case["number"], case["query_code"], told["by"]


def _complete(walk: Walk, told: Told) -> None:
    form = walk.moved(told.get("form", {}))
    walk.of_task(told, "complete", outcome=told.get("outcome"), comment=told.get("comment"), form=form)


def _supplement(walk: Walk, told: Told) -> None:
    handed_in = [walk.upload(told["by"], kind) for kind in told.get("materials", ())]
    walk.of_case(told, "supplement", form=walk.moved(told.get("form", {})), materials=handed_in)


def _defer(walk: Walk, told: Told) -> None:
    walk.of_case(told, "deferral", materials=told["materials"], how=told["how"], within=told.get("within"))


def _hand_in(walk: Walk, told: Told) -> None:
    walk.of_case(told, "deferral/hand-in", materials=[walk.upload(told["by"], kind) for kind in told["materials"]])


def _pay(walk: Walk, told: Told) -> None:
    """The applicant was told the bill's number; the paying system knows no cases."""
    bill = walk.call(walk.applicant, "GET", f"/cases/{walk.number}/bill")
    paid = {
        "number": told.get("number", f"{bill['number']}-1"),
        "amount": told.get("amount", bill["total"]),
        "paid_at": bill["issued_at"],
    }
    walk.call(told["by"], "POST", f"/bills/{bill['number']}/payments", json=paid)


ACTS: Mapping[str, Callable[[Walk, Any], None]] = {
    "submit": _submit,
    "accept": lambda walk, told: walk.of_case(told, "accept", comment=told.get("comment")),
    "decline": lambda walk, told: walk.of_case(told, "decline", comment=told["comment"]),
    "claim": lambda walk, told: walk.of_task(told, "claim"),
    "release": lambda walk, told: walk.of_task(told, "release"),
    "assign": lambda walk, told: walk.of_task(told, "assign", assignee=told["to"]),
    "draft": lambda walk, told: walk.of_task(told, "draft", "PUT", form=walk.moved(told["form"])),
    "sign": lambda walk, told: walk.of_task(told, "sign", outcome=told.get("outcome"), comment=told.get("comment")),
    "complete": _complete,
    "request_correction": lambda walk, told: walk.of_task(
        told, "request-correction", items=told["items"], reason=told.get("reason")
    ),
    "send_correction_notice": lambda walk, told: walk.of_case(told, "correction-notice"),
    "supplement": _supplement,
    "withdraw": lambda walk, told: walk.of_case(told, "withdraw", reason=told.get("reason")),
    "apply_for_extension": lambda walk, told: walk.of_case(told, "extension-applications"),
    "apply_for_procedure": lambda walk, told: walk.of_case(told, "special-procedures"),
    "defer": _defer,
    "hand_in": _hand_in,
    "pay": _pay,
}
"""Every verb of a scenario that a person does; a test compares them with those that run on the virtual calendar."""


def first_day(steps: Sequence[Step]) -> date | None:
    """The day on which a scenario begins, if it says so."""
    told = next((str(step.argument) for step in steps if step.verb == "at"), None)
    return None if told is None else date.fromisoformat(told[:10])


def is_done_by_people(step: Step) -> bool:
    """Whether a step can be taken on a server: somebody does it, and it is not meant to be refused."""
    return step.verb in ACTS and step.refused is None
