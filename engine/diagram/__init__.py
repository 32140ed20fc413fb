"""Turns BPMN XML with Camunda's attributes into a Diagram. Knows nothing of storage or of the interpreter."""
