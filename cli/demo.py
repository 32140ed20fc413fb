"""demo: walks one case of a package through every department of a running server, over HTTP, as its people would.

What is told comes from the package's first scenario file; the virtual calendar and the expectations of that file are
left out, because the server's time is real.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import httpx
from rich.table import Table

from casework.scenarios.reading import Step, read_scenario, read_values
from cli.host import Host, pass_host
from cli.terminal import console, progress, said, say, stop
from engine.errors import Sentence

PACKAGE = Path(__file__).parent.parent / "processes" / "enterprise-registration"
A_PDF = b"%PDF-1.7\n"
TIMEOUT = 30.0
COLUMNS = (
    Sentence("时间", "when"),
    Sentence("何人", "who"),
    Sentence("何事", "what"),
    Sentence("结论", "outcome"),
    Sentence("理由", "reasons"),
)


@dataclass(slots=True)
class Walk:
    """One case on its way through a server."""

    client: httpx.Client
    item: str
    folder: Path
    number: str = ""
    query_code: str = ""
    tokens: dict[str, str] = field(default_factory=dict)

    def call(self, login: str, method: str, path: str, **content: Any) -> Any:
        """One request by one person. Raises Refused when the server does not answer 2xx."""
        if login not in self.tokens:
            answer = self.client.post("/api/tokens", auth=(login, login), json={"name": "lianban demo"})
            self.tokens[login] = _read(answer)["token"]
        headers = {"Authorization": f"Bearer {self.tokens[login]}", "Accept-Language": said(Sentence("zh", "en"))}
        return _read(self.client.request(method, f"/api{path}", headers=headers, **content))

    def task(self, login: str, label: str) -> str:
        """The id of the step in a person's inbox."""
        rows = self.call(login, "GET", "/inbox", params={"case_number": self.number})["rows"]
        named = [row["id"] for row in rows if label in row["name"].split("\n")]
        if not named:
            raise Refused(Sentence(f"{login} 的待办箱中没有“{label}”。", f"“{label}” is not in {login}'s inbox."))
        return str(named[0])


