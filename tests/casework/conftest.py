"""The office's fixtures."""

from tests.office import office, office_ports

__all__ = ["office", "office_ports"]
