"""What every reader of a part of a DMN file needs at hand: where to report, and what stands where."""

import re
from dataclasses import dataclass, field

from engine.diagram.element import Element
from engine.diagram.screening import NAME_OF_THINGS
from engine.errors import Fault, Sentence

FEEL = re.compile(r"feel|https?://www\.omg\.org/spec/(FEEL|DMN)/[0-9]+(/FEEL/?)?", re.IGNORECASE)
DAYS = re.compile(r"P?([0-9]{1,6})D?")
KINDS = {
    "dmn:decision": Sentence("决策", "decision"),
    "dmn:decisionTable": Sentence("决策表", "decision table"),
    "dmn:input": Sentence("输入列", "input"),
    "dmn:output": Sentence("输出列", "output"),
    "dmn:rule": Sentence("规则", "rule"),
    "dmn:inputEntry": Sentence("条件单元格", "input entry"),
    "dmn:outputEntry": Sentence("结论单元格", "output entry"),
    "dmn:inputExpression": Sentence("输入表达式", "input expression"),
    "dmn:literalExpression": Sentence("文字表达式", "literal expression"),
}


def text_of(element: Element | None) -> str:
    """What stands in the dmn:text of an element, without the blanks around it."""
    text = None if element is None else element.first("dmn:text")
    return "" if text is None else text.text.strip()


@dataclass(slots=True)
class Reading:
    """One file being read: its faults, and the element of each id. `language` is what the file says of all its
    expressions that say nothing themselves."""

    language: str | None = None
    faults: list[Fault] = field(default_factory=list)
    places: dict[str, Element] = field(default_factory=dict)

    def fault(self, element: Element, zh: str, en: str) -> None:
        """Refuse the file; `{it}` in the sentence becomes the element's name."""
        it = named(element)
        said = Sentence(zh.replace("{it}", it.zh), en.replace("{it}", it.en))
        said = Sentence(said.zh, said.en[:1].upper() + said.en[1:])
        self.faults.append(Fault(said, element.id, element.line, element.column))

    def index(self, root: Element) -> None:
        """Every decision and rule can be named, and no two things have the same id."""
        for element in root.walk():
            if element.name == "dmn:decision" and not NAME_OF_THINGS.fullmatch(element.id or ""):
                self.fault(
                    element,
                    "{it}没有可用的 id：以字母开头，只含字母、数字、点、横线和下划线。",
                    "{it} has no usable id: a letter, then letters, digits, dots, hyphens and underscores.",
                )
            if element.id is None or not element.name.startswith("dmn:"):
                continue
            if element.id in self.places:
                line = self.places[element.id].line
                self.fault(
                    element,
                    f"id “{element.id}”重复：第 {line} 行已使用。",
                    f"The id “{element.id}” is already used in line {line}.",
                )
            self.places[element.id] = element

    def feel(self, element: Element, text: str) -> str:
        """The text of an element that must be FEEL, by its own word and by its looks."""
        language = element.get("expressionLanguage") or self.language
        if language is not None and not FEEL.fullmatch(language):
            self.fault(
                element,
                f"{{it}}的表达式语言是“{language[:40]}”，决策只用 FEEL。请删除该设置并改写表达式。",
                f"{{it}} is in the language “{language[:40]}”; decisions are in FEEL. Rewrite it.",
            )
        elif text.startswith(("${", "#{")):
            self.fault(
                element,
                f"{{it}}写成了 JUEL 表达式“{text[:40]}”，决策只用 FEEL：直接写 {text[2:-1].strip()[:40] or '变量名'}。",
                f"{{it}} is the JUEL expression “{text[:40]}”; decisions are in FEEL: write {text[2:-1].strip()[:40]}.",
            )
        else:
            return text
        return ""

    def days(self, element: Element, attribute: str) -> int | None:
        """A number of days: 30 or P30D."""
        said = element.get(attribute)
        if said is None:
            return None
        found = DAYS.fullmatch(said)
        if found is None:
            self.fault(
                element,
                f"{{it}}的 {attribute} 应为天数，例如 180 或 P180D。",
                f"{attribute} of {{it}} is a number of days, such as 180 or P180D.",
            )
        return int(found[1]) if found else None


def named(element: Element) -> Sentence:
    """The words for an element: what it is, and its name, label or id."""
    kind = KINDS.get(element.name) or Sentence(element.name.removeprefix("dmn:"), element.name.removeprefix("dmn:"))
    called = element.get("name") or element.get("label") or element.id
    return kind if called is None else Sentence(f"{kind.zh}“{called[:60]}”", f"{kind.en} “{called[:60]}”")
