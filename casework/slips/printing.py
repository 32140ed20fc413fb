"""Prints a slip: from what its row says to the bytes of a PDF/A page, the same bytes whenever it is printed again.

Asks no database and no network; the font and the templates come with the installation. A
released edition of the templates is never changed; a change is a new folder and a new number in `issuing.TEMPLATE`.
"""

import io
import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import segno
import typst
from noto_cjk_sans_otc import FONT_PATH

from casework.slips.characters import printable
from casework.tables import Slip, SlipKind
from engine.errors import Conflict, Sentence

TEMPLATES = Path(__file__).parent / "templates"
STANDARD: Final = "a-2u"
SHORT_DIGEST = 16


class Unprintable(Conflict):
    """The page of a slip cannot be drawn from what its row says; the slip itself holds all the same."""

    code = "not-printed"
    title = Sentence("文书不能打印成页。", "The slip cannot be printed.")

    def __init__(self, number: str) -> None:
        zh = f"文书{number}的内容不能按版式打印；文书仍然有效，请联系系统管理员。"
        en = f"What slip {number} says does not fit its page; the slip holds all the same. Ask an administrator."
        super().__init__(Sentence(zh, en))


@dataclass(frozen=True, slots=True)
class Printed:
    """What is printed of a slip, taken out of its row so that no transaction waits for the printer."""

    kind: SlipKind
    number: str
    content: str
    digest: bytes
    template: int


def taken(slip: Slip) -> Printed:
    """What the printer needs of a slip."""
    return Printed(slip.kind, slip.number, slip.content, slip.digest, slip.template)


def pdf(slip: Printed, *, progress_page: str | None) -> bytes:
    """The page as PDF/A. With the address of the public progress page it is the applicant's own, with a code that
    opens the case; without, a copy for the files that opens nothing. Raises Unprintable."""
    said = json.loads(slip.content)
    issued_at = datetime.fromisoformat(said["issued_at"])
    is_copy = progress_page is None
    shown = printable(said) | {
        "code": None if progress_page is None else _code(progress_page, said["case_number"], said["query_code"]),
        "query_code": None if is_copy else said["query_code"],
        "checked_by": short(slip.digest),
    }
    try:
        return typst.compile(
            TEMPLATES / str(slip.template) / f"{slip.kind.value}.typ",
            root=TEMPLATES / str(slip.template),
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"slip": json.dumps(shown, ensure_ascii=False)},
            pdf_standards=STANDARD,
            timestamp=issued_at,
        )
    except typst.TypstError as error:
        raise Unprintable(slip.number) from error


def short(digest: bytes) -> str:
    """What of the digest stands on the page, for people to compare: 64 bits in fours."""
    text = digest.hex()[:SHORT_DIGEST].upper()
    return " ".join(text[place : place + 4] for place in range(0, SHORT_DIGEST, 4))


def link(progress_page: str, case_number: str, query_code: str) -> str:
    """Where the code leads: the public progress page, opened at the case."""
    joined = "&" if "?" in progress_page else "?"
    return f"{progress_page}{joined}{urlencode({'number': case_number, 'query_code': query_code})}"


def _code(progress_page: str, case_number: str, query_code: str) -> str:
    """The link as a QR code, drawn as SVG."""
    drawn = io.BytesIO()
    code = segno.make(link(progress_page, case_number, query_code), error="m", micro=False)
    code.save(drawn, kind="svg", xmldecl=False, omitsize=True, border=2)
    return drawn.getvalue().decode()


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The one font, whatever else the machine has."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(Path(str(FONT_PATH)).parent)]
    )
