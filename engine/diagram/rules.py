from engine.diagram.findings import Finding
from engine.diagram.model import Process


def faults_of(process: Process) -> list[Finding]:
    return []


def warnings_of(process: Process) -> list[Finding]:
    return []
