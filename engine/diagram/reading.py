"""What every reader of a part of the diagram needs at hand: where to report, how to compile, what is declared."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from engine.diagram.compiling import STAND_IN, Compiler, plain
from engine.diagram.element import Element
from engine.diagram.findings import Findings
from engine.diagram.labels import KINDS
from engine.diagram.model import Binding
from engine.expressions import Expression


@dataclass(frozen=True, slots=True)
class Reading:
    """One process being read. `declared` are the file's messages, signals, errors and escalations by kind and id,
    `delegates` the registered handlers (None: whatever is named exists), `priorities` what the process gives to its
    nodes: camunda:jobPriority and camunda:taskPriority, `lanes` the lane's name of each node in one."""

    findings: Findings
    compiler: Compiler
    declared: Mapping[tuple[str, str | None], Element]
    delegates: Collection[str] | None
    priorities: Mapping[str, Expression | None]
    lanes: Mapping[str, str]

    def priority(self, element: Element, name: str) -> Expression | None:
        """A priority of the element, or else of its process."""
        return self.compiler.whole_number(element, name) or self.priorities[name]

    def referred(self, element: Element, kind: str) -> Element | None:
        """The message, signal, error or escalation that messageRef, signalRef … of an element names."""
        reference = element.get(f"{kind}Ref")
        if reference is None:
            return None
        root = self.declared.get((kind, reference.rpartition(":")[2]))
        if root is None:
            self.findings.fault(
                element,
                f"{{it}}引用的{KINDS[kind].zh}“{reference}”在文件中不存在。",
                f"{{it}} refers to the {KINDS[kind].en} “{reference}”, which is not in the file.",
            )
        return root

    def name_of(self, element: Element, kind: str) -> Expression:
        """The name of the message or signal that an element must refer to."""
        if element.get(f"{kind}Ref") is None:
            self.findings.fault(
                element,
                f"{{it}}没有选定{KINDS[kind].zh}。请在属性面板中选择或新建。",
                f"{{it}} names no {KINDS[kind].en}. Choose or create one in the properties panel.",
            )
        root = self.referred(element, kind)
        if root is None:
            return STAND_IN
        if root.get("name") is None:
            self.findings.fault(root, "{it}没有名称，无法匹配。请给它命名。", "{it} has no name to match by. Name it.")
        return self.compiler.attribute(root, "name") or STAND_IN

    def code_of(self, element: Element, kind: str, required: bool) -> Expression | None:
        """The code of the error or escalation that an element refers to; a catching one without reference takes any."""
        if required and element.get(f"{kind}Ref") is None:
            self.findings.fault(
                element,
                f"{{it}}没有选定要抛出的{KINDS[kind].zh}。请在属性面板中选择或新建。",
                f"{{it}} does not say which {KINDS[kind].en} it throws. Choose or create one in the properties panel.",
            )
        root = self.referred(element, kind)
        if root is None:
            return None
        code = self.compiler.attribute(root, f"{kind}Code")
        if code is None or not code.is_literal:
            self.findings.fault(
                root,
                f"{{it}}没有固定的代码（{kind}Code），无法匹配。请填写代码。",
                f"{{it}} has no fixed code ({kind}Code) to match by. Give it one.",
            )
        return code

    def variable_name(self, element: Element, attribute: str) -> str | None:
        """An attribute that names the variable which receives something, None when it is absent."""
        name = element.get(attribute)
        if name is not None:
            self.compiler.variable(name, element, plain(attribute))
        return name

    def binding(
        self, element: Element, attribute: str, allowed: tuple[Binding, ...], required: bool = False
    ) -> Binding:
        """Which version of a process or form is meant; Camunda takes the latest of a process when nothing is said."""
        text = element.get(attribute)
        if text is None and not required:
            return Binding.LATEST
        if text not in allowed:
            choices = ", ".join(allowed)
            self.findings.fault(
                element,
                f"{{it}}的 {plain(attribute)} 必须是以下之一：{choices}。",
                f"{{it}} needs a {plain(attribute)} out of {choices}.",
            )
            return Binding.LATEST
        return Binding(text)

    def check_binding(self, element: Element, binding: Binding, needed: Binding, attribute: str) -> None:
        """A version is written exactly when the binding asks for it."""
        if (element.get(attribute) is not None) != (binding is needed):
            self.findings.fault(
                element,
                f"{{it}}的 {plain(attribute)} 只有绑定方式为 {needed} 时才填写，且此时必填。",
                f"{{it}} needs {plain(attribute)} when, and only when, the binding is {needed}.",
            )
