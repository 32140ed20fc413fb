"""The interpreter of BPMN processes, behind one port: `build` a definition, `advance` an instance of it.

SpiffWorkflow is imported nowhere else; its names, ids, states and objects never leave this folder.
"""

from engine.interpreter.definition import Definition, build
from engine.interpreter.port import advance, interrupts_call
from engine.interpreter.service_tasks import DECIDE

__all__ = ["DECIDE", "Definition", "advance", "build", "interrupts_call"]
