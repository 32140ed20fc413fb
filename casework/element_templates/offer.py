"""What the drop-downs of the templates offer: departments, limits, forms and items by the names that diagrams use.

Pure: read from documents; where those come from is for others to say.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from casework.item_document import ItemDocument
from casework.lint import OFFICE_ROLES
from engine.errors import Sentence


class Choice(NamedTuple):
    """One line of a drop-down, and what it writes into the diagram."""

    name: Sentence
    value: str


OFFICE: Mapping[str, Sentence] = {
    "window": Sentence("综合窗口", "window"),
    "lead": Sentence("牵头部门", "lead department"),
    "government-leader": Sentence("政府领导", "government leader"),
}
KNOWN_WHEN_IT_RUNS = (
    Choice(Sentence("变量 department 的部门", "the department of the variable department"), "${department}"),
    Choice(Sentence("变量 approver 的人", "those of the variable approver"), "${approver}"),
    Choice(Sentence("多实例所及专项的部门", "the department of the matter"), "${matter.role}"),
)


@dataclass(frozen=True, slots=True)
class Offer:
    """`departments` are roles with their names, `forms` the keys of forms."""

    departments: Mapping[str, Sentence]
    items: Sequence[ItemDocument]
    forms: Sequence[str]

    @property
    def roles(self) -> list[Choice]:
        """Every department, and who else of the office works on cases."""
        others = {role: OFFICE[role] for role in sorted(OFFICE_ROLES) if role not in self.departments}
        return [_named(role, name) for role, name in {**self.departments, **others}.items()]

    @property
    def groups(self) -> list[Choice]:
        """Who may be a candidate: the departments, and those that are known only when a case runs."""
        return [*self.roles, *KNOWN_WHEN_IT_RUNS]

    @property
    def limits(self) -> list[Choice]:
        """The limits of all items by name, each with how long it is where."""
        lasting: dict[str, list[str]] = {}
        for item in self.items:
            for name, limit in item.limits.items():
                lasting.setdefault(name, []).append(f"{limit} {item.published['name']}")
        return [Choice(Sentence(name, _shortened(said)), name) for name, said in sorted(lasting.items())]

    @property
    def ends_of_limits(self) -> list[Choice]:
        """The instants at which limits that begin now are over."""
        return [Choice(name, f"${{limit('{value}')}}") for name, value in self.limits]

    @property
    def form_keys(self) -> list[Choice]:
        """The forms."""
        return [Choice(Sentence(key, ""), key) for key in sorted(self.forms)]

    @property
    def processes(self) -> list[Choice]:
        """The processes by which the cases of the items run."""
        named = {one.process: _item_name(one) for one in self.items}
        return [_named(key, name) for key, name in sorted(named.items())]


def roles_of(items: Iterable[ItemDocument]) -> dict[str, Sentence]:
    """The participants of items, where nobody says what the departments are called."""
    return {role: Sentence(role, "") for item in items for role in item.participants}


def _item_name(item: ItemDocument) -> Sentence:
    return Sentence(str(item.published["name"]), str(item.published["name_en"]))


def _named(value: str, name: Sentence) -> Choice:
    return Choice(Sentence(name.zh, f"{name.en} ({value})" if name.en else ""), value)


def _shortened(said: Sequence[str]) -> str:
    return f"({'; '.join(said[:MOST_SAID])}{'; …' if len(said) > MOST_SAID else ''})"


MOST_SAID = 3
