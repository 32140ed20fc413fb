"""What must hold between the parts of a process, beyond each part alone. Pure: a process in, findings out.

Every rule yields all its findings. The wording names what the designer sees; the sources are BPMN 2.0 and what
Camunda 7 refuses.
"""

from collections.abc import Iterator

from engine.diagram.findings import Finding
from engine.diagram.model import Process
from engine.diagram.rules.catching import CATCHING_RULES
from engine.diagram.rules.compensation import COMPENSATION_RULES, COMPENSATION_WARNINGS
from engine.diagram.rules.events import EVENT_RULES
from engine.diagram.rules.flows import FLOW_RULES
from engine.diagram.rules.gateways import GATEWAY_RULES
from engine.diagram.rules.idle import IDLE_RULES
from engine.diagram.rules.joins import joins_are_not_starved
from engine.diagram.rules.links import LINK_RULES
from engine.diagram.rules.scopes import SCOPE_RULES
from engine.diagram.rules.transactions import TRANSACTION_RULES, TRANSACTION_WARNINGS

FAULT_RULES = (
    *FLOW_RULES,
    *GATEWAY_RULES,
    *SCOPE_RULES,
    *EVENT_RULES,
    *CATCHING_RULES,
    *LINK_RULES,
    *COMPENSATION_RULES,
    *TRANSACTION_RULES,
)

WARNING_RULES = (*IDLE_RULES, *COMPENSATION_WARNINGS, *TRANSACTION_WARNINGS, joins_are_not_starved)


def faults_of(process: Process) -> Iterator[Finding]:
    """Everything between the parts of a process that cannot run as drawn."""
    for rule in FAULT_RULES:
        yield from rule(process)


def warnings_of(process: Process) -> Iterator[Finding]:
    """Everything that runs, but does nothing, or may come to a standstill."""
    for rule in WARNING_RULES:
        yield from rule(process)
