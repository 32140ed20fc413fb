"""The feed of changes: what departments' own systems follow, in one order that no late commit disturbs.

Commands write changes (`note`), readers number them (casework.feed.numbering) and read them (casework.feed.reading).
"""

from casework.feed.forgetting import forget
from casework.feed.kinds import CHANGE_KINDS, ChangeKind
from casework.feed.writing import case_moved, listen, note

__all__ = ["CHANGE_KINDS", "ChangeKind", "case_moved", "forget", "listen", "note"]
