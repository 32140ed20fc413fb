"""What is wrong with the files of a deployment, as Camunda's parse error: all in one message, and by file."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from api.languages import say
from engine.deployments import DIAGRAM_SUFFIXES
from engine.errors import Fault, Sentence

UNPARSED = "ENGINE-09005 Could not parse BPMN process. Errors: "
"""By these words Camunda Modeler knows that the diagram is at fault. It logs the message in any case, so a deployment
in which no diagram is at fault begins with the words for what is."""
OTHERS: Mapping[str, Sentence] = {
    ".dmn": Sentence("决策", "the decision"),
    ".form": Sentence("表单", "the form"),
    ".toml": Sentence("事项", "the item"),
}
UNNAMED_FILE = "deployment"


def said(faults: Sequence[Fault]) -> dict[str, Any]:
    """The message, which is all that the Modeler shows, with every problem, its place and its element; the details."""
    return {
        "message": _head(faults) + "".join(f"\n* {_problem(fault)}" for fault in faults),
        "details": _details(faults),
    }


def _head(faults: Sequence[Fault]) -> str:
    files = dict.fromkeys(fault.resource for fault in faults if fault.resource)
    if not files or any(file.endswith(DIAGRAM_SUFFIXES) for file in files):
        return UNPARSED
    kinds = [(OTHERS.get(PurePosixPath(file).suffix, Sentence("文件", "the file")), file) for file in files]
    zh = "、".join(f"{kind.zh} {file}" for kind, file in kinds)
    en = ", ".join(f"{kind.en} {file}" for kind, file in kinds)
    return say(Sentence(f"无法读取{zh}，其中的错误： ", f"Could not parse {en}. Errors: "))


def _problem(fault: Fault) -> str:
    places = {"resource": fault.resource, "line": fault.line, "column": fault.column, "element": fault.element_id}
    return " | ".join([_sentence(fault), *(f"{name} {place}" for name, place in places.items() if place)])


def _sentence(fault: Fault) -> str:
    """The sentence without the file's name in front, which stands in a place of its own here."""
    return say(fault.sentence).removeprefix(f"{fault.resource}：").removeprefix(f"{fault.resource}: ")


def _details(faults: Sequence[Fault]) -> dict[str, Any]:
    files: dict[str, Any] = {}
    for fault in faults:
        found = files.setdefault(fault.resource or UNNAMED_FILE, {"errors": [], "warnings": []})
        found["errors"].append(
            {
                "message": _sentence(fault),
                "line": fault.line or 0,
                "column": fault.column or 0,
                "mainElementId": fault.element_id,
                "elementIds": [fault.element_id] if fault.element_id else [],
            }
        )
    return files
