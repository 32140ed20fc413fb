"""The signs inside shapes (BPMN 2.0, chapter 13), as paths around their centre in a box of 20 by 20."""

from collections.abc import Mapping

from engine.diagram.model import EventKind
from engine.drawing.layout import Repeats

FLAP = "M-9,-6 L0,1 L9,-6"
ENVELOPE = f"M-9,-6 H9 V6 H-9 Z {FLAP}"
REWIND = "M-1,-6 L-10,0 L-1,6 Z M8,-6 L-1,0 L8,6 Z"
PAGE = "M-6,-9 H7 V9 H-6 Z M-4,-5 H5 M-4,-1.5 H5 M-4,2 H5 M-4,5.5 H5"

EVENTS: Mapping[EventKind, str] = {
    EventKind.MESSAGE: ENVELOPE,
    EventKind.TIMER: (
        "M0,-9.5 A9.5,9.5 0 1 1 0,9.5 A9.5,9.5 0 1 1 0,-9.5 Z M0,-9.5 V-7 M0,9.5 V7 M9.5,0 H7 M-9.5,0 H-7 "
        "M6.7,-6.7 L5.2,-5.2 M6.7,6.7 L5.2,5.2 M-6.7,6.7 L-5.2,5.2 M-6.7,-6.7 L-5.2,-5.2 M2,-6.5 L0,0 L5.5,0.8"
    ),
    EventKind.SIGNAL: "M0,-9 L9,7 H-9 Z",
    EventKind.ERROR: "M-9,8.5 L-4,-8 L2.5,2 L9,-8.5 L4,8 L-2.5,-2 Z",
    EventKind.ESCALATION: "M0,-10 L7,9 L0,2.5 L-7,9 Z",
    EventKind.CONDITIONAL: PAGE,
    EventKind.LINK: "M-9,-3.5 H2 V-8.5 L10,0 L2,8.5 V3.5 H-9 Z",
    EventKind.TERMINATE: "M0,-9.5 A9.5,9.5 0 1 1 0,9.5 A9.5,9.5 0 1 1 0,-9.5 Z",
    EventKind.COMPENSATE: REWIND,
    EventKind.CANCEL: (
        "M-8,-5.5 L-5.5,-8 L0,-2.5 L5.5,-8 L8,-5.5 L2.5,0 L8,5.5 L5.5,8 L0,2.5 L-5.5,8 L-8,5.5 L-2.5,0 Z"
    ),
}
TASKS: Mapping[str, str] = {
    "userTask": "M0,-8.5 A4,4 0 1 1 0,-0.5 A4,4 0 1 1 0,-8.5 Z M-8,9 V6 Q-8,1.5 -3,0.6 Q0,2.6 3,0.6 Q8,1.5 8,6 V9 Z",
    "manualTask": (
        "M-9,0 L-3.5,-7 Q-1.5,-8.5 -1.5,-6 L-3,-3.5 H8 Q9.5,-2.2 8,-1 H2.5 M8,-1 H8.5 Q10,0.4 8.5,1.7 H2.5 "
        "M8.5,1.7 Q9.3,3.2 7.5,4.4 H2.5 M7.5,4.4 Q8,6 6.3,7 H-5 Q-9,6 -9,0 Z"
    ),
    "serviceTask": (
        "M0,-6 A6,6 0 1 1 0,6 A6,6 0 1 1 0,-6 Z M0,-2.4 A2.4,2.4 0 1 1 0,2.4 A2.4,2.4 0 1 1 0,-2.4 Z "
        "M0,-6 V-9 M0,6 V9 M6,0 H9 M-6,0 H-9 M4.2,-4.2 L6.4,-6.4 M4.2,4.2 L6.4,6.4 M-4.2,4.2 L-6.4,6.4 "
        "M-4.2,-4.2 L-6.4,-6.4"
    ),
    "sendTask": ENVELOPE,
    "receiveTask": ENVELOPE,
    "scriptTask": (
        "M-4,-9 H8 Q3,-4.5 6,0 Q9,4.5 4,9 H-8 Q-3,4.5 -6,0 Q-9,-4.5 -4,-9 Z M-3.5,-5 H3 M-3.5,-1 H3.5 M-2.5,3 H5"
    ),
    "businessRuleTask": "M-9,-7 H9 V7 H-9 Z M-9,-3 H9 M-9,2 H9 M-4,-3 V7",
}
FILLED_TASKS = frozenset({"sendTask"})
ALWAYS_FILLED = frozenset({EventKind.TERMINATE})
GATEWAYS: Mapping[str, str] = {
    "exclusiveGateway": "M-6,-7 L6,7 M6,-7 L-6,7",
    "parallelGateway": "M-9,0 H9 M0,-9 V9",
    "inclusiveGateway": "M0,-8 A8,8 0 1 1 0,8 A8,8 0 1 1 0,-8 Z",
    "eventBasedGateway": (
        "M0,-10 A10,10 0 1 1 0,10 A10,10 0 1 1 0,-10 Z M0,-8 A8,8 0 1 1 0,8 A8,8 0 1 1 0,-8 Z "
        "M0,-5.5 L5.2,-1.7 L3.2,4.5 H-3.2 L-5.2,-1.7 Z"
    ),
    "complexGateway": "M-9,0 H9 M0,-9 V9 M-6.4,-6.4 L6.4,6.4 M6.4,-6.4 L-6.4,6.4",
}
BOLD_GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "complexGateway"})
REPEATS: Mapping[Repeats, str] = {
    Repeats.PARALLEL: "M-5,-6 V6 M0,-6 V6 M5,-6 V6",
    Repeats.SEQUENTIAL: "M-6,-5 H6 M-6,0 H6 M-6,5 H6",
    Repeats.LOOP: "M-2,6 A6,6 0 1 1 3,5.2 M-2,6 L-6,6 M-2,6 V2",
}
COLLAPSED = "M-7,-7 H7 V7 H-7 Z M-4.5,0 H4.5 M0,-4.5 V4.5"
AD_HOC = "M-7,1 Q-3.5,-6 0,0 Q3.5,6 7,-1"
