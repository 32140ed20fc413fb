"""What the office keeps beside the engine's rows: people, departments, items, cases, materials, corrections, clocks.

Every table either has a `revision` or is append-only. A case and what belongs to it carry the root process instance's
id; `region` (行政区划) is the division that received the case. Logins, department codes and role codes are the words
diagrams and candidates use.
"""

from casework.tables.calendars import CalendarDay, CalendarYear, MovedDeadline, Recomputation
from casework.tables.cases import Case, CaseNumberSequence, CaseState, Correction, CorrectionState, Decision, Material
from casework.tables.clocks import Clock, ClockExtension, ClockKind, ClockPause, ClockState
from casework.tables.cooperation import (
    CaseReader,
    Consultation,
    ConsultationState,
    Copy,
    CopyReceipt,
    Phrase,
    TaskComment,
)
from casework.tables.deferrals import Deferral, DeferralState
from casework.tables.feed import Change, ChangeSequence
from casework.tables.fees import Bill, BillLine, BillShare, BillState
from casework.tables.filters import TaskFilter
from casework.tables.items import Item, ItemChange, ItemState
from casework.tables.liabilities import Liability
from casework.tables.notices import Notice, ReceiverKind
from casework.tables.people import (
    AccessToken,
    Code,
    Department,
    Membership,
    Person,
    Region,
    RegionCode,
    Role,
    RoleGrant,
)
from casework.tables.signatures import Signature
from casework.tables.slips import ServiceMeans, Slip, SlipKind, SlipNumberSequence
from casework.tables.special_procedures import SpecialProcedure
from casework.tables.supervision import (
    SUPERVISION_ORDER,
    Card,
    CardGround,
    CardState,
    OrderOrigin,
    OrderState,
    SupervisionOrder,
)

__all__ = [
    "SUPERVISION_ORDER",
    "AccessToken",
    "Bill",
    "BillLine",
    "BillShare",
    "BillState",
    "CalendarDay",
    "CalendarYear",
    "Card",
    "CardGround",
    "CardState",
    "Case",
    "CaseNumberSequence",
    "CaseReader",
    "CaseState",
    "Change",
    "ChangeSequence",
    "Clock",
    "ClockExtension",
    "ClockKind",
    "ClockPause",
    "ClockState",
    "Code",
    "Consultation",
    "ConsultationState",
    "Copy",
    "CopyReceipt",
    "Correction",
    "CorrectionState",
    "Decision",
    "Deferral",
    "DeferralState",
    "Department",
    "Item",
    "ItemChange",
    "ItemState",
    "Liability",
    "Material",
    "Membership",
    "MovedDeadline",
    "Notice",
    "OrderOrigin",
    "OrderState",
    "Person",
    "Phrase",
    "ReceiverKind",
    "Recomputation",
    "Region",
    "RegionCode",
    "Role",
    "RoleGrant",
    "ServiceMeans",
    "Signature",
    "Slip",
    "SlipKind",
    "SlipNumberSequence",
    "SpecialProcedure",
    "SupervisionOrder",
    "TaskComment",
    "TaskFilter",
]
