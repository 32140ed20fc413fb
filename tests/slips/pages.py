"""Printed slips read back: their text, the glyphs they draw, the code that a telephone reads."""

import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pypdfium2
import zxingcpp
from pypdf import PdfReader
from pypdf.generic import ContentStream

from casework.slips import SlipKind
from casework.slips.printing import Printed, pdf

PAGE = "https://zwfw.example/progress"
NUMBER = "000000SL20260302000001"
CONTENT = {
    "number": NUMBER,
    "case_number": "000000202603020001",
    "query_code": "7K2M9QXA",
    "item": "建设工程规划许可（并联审批）",
    "authority": "自然资源和规划局",
    "applicant": "云溪市禾木智能装备有限公司",
    "agent": None,
    "received_at": "2026-03-02T08:55:00+08:00",
    "issued_at": "2026-03-02T09:00:00+08:00",
    "basis": "行政许可法第三十二条",
}
MIDNIGHT = "2026-03-10T00:00:00+08:00"
FACTS: Mapping[SlipKind, Mapping[str, Any]] = {
    SlipKind.RECEIPT: {"materials": ["身份证明"], "until": MIDNIGHT},
    SlipKind.ACCEPTANCE: {"promised_until": MIDNIGHT, "statutory_until": "2026-03-10T17:00:00+08:00"},
    SlipKind.CORRECTION: {"listed": ["补盖签章", "补交委托书"], "time": "10 个工作日"},
    SlipKind.DECLINE: {"reason": "不属于本机关职权范围"},
    SlipKind.DEFERRAL: {"listed": ["环境影响评价批复"], "until": "2026-03-20"},
    SlipKind.SPECIAL_PROCEDURE: {
        "procedure": "听证",
        "basis": "行政许可法第四十六条",
        "is_by_law": True,
        "time": "二十个工作日",
    },
    SlipKind.EXTENSION: {"reason": "情况复杂", "time": "十个工作日", "until": MIDNIGHT},
    SlipKind.PAYMENT: {"bill": "JF-1", "charges": [{"name": "配套费", "amount": "0.10"}], "total": "0.10"},
    SlipKind.DECISION: {"decision": "REFUSED", "reason": "间距不足"},
    SlipKind.DELIVERY: {"things": ["营业执照"]},
}
ENDS = ("2026-03-09T23:59:59+08:00", MIDNIGHT, "2026-03-09T17:30:00+08:00", "2026-03-09", None)
"""A deadline as its last second, as the first instant too late, in office hours, as a day, and where there is none."""
INSTANTS = ("2026-03-09T17:30:00+08:00", None)
WORDS = ("情况复杂", "第一行\n第二行\n\n", "", None)
EITHER = (True, False, None)
LISTS: tuple[list[str], ...] = ([], ["营业执照"], ["营业执照", "公章"])
SAID: Mapping[SlipKind, Mapping[str, Iterable[Any]]] = {
    SlipKind.RECEIPT: {"materials": (*LISTS, None), "until": ENDS, "is_provisional": EITHER},
    SlipKind.ACCEPTANCE: {
        "accepted_at": INSTANTS,
        "promised_until": ENDS,
        "is_promise_provisional": EITHER,
        "statutory_until": ENDS,
        "is_statutory_provisional": EITHER,
        "is_by_law": EITHER,
    },
    SlipKind.CORRECTION: {"listed": LISTS, "time": ("10 个工作日", None), "until": ENDS, "reason": WORDS},
    SlipKind.DECLINE: {"reason": WORDS, "competent_authority": ("省药品监督管理局", "", None)},
    SlipKind.DEFERRAL: {"listed": LISTS, "how": WORDS, "until": ENDS, "is_provisional": EITHER, "promise": WORDS},
    SlipKind.SPECIAL_PROCEDURE: {
        "procedure": ("公示",),
        "basis": WORDS,
        "is_by_law": EITHER,
        "time": (*ENDS, "二十个工作日"),
    },
    SlipKind.EXTENSION: {
        "reason": WORDS,
        "time": ("十五个工作日",),
        "until": (*ENDS, "自时限恢复计算后顺延"),
        "is_provisional": EITHER,
    },
    SlipKind.PAYMENT: {
        "bill": ("JF-1",),
        "charges": (
            [],
            [{"name": "配套费", "amount": "0.10", "basis": basis} for basis in ("国发〔2022〕5号", "", None)],
        ),
        "total": ("0.10", "1,000,000.00"),
        "until": ENDS,
        "how": WORDS,
    },
    SlipKind.DECISION: {
        "decision": ("APPROVED", "REFUSED"),
        "decided_at": INSTANTS,
        "reason": WORDS,
        "authority": ("消防救援局", None),
        "results": (*LISTS, None),
    },
    SlipKind.DELIVERY: {
        "things": LISTS,
        "means": ("直接送达", None),
        "receiver": ("顾清和", None),
        "delivered_at": INSTANTS,
    },
}
"""Every value that a command may give a slip to say, and what is not there."""


def slip(kind: SlipKind = SlipKind.DECLINE, *, facts: Mapping[str, Any] | None = None, **changes: Any) -> Printed:
    """A slip as its row has it."""
    content = json.dumps(CONTENT | changes | {"facts": FACTS[kind] if facts is None else facts}, ensure_ascii=False)
    return Printed(kind, NUMBER, content, hashlib.sha256(content.encode()).digest(), 1)


def printed(kind: SlipKind = SlipKind.DECLINE, **changes: Any) -> bytes:
    """The applicant's own copy."""
    return pdf(slip(kind, **changes), progress_page=PAGE)


def text(page: bytes) -> str:
    """All of the text, without the breaks of lines."""
    return "".join(sheets(page))


def sheets(page: bytes) -> list[str]:
    """The same, by the sheets of paper."""
    return ["".join(one.extract_text().split()) for one in PdfReader(io.BytesIO(page)).pages]


def fonts(page: bytes) -> set[str]:
    """The fonts that are embedded, without the mark of their subset."""
    resources: list[Any] = [one["/Resources"] for one in PdfReader(io.BytesIO(page)).pages]
    found = [font for one in resources for font in one["/Font"].values()]
    inner = [font.get_object()["/DescendantFonts"][0].get_object() for font in found]
    assert all("/FontFile3" in font["/FontDescriptor"] for font in inner)
    return {str(font["/BaseFont"]).partition("+")[2] for font in inner}


def glyphs(page: bytes) -> Iterator[int]:
    """The number of every glyph that is drawn; 0 is the box for a missing one."""
    reader = PdfReader(io.BytesIO(page))
    for one in reader.pages:
        for operands, operator in ContentStream(one.get_contents(), reader).operations:
            shown = operands[0] if operator == b"TJ" else operands if operator == b"Tj" else []
            for drawn in shown:
                codes = getattr(drawn, "original_bytes", b"")
                yield from (int.from_bytes(codes[place : place + 2]) for place in range(0, len(codes), 2))


def code(page: bytes) -> str | None:
    """What the QR code on the first page says."""
    with pypdfium2.PdfDocument(page) as document:
        picture = document[0].render(scale=3, grayscale=True)
        grey = memoryview(picture.buffer).cast("B", (picture.height, picture.stride))
        found = zxingcpp.read_barcodes(grey)
    return found[0].text if found else None
