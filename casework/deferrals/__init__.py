"""Deferred materials (容缺受理): what is secondary may come after acceptance, on the applicant's written promise.

The review goes on and no clock of the office stands still; nothing is approved until the papers are there
(滨州市并联审批规定 art. 11; 安阳市办法 art. 24). What becomes of a missed promise the item says and the diagram draws.
"""

from casework.deferrals.gate import Outstanding, require_nothing
from casework.deferrals.listening import listen
from casework.deferrals.promises import hand_in, latest, listed, offer, outstanding, seen

__all__ = ["Outstanding", "hand_in", "latest", "listed", "listen", "offer", "outstanding", "require_nothing", "seen"]
