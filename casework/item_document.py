"""An item's document (item.toml): what the office publishes, who takes part, limits, materials, fees, results.

Pure: reads and checks the text, knows nothing of storage. Limits are data here and nowhere else.
"""

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from marshmallow import ValidationError

from casework import handling_modes, ladders, matters, tariff
from casework.field_faults import field_faults
from casework.handling_modes import HandlingMode
from casework.item_law import REFUSE, RESTART
from casework.item_schema import ItemSchema
from casework.ladders import Ladder
from casework.matters import Matter
from casework.tariff import Fee
from casework.workdays import Limit
from engine.errors import DiagramRefused, Fault, Sentence

LONGEST_TITLE = 200  # characters
NO_LIMITS = frozenset({"steps", "rounds", "statutory_basis"})
SCHEMA = ItemSchema()


@dataclass(frozen=True, slots=True)
class Participant:
    """A department's part in an item: its own limit, and what of the case it sees (None: all)."""

    role: str
    is_lead: bool
    limit: Limit | None
    fields: frozenset[str] | None
    materials: frozenset[str] | None
    sees_opinions: bool
    is_safety_critical: bool


@dataclass(frozen=True, slots=True)
class Renewal:
    """By which field of the form a renewal (延续) knows the old permit's last day, and what becomes of a late one."""

    field: str
    days_before: int
    refuses_late: bool


@dataclass(frozen=True)
class ItemDocument:
    """A checked document; `published` is all of it, as the service guide shows it."""

    published: Mapping[str, Any]

    @cached_property
    def limits(self) -> Mapping[str, Limit]:
        """The case's limits (receipt, promised, statutory …), named ones of steps, those of matters by their codes."""
        said = self.published["limits"]
        named = {**{name: text for name, text in said.items() if name not in NO_LIMITS}, **said["steps"]}
        of_matters = {matter.code: matter.limit for matter in self.matters if matter.limit}
        return {**of_matters, **{name: Limit.parse(text) for name, text in named.items() if text}}

    @cached_property
    def procedures(self) -> Mapping[str, str]:
        """The law by which the time of each kind of special procedure is not counted, where the item names one."""
        return {said["kind"]: said["basis"] for said in self.published.get("special_procedures", ())}

    @property
    def rounds(self) -> Mapping[str, int]:
        """How often something may be tried again, by name."""
        rounds: Mapping[str, int] = self.published["limits"].get("rounds", {})
        return rounds

    @cached_property
    def participants(self) -> Mapping[str, Participant]:
        """Who takes part, by the role that diagrams name."""
        return {said["role"]: _participant(said) for said in self.published["participants"]}

    @cached_property
    def matters(self) -> Sequence[Matter]:
        """What the departments examine, in the item's order; none where the item lists no matters."""
        return [matters.read(said) for said in self.published["matters"]]

    @property
    def matters_decision(self) -> str | None:
        """The key of the DMN decision that names the matters without rows of their own; None: all of them take part."""
        key: str | None = self.published.get("matters_decision")
        return key

    @cached_property
    def fees(self) -> Sequence[Fee]:
        """What the item may charge, in its order."""
        return [tariff.read(said) for said in self.published["fees"]]

    @cached_property
    def ladder(self) -> Ladder:
        """What supervision does at which moment of which clock; of a clock that no row names, the default."""
        return ladders.complete([ladders.read(said) for said in self.published.get("ladder", ())])

    @property
    def has_deferrable_materials(self) -> bool:
        """Whether some material may follow after acceptance (可容缺)."""
        return any(said["necessity"] == "deferrable" for said in self.published["materials"])

    @property
    def on_missed_deferral(self) -> str:
        """What becomes of a case whose applicant misses the promise: `refuse` 不予许可, or `withdraw` 视为撤件."""
        return str(self.published["deferral"]["missed"])

    @property
    def pauses_for_payment(self) -> bool:
        """Whether the office's time stands still while the applicant has to pay."""
        return bool(self.published["payment"]["pauses"])

    @property
    def lead(self) -> Participant:
        """The lead department (牵头部门)."""
        return next(participant for participant in self.participants.values() if participant.is_lead)

    @property
    def handling_mode(self) -> HandlingMode:
        """By which term of 行政许可法 art. 42 its cases are decided and extended (handling_modes.TERMS)."""
        said = self.published.get("handling_mode")
        return HandlingMode(said) if said else handling_modes.usual(len(self.participants))

    def tacit_basis(self, role: str, step: str | None = None) -> str | None:
        """The law by which a department's silence approves (超时默许), on all its steps or on those of a limit."""
        rows = [said for said in self.published.get("tacit", ()) if said["role"] == role]
        return next((str(said["basis"]) for said in rows if said["step"] in (None, step)), None)

    @property
    def is_licence(self) -> bool:
        """Whether its cases are administrative licences, to which 行政许可法 applies by itself."""
        return self.published.get("kind") == handling_modes.LICENCE

    @cached_property
    def renewal(self) -> Renewal | None:
        """How its cases renew a permit, None where they renew none."""
        said = self.published.get("renewal")
        return None if said is None else Renewal(said["expires_on"], said["days_before"], said["late"] == REFUSE)

    @property
    def restarts_on_supplement(self) -> bool:
        """Whether the office's time counts anew from a supplement, instead of going on."""
        return self.published.get("on_supplement") == RESTART

    @property
    def process(self) -> str:
        """The key of the process that handles a case."""
        return str(self.published["process"])

    @property
    def form(self) -> str:
        """The key of the application form."""
        return str(self.published["form"])

    @property
    def is_confidential(self) -> bool:
        """Whether every case of the item is confidential (涉密) from its submission."""
        return bool(self.published.get("confidential", False))

    @property
    def required_materials(self) -> Sequence[Mapping[str, Any]]:
        """The materials without which an application is incomplete."""
        return [said for said in self.published["materials"] if said["necessity"] == "required"]

    def in_force(self, day: date) -> bool:
        """Whether a case may start on this day."""
        begins, ends = self.published["in_force_on"], self.published["out_of_force_on"]
        return (begins is None or begins <= day.isoformat()) and (ends is None or day.isoformat() < ends)

    def title_of(self, values: Mapping[str, object], applicant: str) -> str:
        """What a case is called in lists: the form's field that `title` names, else the applicant."""
        named = values.get(str(self.published["title"])) if self.published["title"] else None
        return named if isinstance(named, str) and 0 < len(named) <= LONGEST_TITLE else applicant


