"""Reads a BPMN file: opens it, screens it, reads its executable processes, applies the rules, reports all at once."""

from collections.abc import Collection
from typing import NamedTuple

from engine.diagram.compiling import Compiler
from engine.diagram.declarations import Declarations, declarations_of
from engine.diagram.element import Element
from engine.diagram.findings import Findings
from engine.diagram.gate import open_file, refused
from engine.diagram.model import Diagram, Process
from engine.diagram.processes import associations_of, lanes_of, read_process
from engine.diagram.reading import Reading
from engine.diagram.rules import faults_of, warnings_of
from engine.diagram.screening import foreign_platform, screen, screen_ids
from engine.errors import DiagramRefused

PRIORITIES = ("camunda:jobPriority", "camunda:taskPriority")


class Registered(NamedTuple):
    """The names that a diagram may give to handlers and listeners; None: whatever it names exists."""

    delegates: Collection[str] | None
    listeners: Collection[str] | None


def read_diagram(
    source: bytes,
    *,
    functions: Collection[str] = (),
    delegates: Collection[str] | None = None,
    listeners: Collection[str] | None = None,
) -> Diagram:
    """Every executable process of a BPMN file, understood in full; else DiagramRefused with every fault there is.

    `functions` are the names that its expressions may call, `delegates` and `listeners` the registered handlers and
    listeners (None: not checked).
    """
    root = open_file(source)
    check_platform(root)
    findings = Findings()
    screen(root, findings)
    screen_ids(root, findings)
    processes = tuple(read_processes(root, Compiler(findings, functions), Registered(delegates, listeners)))
    for process in processes:
        findings.add_faults(faults_of(process))
        findings.add_warnings(warnings_of(process))
    if findings.faults:
        raise DiagramRefused(faults=sorted(findings.faults, key=lambda fault: (fault.line or 0, fault.column or 0)))
    return Diagram(processes, tuple(findings.warnings))


def check_platform(root: Element) -> None:
    """A file for another engine, or no BPMN at all, has one fault instead of hundreds."""
    if root.name != "definitions":
        raise refused("文件不是 BPMN 2.0 流程图。", "The file is no BPMN 2.0 diagram.", root.line, root.column)
    platform = foreign_platform(root)
    if platform is not None:
        raise refused(
            f"文件是为 {platform} 绘制的，不能在此执行。请在 Camunda Modeler 中选择 Camunda 7 平台重新绘制。",
            f"The file was drawn for {platform} and cannot run here. Draw it for Camunda 7 in Camunda Modeler.",
            root.line,
            root.column,
        )


def read_processes(root: Element, compiler: Compiler, registered: Registered) -> list[Process]:
    """The executable processes; a file without one has nothing to deploy. As in Camunda 7 the others are pictures."""
    findings = compiler.findings
    executable = [process for process in root.all("process") if process.holds("isExecutable")]
    if not executable:
        findings.fault(
            root.first("process") or root,
            "文件中没有可执行的流程。请在流程的属性面板中勾选 Executable。",
            "The file has no executable process. Tick Executable in the properties of the process.",
        )
    declarations = declarations_of(root, compiler)
    return [
        read_process(process, reading_of(process, declarations, registered), root.get("targetNamespace"))
        for process in executable
        if findings.places.get(process.id or "") is process
    ]


def reading_of(process: Element, declarations: Declarations, registered: Registered) -> Reading:
    compiler = declarations.compiler
    priorities = {name: compiler.whole_number(process, name) for name in PRIORITIES}
    return Reading(
        compiler.findings,
        compiler,
        declarations,
        registered.delegates,
        registered.listeners,
        priorities,
        lanes_of(process),
        associations_of(process),
    )
