"""Scenario files (场景): what a process package promises, told in the office's verbs and run on a virtual calendar.

`lianban test PACKAGE` runs them through the same commands as the doors do, against a real database. Knows no
terminal and no HTTP.
"""

from casework.scenarios.mismatch import Failure
from casework.scenarios.runner import DatabaseFactory, Result, run_package

__all__ = ["DatabaseFactory", "Failure", "Result", "run_package"]
