"""The parts of an element template: a property, where it is written in the diagram, what is offered for it.

Camunda's schema of element templates for Camunda 7. Knows nothing of the office.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from casework.element_templates.offer import Choice, Offer
from engine.errors import Sentence

Binding = Mapping[str, object]
Choices = Callable[[Offer], Sequence[Choice]]

CATEGORY = {"id": "lianban", "name": "联办 Lianban"}
EMPTY = Choice(Sentence("（无）", "(none)"), "")


def both(sentence: Sentence) -> str:
    """The Modeler shows one text, whatever language it speaks."""
    return f"{sentence.zh} {sentence.en}".strip()


@dataclass(frozen=True, slots=True)
class Property:
    """One line of the properties panel. `choices` makes it a drop-down; without a label it is written and not shown.

    `may_be_empty`: the drop-down begins with nothing chosen. A server that has nothing to choose from leaves it to be
    typed.
    """

    binding: Binding
    value: str | bool = ""
    label: Sentence | None = None
    told: Sentence | None = None
    choices: Choices | None = None
    group: str = "office"
    may_be_empty: bool = False

    def written(self, offer: Offer) -> dict[str, object]:
        """The property as the Modeler reads it."""
        if self.label is None:
            return {"type": "Hidden", "value": self.value, "binding": self.binding}
        shown = {"label": both(self.label), "group": self.group, "binding": self.binding}
        if self.told is not None:
            shown["description"] = both(self.told)
        found = self.choices(offer) if self.choices else []
        if not found:
            return {**shown, "type": "String", "value": self.value}
        offered = [EMPTY, *found] if self.may_be_empty else found
        values = [choice.value for choice in offered]
        chosen = self.value if self.value in values else values[0]
        listed = [{"name": both(choice.name), "value": choice.value} for choice in offered]
        return {**shown, "type": "Dropdown", "value": chosen, "choices": listed}


@dataclass(frozen=True, slots=True)
class Template:
    """One element template: which elements it may be put on, and its properties."""

    key: str
    name: Sentence
    told: Sentence
    applies_to: tuple[str, ...]
    properties: tuple[Property, ...]
    version: int = 1

    def written(self, offer: Offer) -> dict[str, object]:
        """The template as the Modeler reads it."""
        lines = [one.written(offer) for one in self.properties]
        used = {line.get("group") for line in lines}
        return {
            "id": f"lianban.{self.key}",
            "name": both(self.name),
            "description": both(self.told),
            "version": self.version,
            "category": CATEGORY,
            "appliesTo": [f"bpmn:{one}" for one in self.applies_to],
            "groups": [{"id": id, "label": both(label)} for id, label in GROUPS.items() if id in used],
            "properties": lines,
        }


GROUPS: Mapping[str, Sentence] = {
    "office": Sentence("办理", "Office"),
    "time": Sentence("时限", "Time limits"),
    "handed": Sentence("传入与传出", "Handed over"),
}


def attribute(name: str) -> Binding:
    """An attribute of the element itself, such as camunda:candidateGroups."""
    return {"type": "property", "name": name}


def office(name: str) -> Binding:
    """A camunda:property, by which the office knows what a step means."""
    return {"type": "camunda:property", "name": name}


def handed_in(target: str) -> Binding:
    """A variable that a called process begins with: the value names the caller's."""
    return {"type": "camunda:in", "target": target}


def reckoned_in(target: str) -> Binding:
    """A variable that a called process begins with: the value is an expression, or a text as it stands."""
    return {"type": "camunda:in", "target": target, "expression": True}


def handed_back(source: str) -> Binding:
    """A variable of a called process: the value names the caller's that receives it."""
    return {"type": "camunda:out", "source": source}


BUSINESS_KEY: Binding = {"type": "camunda:in:businessKey"}
EVERYTHING_BACK: Binding = {"type": "camunda:out", "variables": "all"}