class Refused(Exception):
    """The server did not do what the demonstration asked of it."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(sentence.en)


def _read(answer: httpx.Response) -> Any:
    if answer.is_success:
        return answer.json() if answer.content else {}
    problem = answer.json() if "json" in answer.headers.get("Content-Type", "") else {}
    told = problem.get("detail") or f"HTTP {answer.status_code}"
    faults = "; ".join(f"{one.get('path')}: {one.get('detail')}" for one in problem.get("errors", ()))
    raise Refused(Sentence(f"{told} {faults}", f"{told} {faults}"))


def _submit(walk: Walk, told: Mapping[str, Any]) -> None:
    application: Mapping[str, Any] = read_values((walk.folder / told["application"]).resolve())
    said_of: dict[str, Any] = dict(application["applicant"])
    agent = {key.removeprefix("agent_"): said_of.pop(key) for key in list(said_of) if key.startswith("agent_")}
    guide = walk.call(told["by"], "GET", f"/items/{walk.item}")
    required = [one["code"] for one in guide["document"]["materials"] if one["necessity"] == "required"]
    case = walk.call(
        told["by"],
        "POST",
        "/cases",
        json={
            "item": walk.item,
            "applicant": said_of | ({"agent": agent} if agent else {}),
            "form": application["form"],
            "materials": [_upload(walk, told["by"], kind) for kind in required],
        },
    )
    walk.number, walk.query_code = case["number"], case["query_code"]


def _upload(walk: Walk, login: str, kind: str) -> dict[str, str]:
    material = walk.call(login, "POST", "/materials", files={"file": (f"{kind}.pdf", A_PDF, "application/pdf")})
    return {"kind": kind, "id": material["id"]}


def _accept(walk: Walk, told: Mapping[str, Any]) -> None:
    walk.call(told["by"], "POST", f"/cases/{walk.number}/accept", json={})


def _claim(walk: Walk, told: Mapping[str, Any]) -> None:
    walk.call(told["by"], "POST", f"/inbox/{walk.task(told['by'], told['step'])}/claim", json={})


def _draft(walk: Walk, told: Mapping[str, Any]) -> None:
    path = f"/inbox/{walk.task(told['by'], told['step'])}/draft"
    walk.call(told["by"], "PUT", path, json={"form": told["form"]})


def _complete(walk: Walk, told: Mapping[str, Any]) -> None:
    content = {"outcome": told.get("outcome"), "comment": told.get("comment"), "form": told.get("form", {})}
    path = f"/inbox/{walk.task(told['by'], told['step'])}/complete"
    walk.call(told["by"], "POST", path, json={key: value for key, value in content.items() if value is not None})


def _request_correction(walk: Walk, told: Mapping[str, Any]) -> None:
    path = f"/inbox/{walk.task(told['by'], told['step'])}/request-correction"
    walk.call(told["by"], "POST", path, json={"items": told["items"]})


def _send_correction_notice(walk: Walk, told: Mapping[str, Any]) -> None:
    walk.call(told["by"], "POST", f"/cases/{walk.number}/correction-notice", json={})


def _supplement(walk: Walk, told: Mapping[str, Any]) -> None:
    handed_in = [_upload(walk, told["by"], kind) for kind in told.get("materials", ())]
    content = {"form": told.get("form", {}), "materials": handed_in}
    walk.call(told["by"], "POST", f"/cases/{walk.number}/supplement", json=content)


ACTS: Mapping[str, Callable[[Walk, Any], None]] = {
    "submit": _submit,
    "accept": _accept,
    "claim": _claim,
    "draft": _draft,
    "complete": _complete,
    "request_correction": _request_correction,
    "send_correction_notice": _send_correction_notice,
    "supplement": _supplement,
}


@click.command()
@click.option("--base-url", help="a running server; default: this machine's at PORT")
@pass_host
def demo(host: Host, base_url: str | None) -> None:
    """Walk one enterprise registration through every department of a running server and print its timeline.

    让一件企业开办走过运行中服务的每个部门，并打印办理过程。
    """
    url = base_url or f"http://127.0.0.1:{host.port}"
    scenario = read_scenario(sorted((PACKAGE / "scenarios").glob("*.yaml"))[0])
    steps = [step for step in scenario.steps if step.verb in ACTS and step.refused is None]
    with httpx.Client(base_url=url, timeout=TIMEOUT, trust_env=False) as client:
        walk = Walk(client, PACKAGE.name, PACKAGE / "scenarios")
        try:
            _walk(walk, steps)
            _print_timeline(walk.call("window", "GET", f"/cases/{walk.number}"))
        except httpx.TransportError as error:
            raise stop(f"{url} 没有应答，请先运行 make run。", f"{url} does not answer: run make run first.") from error
        except Refused as refused:
            raise stop(*refused.sentence) from refused
    say(
        f"办件编号 {walk.number}，查询码 {walk.query_code}。",
        f"Case number {walk.number}, query code {walk.query_code}.",
    )


def _walk(walk: Walk, steps: list[Step]) -> None:
    with progress() as bar:
        task = bar.add_task(said(Sentence("办理", "walking")), total=len(steps))
        for step in steps:
            ACTS[step.verb](walk, step.argument)
            bar.advance(task)


def _print_timeline(case: Mapping[str, Any]) -> None:
    table = Table(title=f"{case['number']}  {case['title']}  {case['state_name']}")
    for column in COLUMNS:
        table.add_column(said(column))
    for entry in case["timeline"]:
        who = entry["who"] or {}
        department = who.get("department") or entry["department"] or {}
        table.add_row(
            entry["at"][:19].replace("T", " "),
            " ".join(filter(None, (department.get("name"), who.get("name")))),
            entry["text"].replace("\n", " "),
            entry["outcome"] or "",
            entry["reason"] or "",
        )
    console.print(table)
