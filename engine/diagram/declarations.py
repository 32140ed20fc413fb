"""The messages, signals, errors and escalations of a file: what events refer to by id and match by name or code."""

from collections.abc import Callable
from dataclasses import dataclass, field

from engine.diagram.compiling import STAND_IN, Compiler
from engine.diagram.element import Element
from engine.diagram.labels import KINDS
from engine.expressions import Expression

ROOTS = ("message", "signal", "error", "escalation")


@dataclass(frozen=True, slots=True)
class Declarations:
    """Each is read when an event refers to it for the first time: what nobody uses need not be complete."""

    compiler: Compiler
    elements: dict[tuple[str, str], Element]
    read: dict[tuple[str, str], Expression | None] = field(default_factory=dict)

    def match(self, referring: Element, kind: str) -> Expression | None:
        """The name or code of what messageRef, signalRef … refers to; None when there is no reference."""
        reference = referring.get(f"{kind}Ref")
        if reference is None:
            return None
        key = (kind, reference.rpartition(":")[2])
        if key not in self.elements:
            self.compiler.findings.fault(
                referring,
                f"{{it}}引用的{KINDS[kind].zh}“{reference}”在文件中不存在。",
                f"{{it}} refers to the {KINDS[kind].en} “{reference}”, which is not in the file.",
            )
            return STAND_IN
        if key not in self.read:
            self.read[key] = READERS[kind](self.elements[key], self.compiler)
        return self.read[key]

    def message(self, referring: Element) -> Expression | None:
        """What the error that a throwing event refers to says: camunda:errorMessage."""
        declared = self.elements.get(("error", (referring.get("errorRef") or "").rpartition(":")[2]))
        return None if declared is None else self.compiler.attribute(declared, "camunda:errorMessage")


def declarations_of(root: Element, compiler: Compiler) -> Declarations:
    """What a file declares beside its processes."""
    return Declarations(compiler, {(element.name, element.id or ""): element for element in root.all(*ROOTS)})


def read_name(declared: Element, compiler: Compiler) -> Expression:
    """A message's or signal's name, which may be an expression."""
    name = compiler.attribute(declared, "name")
    if name is None:
        compiler.findings.fault(
            declared, "{it}没有名称，无法匹配。请给它命名。", "{it} has no name to match by. Name it."
        )
    return name or STAND_IN


def read_code(declared: Element, compiler: Compiler) -> Expression:
    """An error's or escalation's code, which is fixed: catching events are chosen by it."""
    attribute = f"{declared.name}Code"
    code = compiler.attribute(declared, attribute)
    if code is None or not code.is_literal:
        compiler.findings.fault(
            declared,
            f"{{it}}没有固定的代码（{attribute}），无法匹配。请填写代码。",
            f"{{it}} has no fixed code ({attribute}) to match by. Give it one.",
        )
    return code or STAND_IN


READERS: dict[str, Callable[[Element, Compiler], Expression]] = {
    "message": read_name,
    "signal": read_name,
    "error": read_code,
    "escalation": read_code,
}
