"""Diagrams as people see them: a process as drawn, and a case on it with what is done, at work and waiting."""

from casework.diagrams.showing import of_case, of_definition, of_progress

__all__ = ["of_case", "of_definition", "of_progress"]
