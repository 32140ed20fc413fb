"""Who applies: a person or an organisation, identified by a number whose check digits are verified."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import Fault, Sentence
from forms.identifiers import birth_date, is_uscc

KINDS = ("person", "organisation")
OTHER_DOCUMENTS = (
    "passport",
    "hk-macau-permit",
    "taiwan-permit",
    "foreign-permanent-resident-id",
    "other",
)


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who applies, and who acts for them (代办人)."""

    kind: str
    name: str
    id_type: str
    id_number: str
    phone: str
    agent_name: str | None = None
    agent_id_number: str | None = None
    agent_phone: str | None = None

    def columns(self) -> dict[str, Any]:
        """The columns of a case."""
        return {
            "applicant_kind": self.kind,
            "applicant_name": self.name,
            "applicant_id_type": self.id_type,
            "applicant_id_number": self.id_number,
            "applicant_phone": self.phone,
            "agent_name": self.agent_name,
            "agent_id_number": self.agent_id_number,
            "agent_phone": self.agent_phone,
        }


def _is_resident_id(text: str) -> bool:
    return birth_date(text) is not None


def _is_given(text: str) -> bool:
    return bool(text.strip())


ID_TYPES: Mapping[str, tuple[Callable[[str], bool], Sentence]] = {
    "resident-id": (
        _is_resident_id,
        Sentence("居民身份证号码校验不通过。", "The resident identity number is not valid."),
    ),
    "uscc": (is_uscc, Sentence("统一社会信用代码校验不通过。", "The unified social credit code is not valid.")),
    **{name: (_is_given, Sentence("请填写证件号码。", "Give the document's number.")) for name in OTHER_DOCUMENTS},
}


def faults(applicant: Applicant) -> list[Fault]:
    """Every fault of what is said about the applicant."""
    found = []
    check, sentence = ID_TYPES[applicant.id_type]
    if not check(applicant.id_number):
        found.append(Fault(sentence, "applicant.id_number"))
    if applicant.agent_id_number and not _is_resident_id(applicant.agent_id_number):
        found.append(Fault(ID_TYPES["resident-id"][1], "applicant.agent.id_number"))
    return found
