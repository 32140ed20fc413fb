"""Turns BPMN XML with Camunda's attributes into a Diagram. Knows nothing of storage or of the interpreter."""

from engine.diagram.reader import read_diagram

__all__ = ["read_diagram"]
