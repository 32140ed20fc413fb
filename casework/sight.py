"""How much of a case one reader sees. Whether the reader may see the case at all is casework.visibility's question.

An item says for each participant which fields and materials it sees and whether it sees the others' opinions
(最小必要); the window sees all because it received all; those who oversee see all but no identity numbers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select

from casework import departments
from casework.item_document import ItemDocument, Participant
from casework.matrix import APPLICANTS
from casework.tables import Case, Department, Role
from casework.visibility import SEES_ALL_CASES, visible_task
from engine.tables import UserTask
from engine.transaction import Transaction

WHOLE = ""
HIDDEN = object()


@dataclass(frozen=True, slots=True)
class Sight:
    """What is open to a reader. `fields` and `materials` are names and kinds, None: all; a part of a group or of the
    rows of a list is named with a dot (`legal_representative.name`).

    `own` are the reader's groups. `is_official`: works on the case or oversees it, and sees what departments tell
    each other. `sees_identity`: numbers unmasked.
    """

    own: frozenset[str]
    fields: frozenset[str] | None = None
    materials: frozenset[str] | None = None
    sees_opinions: bool = True
    is_official: bool = True
    sees_identity: bool = False

    def field(self, name: str) -> bool:
        """Whether a field is open, or a part of it."""
        return self.fields is None or any(path.partition(".")[0] == name for path in self.fields)

    def whole(self, name: str) -> bool:
        """Whether a field is open with all its parts."""
        return self.fields is None or name in self.fields

    def open_part(self, values: Mapping[str, object]) -> dict[str, object]:
        """The values as far as they are open: of a group or a list only the parts that are named."""
        return dict(values) if self.fields is None else _parts(values, self.fields)

    def material(self, kind: str | None) -> bool:
        """Whether a kind of material is open."""
        return self.materials is None or kind in self.materials

    def opinion_of(self, department: str | None) -> bool:
        """Whether what a department said is open."""
        return self.sees_opinions or department in self.own

    def person_of(self, department: str | None) -> bool:
        """Whether the people of a department are named to the reader."""
        return self.opinion_of(department)

    @property
    def sees_people(self) -> bool:
        """Whether the reader may be told any official's name."""
        return self.sees_opinions or bool(self.own)


def _parts(values: Mapping[str, object], paths: Iterable[str]) -> dict[str, object]:
    inner: dict[str, set[str]] = {}
    for name, dot, rest in (path.partition(".") for path in paths):
        inner.setdefault(name, set()).add(rest if dot else WHOLE)
    found = {name: _part(value, inner[name]) for name, value in values.items() if name in inner}
    return {name: value for name, value in found.items() if value is not HIDDEN}


def _part(value: object, paths: set[str]) -> object:
    """All of a value, or of a group or the rows of a list what is named; a plain value has no parts to show."""
    if WHOLE in paths:
        return value
    if isinstance(value, Mapping):
        return _parts(value, paths)
    if isinstance(value, list):
        return [row for row in (_part(row, paths) for row in value) if row is not HIDDEN]
    return HIDDEN


NOTHING: frozenset[str] = frozenset()


def of(tx: Transaction, case: Case, item: ItemDocument) -> Sight:
    """The actor's sight of a case."""
    groups = tx.actor.groups
    if Role.WINDOW in groups:
        return Sight(groups, sees_identity=True)
    if groups & SEES_ALL_CASES:
        return Sight(groups)
    if case.submitted_by == tx.actor.login:
        return Sight(groups, is_official=False, sees_identity=True)
    codes = departments.codes_by_role(tx, case.region)
    parts = {codes.get(role, role): part for role, part in item.participants.items()}
    own = {code: part for code, part in parts.items() if code in groups}
    if not own:
        return _unnamed(tx, case)
    outside = _outside(tx, frozenset(own))
    return _of_parts(groups, [_as_named(part) if code in outside else part for code, part in own.items()])


def _outside(tx: Transaction, codes: frozenset[str]) -> frozenset[str]:
    """Those of the departments that are no part of the government."""
    external = select(Department.code).where(Department.code.in_(codes), Department.is_external)
    return frozenset(tx.session.scalars(external))


def _as_named(part: Participant) -> Participant:
    """An external participant sees what the item names for it, and nobody's opinion."""
    return replace(part, fields=part.fields or NOTHING, materials=part.materials or NOTHING, sees_opinions=False)


def _of_parts(groups: frozenset[str], parts: Iterable[Participant]) -> Sight:
    fields = _union(part.fields for part in parts)
    return Sight(
        groups,
        fields=fields,
        materials=_union(part.materials for part in parts),
        sees_opinions=any(part.sees_opinions for part in parts),
        sees_identity=fields is None,
    )


def _union(limits: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    named = list(limits)
    return None if None in named else frozenset().union(*(one for one in named if one is not None))


def _unnamed(tx: Transaction, case: Case) -> Sight:
    """A department drawn into the case that the item does not name: an external one sees its own task only, and so
    does somebody of the public to whom the diagram gives one. Who was only asked or informed sees no numbers."""
    groups = tx.actor.groups
    if groups <= APPLICANTS:
        return Sight(groups, NOTHING, NOTHING, sees_opinions=False, is_official=False)
    if not _outside(tx, groups):
        works = select(UserTask.id).where(UserTask.root_id == case.root_id, visible_task(tx.actor)).limit(1)
        return Sight(groups, sees_identity=tx.session.scalar(works) is not None)
    return Sight(groups, NOTHING, NOTHING, sees_opinions=False)
