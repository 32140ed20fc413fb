"""What a diagram refers to outside itself: forms, files, decisions, called processes; and what to say of one that is
not there. Knows nothing of what is deployed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from engine.diagram.findings import capitalised
from engine.diagram.labels import label, shortened
from engine.diagram.model import Binding, Node
from engine.errors import Sentence
from engine.expressions import Expression

OF_DEPLOYMENT = ("camunda-forms:deployment:", "operaton-forms:deployment:", "embedded:deployment:", "deployment:")
"""By these a form's key names a file of its definition's own deployment (Camunda 7)."""


class Kind(Enum):
    """What may be referred to, in the designer's words."""

    FORM = Sentence("表单", "form")
    FILE = Sentence("文件", "file")
    DECISION = Sentence("决策", "decision")
    PROCESS = Sentence("流程", "process")


REMEDIES: Mapping[Binding, tuple[Sentence, Sentence]] = {
    Binding.LATEST: (
        Sentence("尚未部署", "is not deployed"),
        Sentence("请部署该{kind}", "Deploy it"),
    ),
    Binding.DEPLOYMENT: (
        Sentence("不在同一次部署中", "is not in the same deployment"),
        Sentence(
            "请与流程图一同部署（在 Modeler 的部署窗口中勾选为附加文件），或将绑定（binding）改为 latest",
            "Deploy the two together (in Camunda Modeler tick it as an additional file), or bind it to latest",
        ),
    ),
    Binding.VERSION: (
        Sentence("没有部署第 {version} 版", "is not deployed in version {version}"),
        Sentence("请部署该版本，或将绑定（binding）改为 latest", "Deploy that version, or bind it to latest"),
    ),
    Binding.VERSION_TAG: (
        Sentence("没有部署标签为“{version}”的版本", "is not deployed in a version tagged “{version}”"),
        Sentence("请部署该版本，或将绑定（binding）改为 latest", "Deploy that version, or bind it to latest"),
    ),
}
"""What is missing, by the version that was meant, and how that is mended."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A form, file, decision or process in one version; `version` is the number or tag of a binding that has one."""

    kind: Kind
    key: str
    binding: Binding = Binding.LATEST
    version: str | None = None

    def missing(self, node: Node) -> Sentence:
        """That it is not there, for the node that refers to it, and what to do."""
        it, kind = label(node.type, node.name, node.id), self.kind.value
        said = {"kind": kind.zh, "version": shortened(self.version or "")}
        lack, remedy = (Sentence(one.zh.format(**said), one.en.format(**said)) for one in REMEDIES[self.binding])
        key = shortened(self.key)
        return Sentence(
            f"{it.zh}引用的{kind.zh}“{key}”{lack.zh}：{remedy.zh}。",
            capitalised(f"{it.en} refers to the {kind.en} “{key}”, which {lack.en}. {remedy.en}."),
        )


def references(node: Node) -> Iterator[Reference]:
    """What a node refers to by a literal name; what an expression names is known only when the node is reached."""
    form = node.assignment.form if node.assignment else None
    if form is not None:
        yield from _literal(Kind.FORM, form.reference, form.binding, form.version)
        yield from _file(form.key)
    ruling = node.work.decided if node.work else None
    if ruling is not None:
        yield from _literal(Kind.DECISION, ruling.reference, ruling.binding, ruling.version)
    if node.call is not None:
        yield from _literal(Kind.PROCESS, node.call.called_element, node.call.binding, node.call.version)


def file_name(form_key: str | None) -> str | None:
    """The file of the definition's own deployment that a camunda:formKey means, None where it means something else."""
    found = next((start for start in OF_DEPLOYMENT if form_key and form_key.startswith(start)), None)
    return form_key.removeprefix(found) if form_key and found else None


def _literal(kind: Kind, named: Expression | None, binding: Binding, version: Expression | None) -> Iterator[Reference]:
    if named is not None and named.is_literal and (version is None or version.is_literal):
        yield Reference(kind, named.text, binding, None if version is None else version.text)


def _file(key: Expression | None) -> Iterator[Reference]:
    name = file_name(key.text) if key is not None and key.is_literal else None
    if name is not None:
        yield Reference(Kind.FILE, name, Binding.DEPLOYMENT)
