"""Backups: everything the office knows at one moment in one file, and a database made of it again.

The file is the same whichever database it is taken from, so that either can be restored into the other.
"""

from casework.backups.archive import Manifest
from casework.backups.contents import Tell
from casework.backups.restoring import restore
from casework.backups.writing import write

__all__ = ["Manifest", "Tell", "restore", "write"]
