"""An office in which there is one of what an address can name, and somebody who may do everything."""

import re
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

import lianban
from casework import passwords, people
from casework.people import Appointment, NewPerson
from casework.tables import (
    Card,
    Case,
    Clock,
    Consultation,
    Copy,
    Department,
    Item,
    Material,
    Notice,
    Person,
    Phrase,
    Recomputation,
    Region,
    Role,
    Slip,
    SupervisionOrder,
)
from engine.ports import ENGINE
from engine.tables import (
    Batch,
    Deployment,
    ExternalTask,
    Incident,
    Job,
    ProcessDefinition,
    ProcessInstance,
    Resource,
    UserTask,
    Variable,
)
from engine.transaction import Database
from tests.diagrams import boundary, diagram, end, external_task, flows, parallel, start, timer, user_task
from tests.served import Served, furnish
from tests.world import World

EVERYBODY = "everybody"
IN_DEPARTMENTS = {Role.WINDOW: "window", Role.OFFICER: "market-regulation", Role.HEAD: "market-regulation"}
TRIED = diagram(
    start(),
    parallel("fork"),
    user_task("check", name="核对\nCheck", candidateGroups="window"),
    external_task("stamp", "stamping"),
    external_task("broken", "breaking"),
    boundary("late", "check", timer(duration="P3D"), interrupting=False),
    parallel("join"),
    end(),
    end("reminded"),
    flows("start", "fork", "check", "join", "end"),
    flows("fork", "stamp", "join"),
    flows("fork", "broken", "join"),
    flows("late", "reminded"),
    key="tried",
)

Column = InstrumentedAttribute[str] | InstrumentedAttribute[str | None]
NAMED: Mapping[str, Column] = {
    "batch_id": Batch.id,
    "card_id": Card.id,
    "clock_id": Clock.id,
    "consultation_id": Consultation.id,
    "copy_id": Copy.id,
    "definition": ProcessDefinition.id,
    "definition_id": ProcessDefinition.id,
    "departments/code": Department.code,
    "deployment_id": Deployment.id,
    "external_task_id": ExternalTask.id,
    "file_id": Material.id,
    "group_id": Department.code,
    "incident_id": Incident.id,
    "instance_id": ProcessInstance.id,
    "items/code": Item.code,
    "job_id": Job.id,
    "key": ProcessDefinition.key,
    "login": Person.login,
    "material_id": Material.id,
    "name": Variable.name,
    "notice_id": Notice.id,
    "number": Case.number,
    "order_id": SupervisionOrder.root_id,
    "phrase_id": Phrase.id,
    "recomputation_id": Recomputation.id,
    "region": Region.code,
    "regions/code": Region.code,
    "resource_id": Resource.id,
    "slip": Slip.number,
    "task_id": UserTask.id,
    "tenant": Region.code,
    "tenant_id": Region.code,
}
"""What the names in addresses mean; where one name means several things, with the first part of the address."""


def furnish_fully(url: str) -> None:
    """Brings in people, cases and processes, by what people do over HTTP."""
    with opened(url) as database:
        furnish(database)
        _employ(database)
        served = Served(database, World()).opens()
        _work(served)


def opened(url: str) -> closing[Database]:
    """A database with the office's own ports, on the Monday morning on which it is furnished."""
    return closing(Database(url, replace(lianban.ports(), now=lambda: World().now), pool_size=5))


def _employ(database: Database) -> None:
    """Somebody with every role there is."""
    appointments = tuple(Appointment(role, IN_DEPARTMENTS.get(role)) for role in Role)
    with database.begin(ENGINE) as tx:
        new = NewPerson(EVERYBODY, "全能", "各种职务", appointments)
        people.enter(tx, new, passwords.hashed("a-password-of-the-tests"))


def _work(served: Served) -> None:
    bank = served.person("bank")
    served.person("admin").post("/regions", {"code": "331000", "name": "临海市"})
    served.submits("applicant", materials=[{"kind": "identity", "id": served.person("applicant").uploads()}])
    number = served.accepted()
    task = bank.task(number)
    bank.post(f"/inbox/{task}/consultations", {"to": {"user": "taxation"}, "question": "是否欠税？"})
    bank.post(f"/inbox/{task}/copies", {"to": [{"department": "taxation"}]})
    served.person(EVERYBODY).post("/phrases", {"text": "符合条件，同意。"})
    served.deploy(tried_bpmn=TRIED)
    begun = {"variables": {"size": {"value": 3}}, "businessKey": "tried"}
    served.person("designer").post("/engine-rest/process-definition/key/tried/start", begun)
    _fail(served)
    _order(served)


def _fail(served: Served) -> None:
    """One external task has no retries left."""
    worker = served.person("payments")
    fetch = {"workerId": "w", "maxTasks": 1, "topics": [{"topicName": "breaking", "lockDuration": 60_000}]}
    [task] = worker.post("/engine-rest/external-task/fetchAndLock", fetch).get_json()
    said = {"workerId": "w", "errorMessage": "out of ink", "retries": 0}
    worker.post(f"/engine-rest/external-task/{task['id']}/failure", said)


def _order(served: Served) -> None:
    """A batch is under way."""
    [tried] = served.person("designer").json("/engine-rest/process-instance?businessKey=tried")
    said = {"processInstanceIds": [tried["id"]], "variables": {"size": {"value": 4}}}
    served.person("admin").post("/engine-rest/process-instance/variables-async", said)


def names(database: Database, path: str) -> Mapping[str, str]:
    """What the names in an address may be filled with; of a task, one that everybody may work on."""
    first = path.split("/")[2]
    asked = re.findall(r"{(\w+)}", path)
    columns = {name: NAMED.get(f"{first}/{name}") or NAMED.get(name) for name in asked}
    with database.view(ENGINE) as tx:
        found = {name: tx.session.scalar(select(column).order_by(column)) for name, column in columns.items() if column}
    return {name: value for name, value in found.items() if value is not None}
