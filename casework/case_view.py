"""What a case shows to whom: its state and deadlines, what departments said, its course, what is still missing.

Whether the reader may see the case at all is asked by the caller; how much of it, by casework.sight.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select

from casework import (
    case_deadlines,
    clocks,
    corrections,
    items,
    masking,
    materials,
    names,
    opinions,
    sight,
    step_names,
    task_clocks,
    timeline,
)
from casework.course_entries import Entry
from casework.item_document import ItemDocument
from casework.names import Directory
from casework.opinions import Opinion
from casework.sight import Sight
from casework.tables import Case, ClockKind, Correction, CorrectionState, Item, Material
from engine import definitions
from engine.errors import Sentence
from engine.store import instance_rows
from engine.tables import TaskState, UserTask
from engine.transaction import Transaction

OF_THE_CASE = frozenset(ClockKind) - {ClockKind.DEPARTMENT, ClockKind.TASK}
"""The clocks whose deadlines concern the applicant; a department's share is the departments' own business."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a case for one reader."""

    case: Case
    item: ItemDocument
    sight: Sight
    steps: Sequence[UserTask]


def read(tx: Transaction, case: Case) -> Reading:
    """The case's item, its steps, and how much of them the actor sees."""
    item = items.document(tx, case.item_id)
    return Reading(case, item, sight.of(tx, case, item), steps_of(tx, case.root_id))


def steps_of(tx: Transaction, root_id: str) -> Sequence[UserTask]:
    """Every user task of a case, oldest first."""
    statement = select(UserTask).where(UserTask.root_id == root_id).order_by(UserTask.created_at, UserTask.id)
    return tx.session.scalars(statement).all()


def show(tx: Transaction, case: Case) -> dict[str, Any]:
    """The whole case, as the actor may see it. A fixed number of statements, however many departments take part."""
    read_case = read(tx, case)
    item = tx.session.get_one(Item, case.item_id)
    handed_in = materials.of_case(tx, case)
    said, course = (
        opinions.of(tx, read_case.steps, read_case.sight),
        timeline.of(tx, case, read_case.steps, read_case.sight),
    )
    logins = {case.submitted_by, *(one.by for one in said), *(login for one in course for login in one.logins)}
    runs_on = definitions.load(tx, instance_rows.of(tx, case.root_id).definition_id)
    known = names.directory(tx, logins | {one.uploaded_by for one in handed_in})
    return {
        "case": case,
        "item": item,
        "process": runs_on.key,
        "process_version": runs_on.version,
        "document": read_case.item,
        "applicant": applicant(case, read_case.sight),
        "deadline": case_deadlines.of(tx, [case.root_id]).get(case.root_id),
        "deadlines": deadlines(tx, read_case, known),
        "opinions": opinion_rows(said, known, materials.attached(handed_in)),
        "timeline": [_told(one, known) for one in course],
        "corrections": notices(tx, read_case),
        "materials": material_rows(handed_in, read_case, known),
        "missing_materials": _missing(read_case, handed_in),
        "open_steps": _open_steps(tx, read_case, known),
        "submitted_by": known.person(case.submitted_by) if read_case.sight.fields is None else None,
    }


def applicant(case: Case, seen: Sight) -> dict[str, Any]:
    """Who applies; numbers are masked for those who do not need them, an outside participant is told of no agent."""
    number = (lambda text: text) if seen.sees_identity else masking.number
    agent = {
        "name": case.agent_name,
        "id_number": case.agent_id_number and number(case.agent_id_number),
        "phone": case.agent_phone and number(case.agent_phone),
    }
    return {
        "kind": case.applicant_kind,
        "name": case.applicant_name,
        "id_type": case.applicant_id_type,
        "id_number": number(case.applicant_id_number),
        "phone": number(case.applicant_phone),
        "agent": agent if case.agent_name and seen.fields is None else None,
    }


def deadlines(tx: Transaction, reading: Reading, known: Directory) -> list[dict[str, Any]]:
    """The clocks of the case that concern the reader: officials see every department's, an applicant the case's."""
    described = clocks.describe_all(tx, reading.case.root_id)
    seen = [one for one in described if _is_told(one, reading.sight)]
    for one in seen:
        one["department"] = known.department(one["subject"]) if one["kind"] == ClockKind.DEPARTMENT else None
    return seen


