"""Camunda Modeler's Deploy button: the largest diagram of all with what is attached to it, against the five seconds
after which the Modeler gives up.

A section of RESULTS.md. What the button sends goes over HTTP to `lianban serve`, changed each time so that nothing of
it is known already.
"""

import http.client
import statistics
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import count

import lianban
from benchmarks.office import SHUT, token
from benchmarks.plan import Plan
from benchmarks.results import judged, table
from benchmarks.sites import Kind, Site, open_site
from casework.people import Appointment, NewPerson, enter
from casework.tables import Role
from engine.ports import ENGINE

DESIGNER = "designer"
GIVES_UP = 5_000
AT_ONCE = 4
DIAGRAM = max(lianban.PROCESSES.rglob("*.bpmn"), key=lambda path: path.stat().st_size)
DRAWN = {".form", ".dmn"}
BOUNDARY = "----WebKitFormBoundaryLianban"
A_FAULT = (b'camunda:candidateGroups="', b'camunda:candidateGroups="${')
CHANGES = count()

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Deployed:
    """How long the answers took, in milliseconds."""

    kind: Kind
    what: str
    clients: int
    milliseconds: Sequence[float]


def section(plan: Plan) -> str:
    """The section, measured on both databases."""
    found: list[Deployed] = []
    for kind in Kind:
        with open_site(kind) as site:
            found += _measure(site, plan.deployments)
    reached = [
        judged(f"the slowest of all, ms, {kind}", GIVES_UP, max(_slowest(found, kind)), "{:,.0f}") for kind in Kind
    ]
    rows = [
        (
            one.kind,
            one.what,
            str(one.clients),
            f"{statistics.median(one.milliseconds):.0f}",
            f"{max(one.milliseconds):.0f}",
        )
        for one in found
    ]
    return "\n\n".join(
        [
            "## The Modeler's Deploy",
            f"`POST /engine-rest/deployment/create` with `{DIAGRAM.name}`, the largest diagram of `processes/`, and "
            f"what is attached to it, each time changed: {plan.deployments} deployments by each designer. Camunda "
            "Modeler gives up after five seconds.",
            table(("reach", "wanted", "measured", ""), reached),
            table(("database", "what is sent", "designers at once", "the middle, ms", "the slowest, ms"), rows),
        ]
    )


def _slowest(found: Sequence[Deployed], kind: Kind) -> Sequence[float]:
    return [max(one.milliseconds) for one in found if one.kind == kind]


def _measure(site: Site, deployments: int) -> Sequence[Deployed]:
    database = site.office.database
    with database.begin(ENGINE) as tx:
        enter(tx, NewPerson(DESIGNER, "孔令仪", "工程师", (Appointment(Role.DESIGNER),)), SHUT)
    bearer = token(database, DESIGNER)
    return [
        _times(site, bearer, what, files, status, clients, deployments)
        for what, (files, status) in _sent().items()
        for clients in (1, AT_ONCE)
    ]


def _sent() -> Mapping[str, tuple[Files, int]]:
    """What is deployed, and the status that answers it."""
    diagram = {DIAGRAM.name: DIAGRAM.read_bytes()}
    beside = {path.name: path.read_bytes() for path in DIAGRAM.parent.iterdir() if path.suffix in DRAWN}
    everything = {path.name: path.read_bytes() for path in lianban.PROCESSES.rglob("*") if path.suffix in DRAWN}
    return {
        "with its forms and tables": (diagram | beside, 200),
        "with all forms and tables that there are": (diagram | everything, 200),
        "with a fault in every user task": ({DIAGRAM.name: diagram[DIAGRAM.name].replace(*A_FAULT)} | beside, 400),
    }


def _times(site: Site, bearer: str, what: str, files: Files, status: int, clients: int, deployments: int) -> Deployed:
    def several(_: int) -> list[float]:
        with closing(http.client.HTTPConnection("127.0.0.1", site.server.port, timeout=60)) as connection:
            return [_once(connection, bearer, files, status) for _ in range(deployments)]

    with ThreadPoolExecutor(clients) as designers:
        milliseconds = [one for each in designers.map(several, range(clients)) for one in each]
    print(f"{site.kind}, {what}, {clients} at once: at most {max(milliseconds):.0f} ms", flush=True)
    return Deployed(site.kind, what, clients, milliseconds)


def _once(connection: http.client.HTTPConnection, bearer: str, files: Files, status: int) -> float:
    body = _form(files, change=f"<!-- {next(CHANGES)} -->".encode())
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    began = time.perf_counter()
    connection.request(
        "POST", "/engine-rest/deployment/create", body, {"Authorization": f"Bearer {bearer}", "Content-Type": kind}
    )
    answer = connection.getresponse()
    said = answer.read()
    if answer.status != status:
        raise RuntimeError(said.decode())
    return (time.perf_counter() - began) * 1000


def _form(files: Files, change: bytes) -> bytes:
    fields = {
        "deployment-name": "measured",
        "deployment-source": "Camunda Modeler",
        "enable-duplicate-filtering": "true",
    }
    parts = [_part(name, "", text.encode()) for name, text in fields.items()]
    for name, content in files.items():
        changed = content if name.endswith(".form") else content + change
        parts.append(_part(name, f'; filename="{name}"', changed))
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def _part(name: str, file: str, content: bytes) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
    return head.encode() + content + b"\r\n"
