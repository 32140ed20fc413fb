"""Interprets BPMN process definitions. Knows nothing of HTTP, of forms or of the office's words."""
