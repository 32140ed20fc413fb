"""What every reader of a part of the diagram needs at hand: where to report, how to compile, what is declared."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from engine.diagram.compiling import STAND_IN, Compiler, plain
from engine.diagram.declarations import Declarations
from engine.diagram.element import Element
from engine.diagram.findings import Findings
from engine.diagram.labels import KINDS
from engine.diagram.model import Binding
from engine.diagram.refusals import REFUSED_ATTRIBUTES, REFUSED_ELEMENTS
from engine.expressions import Expression


@dataclass(frozen=True, slots=True)
class Reading:
    """One process being read. `delegates` and `listeners` are the registered ones (None: whatever is named exists),
    `priorities` what the process gives to its nodes: camunda:jobPriority and camunda:taskPriority, `lanes` the lane's
    name of each node in one, `associations` what an element is associated with."""

    findings: Findings
    compiler: Compiler
    declarations: Declarations
    delegates: Collection[str] | None
    listeners: Collection[str] | None
    priorities: Mapping[str, Expression | None]
    lanes: Mapping[str, str]
    associations: Mapping[str, tuple[str, ...]]

    def priority(self, element: Element, name: str) -> Expression | None:
        """A priority of the element, or else of its process."""
        return self.compiler.whole_number(element, name) or self.priorities[name]

    def is_refused(self, element: Element) -> bool:
        """Whether the element has something that does not run: what is missing beside it is no fault of its own."""
        extensions = [extension for holder in element.all("extensionElements") for extension in holder.children]
        return not REFUSED_ATTRIBUTES.keys().isdisjoint(element.attributes) or any(
            extension.name in REFUSED_ELEMENTS for extension in extensions
        )

    def required_match(self, element: Element, kind: str) -> Expression:
        """The name or code of the message, signal, error or escalation that an element must refer to."""
        match = self.declarations.match(element, kind)
        if match is None and not self.is_refused(element):
            self.findings.fault(
                element,
                f"{{it}}没有选定{KINDS[kind].zh}。请在属性面板中选择或新建。",
                f"{{it}} names no {KINDS[kind].en}. Choose or create one in the properties panel.",
            )
        return match or STAND_IN

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