def _participant(said: Mapping[str, Any]) -> Participant:
    return Participant(
        role=said["role"],
        is_lead=said["lead"],
        limit=Limit.parse(said["limit"]) if said["limit"] else None,
        fields=None if said["fields"] is None else frozenset(said["fields"]),
        materials=None if said["materials"] is None else frozenset(said["materials"]),
        sees_opinions=said["sees_opinions"],
        is_safety_critical=said.get("safety_critical", False),
    )


def read(name: str, content: bytes) -> ItemDocument:
    """Reads an item.toml. Raises DiagramRefused with every fault, each with the key it stands under."""
    document, faults = checked(_parsed(name, content))
    if document is None:
        raise DiagramRefused(faults=[_in_file(name, fault) for fault in faults])
    return document


def checked(said: Mapping[str, Any]) -> tuple[ItemDocument | None, list[Fault]]:
    """What somebody says of an item as a document, or every fault with its key."""
    try:
        return ItemDocument(SCHEMA.dump(SCHEMA.load(said))), []
    except ValidationError as invalid:
        return None, [Fault(fault.sentence, fault.path) for fault in field_faults(invalid.messages)]


def written(document: ItemDocument) -> str:
    """The document as it is stored, alike for alike content."""
    return json.dumps(document.published, ensure_ascii=False, sort_keys=True)


def _in_file(name: str, fault: Fault) -> Fault:
    said = fault.sentence
    return Fault(Sentence(f"{name} {fault.element_id}：{said.zh}", f"{name} {fault.element_id}: {said.en}"))


def _parsed(name: str, content: bytes) -> dict[str, Any]:
    """The file as TOML; numbers without end, tables without bottom and NUL are refused like broken syntax."""
    try:
        said = tomllib.loads(content.decode())
        if _holds_nul(said):
            raise ValueError("NUL (\\u0000)")
    except (ValueError, RecursionError) as unreadable:
        wrong = Sentence(f"{name} 不是有效的 TOML：{unreadable}", f"{name} is no valid TOML: {unreadable}")
        raise DiagramRefused(faults=[Fault(wrong)]) from unreadable
    return said


def _holds_nul(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(_holds_nul(one) for pair in value.items() for one in pair)
    if isinstance(value, list):
        return any(_holds_nul(one) for one in value)
    return isinstance(value, str) and "\0" in value
