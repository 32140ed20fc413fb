"""A construction planning permit from submission to delivery, with few and with many matters, as its people send it.

The package as it comes with the product; only its table of matters is replaced by one with a matter for each of so
many departments, all of which take part.
"""

import http.client
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import lianban
from benchmarks.office import SHUT, token
from benchmarks.sites import Kind, Site
from casework import departments
from casework.departments import NewDepartment
from casework.people import Appointment, NewPerson, enter
from casework.scenarios.package import Package
from casework.scenarios.reading import read_values
from casework.tables import Role
from engine import deployments
from engine.ports import ENGINE
from engine.queries.definitions import EVERYWHERE
from engine.transaction import Database
from tests.statements import statements

PACKAGE = Package(lianban.PROCESSES / "construction-planning-permit")
APPLICATION = PACKAGE.folder / "scenarios" / "applications" / "library.yaml"
PEOPLE = {
    "developer": Appointment(Role.APPLICANT),
    "window": Appointment(Role.WINDOW, "window"),
    "planning": Appointment(Role.OFFICER, "planning"),
    "planning-head": Appointment(Role.HEAD, "planning"),
}
WARM = 2

Answer = dict[str, Any]
Send = Callable[[str, str, str, Any], Answer]
"""Method, path, login, body: what the server answered. Raises RuntimeError for a refusal."""


@dataclass(frozen=True, slots=True)
class Walked:
    """What one case of so many matters took. CPU in seconds, the database's own included."""

    kind: Kind
    matters: int
    requests: int
    statements: int
    cpu: float


def measure(site: Site, sizes: Sequence[int], cases: int) -> list[Walked]:
    """Walks cases of each size over HTTP for their CPU, and one more inside this process for its statements."""
    tokens = _prepare(site, sizes)
    found = []
    for size in sizes:
        with closing(http.client.HTTPConnection("127.0.0.1", site.server.port, timeout=60)) as connection:
            over_http = _over_http(connection, tokens)
            for _ in range(WARM):
                _walk(over_http, size)
            before = site.server_cpu() + site.database_cpu()
            requests = [_walk(over_http, size) for _ in range(cases)]
            cpu = (site.server_cpu() + site.database_cpu() - before) / cases
        found.append(Walked(site.kind, size, requests[0], _count_statements(site, tokens, size), cpu))
        print(f"{site.kind}, {size} matters: {cpu:.2f} s CPU a case", flush=True)
    return found


def _prepare(site: Site, sizes: Sequence[int]) -> Mapping[str, str]:
    """The people of a permit, the package, and an item for each number of matters; everybody's token."""
    database = site.office.database
    with database.begin(ENGINE) as tx:
        for role, name in {"window": "综合窗口", "planning": "自然资源和规划局"}.items():
            departments.add(tx, NewDepartment(role, name, role))
        for login, appointment in PEOPLE.items():
            enter(tx, NewPerson(login, "温如玉", "科员", (appointment,)), SHUT)
    for _, files in PACKAGE.deployments:
        _deploy(database, {name: content for name, content in files.items() if not name.endswith(".toml")})
    for size in sizes:
        _deploy(database, {"item.toml": _item(size)})
    return {**site.office.tokens, **{login: token(database, login) for login in PEOPLE}}


def _deploy(database: Database, files: Mapping[str, bytes]) -> None:
    with database.begin(ENGINE) as tx:
        deployments.deploy(tx, files, region=EVERYWHERE)


def _item(size: int) -> bytes:
    """The package's item under another code, with a matter for each of the first so many departments."""
    text = (PACKAGE.folder / "item.toml").read_text(encoding="utf-8")
    head, _, rest = text.partition("[[participants]]")
    materials = "[[materials]]" + rest.partition("[[materials]]")[2]
    said = [head.replace(f'code = "{PACKAGE.folder.name}"', f'code = "{_code(size)}"', 1)]
    said.append('[[participants]]\nrole = "planning"\nlead = true\nlimit = "4WD"\n')
    for role in _reviewers(size):
        said.append(f'[[participants]]\nrole = "{role}"\nlimit = "3WD"\n')
    for role in _reviewers(size):
        said.append(f'[[matters]]\ncode = "{role}"\nname = "{role}"\nname_en = "{role}"\nrole = "{role}"\n')
    return "".join([*said, materials]).encode()


def _code(size: int) -> str:
    return f"permit-of-{size}"


def _reviewers(size: int) -> list[str]:
    return [f"department-{place:03}" for place in range(1, size + 1)]


def _walk(send: Send, size: int) -> int:
    """One case to its end; how many requests it took."""
    sent = 0

    def ask(method: str, path: str, login: str, body: Any = None) -> Answer:
        nonlocal sent
        sent += 1
        return send(method, path, login, body)

    said: Any = read_values(APPLICATION)
    applicant = {name: value for name, value in said["applicant"].items() if not name.startswith("agent_")}
    form = json.loads(json.dumps(said["form"], default=str))
    handed_in = {"item": _code(size), "applicant": applicant, "form": form}
    number = ask("POST", "/api/cases", "developer", handed_in)["number"]

    def completes(login: str, outcome: str, **form: Any) -> None:
        [task] = ask("GET", f"/api/inbox?case_number={number}", login)["rows"]
        ask("POST", f"/api/inbox/{task['id']}/complete", login, {"outcome": outcome, "form": form})

    completes("window", "forward")
    for login in _reviewers(size):
        completes(login, "pass")
    ask("POST", f"/api/cases/{number}/accept", "window", {})
    for login in _reviewers(size):
        completes(login, "agree")
    completes("planning-head", "approve", approved_floor_area=4180.5, approved_height=18.6)
    completes("planning", "issued", permit_number="建字第4291012026000018号", permit_issued_on="2026-03-05")
    given = {"delivered_document": "规划许可证", "delivery_method": "window", "receiver_name": "陆嘉禾"}
    completes("window", "delivered", **given)
    state = ask("GET", f"/api/cases/{number}", "window")["state"]
    if state != "CONCLUDED":
        raise RuntimeError(f"the case is {state}")
    return sent


def _over_http(connection: http.client.HTTPConnection, tokens: Mapping[str, str]) -> Send:
    def send(method: str, path: str, login: str, body: Any) -> Answer:
        headers = {"Authorization": f"Bearer {tokens[login]}", "Content-Type": "application/json"}
        connection.request(method, path, None if body is None else json.dumps(body).encode(), headers)
        answer = connection.getresponse()
        return _understood(answer.status, answer.read().decode())

    return send


def _count_statements(site: Site, tokens: Mapping[str, str], size: int) -> int:
    client = lianban.create_app(site.office.database).test_client()

    def send(method: str, path: str, login: str, body: Any) -> Answer:
        answer = client.open(path, method=method, json=body, headers={"Authorization": f"Bearer {tokens[login]}"})
        return _understood(answer.status_code, answer.text)

    _walk(send, size)
    with statements(site.office.database.engine) as sent:
        _walk(send, size)
    return len(sent)


def _understood(status: int, text: str) -> Answer:
    if status not in (200, 201):
        raise RuntimeError(text)
    said: Answer = json.loads(text)
    return said