def _is_told(clock: Mapping[str, Any], seen: Sight) -> bool:
    if clock["kind"] in OF_THE_CASE:
        return True
    if not seen.is_official:
        return False
    return clock["kind"] == ClockKind.TASK or seen.opinion_of(clock["subject"])


def notices(tx: Transaction, reading: Reading) -> list[dict[str, Any]]:
    """The notices of corrections; what departments are still collecting is not told to the applicant yet."""
    rows = corrections.of_case(tx, reading.case)
    seen = [row for row in rows if reading.sight.is_official or row.state != CorrectionState.COLLECTING]
    return [notice(row) | {"items": asked(row, reading.sight)} for row in seen]


def notice(row: Correction) -> dict[str, Any]:
    """A notice with all it asks for."""
    return {
        "number": row.number,
        "state": row.state,
        "items": json.loads(row.items),
        "created_at": row.created_at,
        "sent_at": row.sent_at,
        "sent_by": row.sent_by,
        "served_at": row.served_at,
        "irregular": row.is_irregular,
        "answered_at": row.answered_at,
    }


def asked(row: Correction, seen: Sight) -> list[dict[str, Any]]:
    """What a notice asks for, as far as it is the reader's to know which department asks what."""
    return [one for one in json.loads(row.items) if seen.opinion_of(one["department"])]


def material_rows(handed_in: Iterable[Material], reading: Reading, known: Directory) -> list[dict[str, Any]]:
    """The materials open to the reader, as the item calls them; attachments to opinions are none of them."""
    return [
        _file(one, known) | {"kind": one.kind, "name": material_name(reading.item, one.kind)}
        for one in handed_in
        if one.task_id is None and reading.sight.material(one.kind)
    ]


def attachment_rows(attached: Iterable[Material], known: Directory) -> list[dict[str, Any]]:
    """The files attached to an opinion."""
    return [_file(one, known) for one in attached]


def _file(one: Material, known: Directory) -> dict[str, Any]:
    return {
        "id": one.id,
        "filename": one.filename,
        "media_type": one.media_type,
        "size": one.size,
        "sha256": one.sha256,
        "uploaded_at": one.uploaded_at,
        "uploaded_by": known.person(one.uploaded_by),
    }


def material_name(item: ItemDocument, kind: str | None) -> Sentence | None:
    """What the item calls a kind of material."""
    said = next((said for said in item.published["materials"] if said["code"] == kind), None)
    return Sentence(said["name"], said["name_en"]) if said else None


def _missing(reading: Reading, handed_in: Sequence[Material]) -> list[dict[str, Any]]:
    there = {one.kind for one in handed_in}
    return [
        {"kind": said["code"], "name": Sentence(said["name"], said["name_en"])}
        for said in reading.item.required_materials
        if said["code"] not in there and reading.sight.material(said["code"])
    ]


def _open_steps(tx: Transaction, reading: Reading, known: Directory) -> list[dict[str, Any]]:
    measuring = task_clocks.of_case(tx, reading.case.root_id)
    told = {task_id: clock for task_id, clock in measuring.items() if clock and _is_told(clock, reading.sight)}
    return [
        {
            "task_id": step.id,
            "name": step_names.of(tx, step, reading.sight),
            "act": step.act,
            "department": known.department(step.department),
            "created_at": step.created_at,
            "deadline": told.get(step.id),
        }
        for step in reading.steps
        if step.state == TaskState.CREATED
    ]


def opinion_rows(
    said: Iterable[Opinion], known: Directory, attached: Mapping[str, Sequence[Material]]
) -> list[dict[str, Any]]:
    """Opinions with the names of who gave them, and their attachments."""
    return [
        asdict(one)
        | {
            "department": known.department(one.department),
            "step": names.step(one.step),
            "by": known.person(one.by),
            "attachments": attachment_rows(attached.get(one.task_id, ()), known),
        }
        for one in said
    ]


def _told(one: Entry, known: Directory) -> dict[str, Any]:
    return asdict(one) | {
        "who": known.person(one.who),
        "on_behalf_of": known.person(one.on_behalf_of),
        "to_person": known.person(one.to_person),
        "to_department": known.department(one.to_department),
        "department": known.department(one.department),
    }
