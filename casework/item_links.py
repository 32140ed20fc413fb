"""What an item leads to: its process, its application form, the departments that take part. Not what is in them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import select

from casework import item_document, items
from casework.tables import Department, Role
from engine.errors import Fault, Sentence
from engine.queries.definitions import EVERYWHERE
from engine.tables import DecisionDefinition, FormDefinition, ProcessDefinition
from engine.transaction import Transaction

NO_PROCESS = Sentence(
    "没有已部署的流程“{key}”，请部署该流程，否则事项无法受理办件。",
    "No process “{key}” is deployed; deploy it, or no case of the item can begin.",
)
NO_FORM = Sentence(
    "没有已部署的表单“{key}”，请部署该表单，否则申请无法填写。",
    "No form “{key}” is deployed; deploy it, or no application can be filled in.",
)
NO_DECISION = Sentence(
    "没有已部署的决策“{key}”，请部署该决策，否则无法确定参加的专项。",
    "No decision “{key}” is deployed; deploy it, or nobody knows which matters take part.",
)
NO_DEPARTMENT = Sentence(
    "没有承担“{key}”的部门，请添加该部门，否则其任务无人可见。",
    "No department is in the role {key}; add it, or nobody sees its tasks.",
)


@dataclass(frozen=True, slots=True)
class Known:
    """What an item may name: the keys of deployed processes, forms and decisions, the roles that departments play."""

    processes: frozenset[str]
    forms: frozenset[str]
    decisions: frozenset[str]
    roles: frozenset[str]


def known(tx: Transaction) -> Known:
    """What there is to name, in four statements."""
    processes = select(ProcessDefinition.key).where(ProcessDefinition.region == EVERYWHERE).distinct()
    forms = select(FormDefinition.key).where(FormDefinition.region == EVERYWHERE).distinct()
    decisions = select(DecisionDefinition.key).where(DecisionDefinition.region == EVERYWHERE).distinct()
    departments = tx.session.execute(
        select(Department.role, Department.code).where(Department.removed_at.is_(None))
    ).all()
    return Known(
        frozenset(tx.session.scalars(processes)),
        frozenset(tx.session.scalars(forms)),
        frozenset(tx.session.scalars(decisions)),
        frozenset(name for row in departments for name in row) | frozenset(Role),
    )


def unknown(said: Mapping[str, Any], there: Known) -> Iterator[Fault]:
    """What an item names and is not there, each with its key; of a document with other faults, what can be read."""
    named = {"process": (NO_PROCESS, there.processes), "form": (NO_FORM, there.forms)}
    named["matters_decision"] = (NO_DECISION, there.decisions)
    for key, (sentence, known_keys) in named.items():
        if isinstance(said.get(key), str) and said[key] not in known_keys:
            yield _fault(sentence, key, said[key])
    participants = said.get("participants")
    for place, participant in enumerate(participants if isinstance(participants, list) else ()):
        role = participant.get("role") if isinstance(participant, Mapping) else None
        if isinstance(role, str) and role not in there.roles:
            yield _fault(NO_DEPARTMENT, f"participants[{place}].role", role)


def faults(tx: Transaction, files: Mapping[str, bytes]) -> Iterable[Fault]:
    """What the items among the files of a deployment name and nobody has deployed or added, once it is made."""
    named = {name: content for name, content in files.items() if PurePosixPath(name).name == items.FILE_NAME}
    there = known(tx) if named else None
    for name, content in named.items():
        for fault in unknown(item_document.read(name, content).published, there) if there else ():
            said = fault.sentence
            yield Fault(Sentence(f"{name}：{said.zh}", f"{name}: {said.en}"))


def _fault(said: Sentence, path: str, key: str) -> Fault:
    return Fault(Sentence(said.zh.format(key=key), said.en.format(key=key)), path)
