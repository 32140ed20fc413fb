"""A slip is printed whole: in the font that comes with the product, the same bytes every time, and never as markup."""

import io
import re
import subprocess
import sys
from pathlib import Path

import noto_cjk_sans_otc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from casework.slips import FORMS, SlipKind, printing
from casework.slips.issuing import TEMPLATE
from casework.slips.printing import TEMPLATES, Unprintable, pdf, short
from tests.slips.pages import CONTENT, FACTS, NUMBER, PAGE, SAID, code, fonts, glyphs, printed, sheets, slip, text

KINDS = pytest.mark.parametrize("kind", SlipKind)
RARE = "龘靐㐀𠮷"


@KINDS
def test_every_kind_prints_its_title_its_number_whom_it_is_for_and_who_seals_it(kind: SlipKind) -> None:
    page = text(printed(kind))

    for said in (FORMS[kind].title.zh, NUMBER, CONTENT["applicant"], CONTENT["authority"], "（印章）", "2026年3月2日"):
        assert said is not None
        assert said in page


@KINDS
def test_a_slip_printed_again_is_the_same_to_the_byte(kind: SlipKind) -> None:
    here = printed(kind)
    elsewhere = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys; from tests.slips.pages import *; sys.stdout.buffer.write(printed(SlipKind({kind.value!r})))",
        ],
        capture_output=True,
        check=True,
        cwd=Path(__file__).parent.parent.parent,
    )

    assert printed(kind) == here
    assert elsewhere.stdout == here


def test_the_only_font_is_the_one_that_comes_with_the_product() -> None:
    own = Path(noto_cjk_sans_otc.__file__).parent

    assert {Path(font.path or "/").parent for font in printing._fonts().fonts()} == {own}
    assert fonts(printed()) == {"NotoSansCJKsc-Regular"}


def test_rare_characters_are_drawn() -> None:
    page = printed(applicant=RARE)

    assert RARE in text(page)
    assert 0 not in set(glyphs(page))


def test_a_character_that_the_font_lacks_is_named_by_its_code() -> None:
    page = printed(applicant="王\U00030000")

    assert "王〓（U+30000）" in text(page)
    assert 0 not in set(glyphs(page))


@pytest.mark.parametrize(
    "hostile",
    [
        '#import("x.typ")',
        "#strong[粗]",
        "$x^2$",
        "*粗*",
        "<label>@ref",
        "`raw`",
        "\\ \\u{41}",
        "// 注释",
        "${x}",
        '"); #',
    ],
    ids=["import", "call", "mathematics", "star", "label", "raw", "escape", "comment", "expression", "quote"],
)
def test_what_an_applicant_writes_is_text_and_never_markup(hostile: str) -> None:
    shown = "".join(hostile.split())

    assert shown in text(printed(applicant=hostile))
    assert shown in text(printed(facts={"reason": hostile}))


def test_characters_that_turn_text_around_or_hide_it_are_left_out() -> None:
    assert "甲乙丙" in text(printed(applicant="甲\u202e乙\u200b丙\x07"))


def test_a_word_without_an_end_stays_on_the_page() -> None:
    page = printed(applicant="A" * 500)
    widths = [float(one.mediabox.width) for one in PdfReader(io.BytesIO(page)).pages]

    assert text(page).replace("\u200b", "").count("A") >= 1000  # the addressee and the table
    assert len(widths) <= 2


@settings(max_examples=30)
@given(st.text(max_size=200))
def test_whatever_is_said_can_be_printed(said: str) -> None:
    page = printed(applicant=said, facts={"reason": said})

    assert 0 not in set(glyphs(page))


def test_a_deadline_is_the_last_day_that_is_in_time() -> None:
    page = text(printed(SlipKind.ACCEPTANCE))

    assert "承诺办结期限2026年3月9日（含当日）" in page
    assert "法定办结期限2026年3月10日17时00分" in page


@pytest.mark.parametrize(
    ("until", "read"),
    [
        ("2026-03-10T00:00:00+08:00", "2026年3月9日（含当日）"),
        ("2026-03-09T23:59:59+08:00", "2026年3月9日（含当日）"),
        ("2026-03-09", "2026年3月9日（含当日）"),
        ("2026-03-01T00:00:00+08:00", "2026年2月28日（含当日）"),
        ("2026-03-09T17:30:00+08:00", "2026年3月9日17时30分"),
        ("2026-03-09T16:59:59+08:00", "2026年3月9日17时00分"),
        ("自时限恢复计算后顺延", "自时限恢复计算后顺延"),
    ],
    ids=["first too late", "last second", "day", "over the month", "hour", "second before the hour", "words"],
)
def test_a_deadline_is_read_alike_however_it_was_said(until: str, read: str) -> None:
    facts = dict(FACTS[SlipKind.EXTENSION]) | {"until": until}

    assert f"延长后的期限{read}" in text(printed(SlipKind.EXTENSION, facts=facts))


@KINDS
def test_what_is_not_known_is_left_out(kind: SlipKind) -> None:
    lists = {"listed", "charges", "things"}
    facts: dict[str, object] = {
        name: [] if name in lists else None if name in {"until", "time", "reason"} else FACTS[kind][name]
        for name in FORMS[kind].facts
    }

    assert "none" not in text(printed(kind, facts=facts))


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in SlipKind for name in SAID[kind]])
def test_whatever_a_kind_may_say_can_be_printed(kind: SlipKind, name: str) -> None:
    for value in SAID[kind][name]:
        page = text(printed(kind, facts=dict(FACTS[kind]) | {name: value}))

        assert FORMS[kind].title.zh in page
        assert "none" not in page


def test_a_page_that_cannot_be_drawn_is_told_as_that() -> None:
    with pytest.raises(Unprintable) as told:
        printed(SlipKind.PAYMENT, facts={"bill": "JF-1", "charges": "不是清单", "total": "0.10"})

    assert NUMBER in told.value.detail.zh


def test_a_proof_of_delivery_says_what_is_known_and_leaves_the_rest_to_be_signed() -> None:
    signed = {
        "things": ["营业执照"],
        "means": "直接送达",
        "receiver": "顾清和",
        "delivered_at": "2026-03-09T10:05:00+08:00",
    }

    assert "收到日期年月日" in text(printed(SlipKind.DELIVERY))
    page = text(printed(SlipKind.DELIVERY, facts=signed))
    assert "送达方式直接送达" in page
    assert "顾清和" in page
    assert "收到日期2026年3月9日10时05分" in page


def test_a_decline_names_who_is_competent() -> None:
    page = text(printed(facts={"reason": "不属于本机关职权范围", "competent_authority": "省自然资源厅"}))

    assert "请向有权受理的行政机关省自然资源厅提出申请" in page


def test_a_refusal_tells_how_to_appeal_and_an_approval_does_not_need_to() -> None:
    refused = text(printed(SlipKind.DECISION))
    approved = text(printed(SlipKind.DECISION, facts={"decision": "APPROVED", "results": ["营业执照"]}))

    assert "不予许可" in refused
    assert "行政复议" in refused
    assert "行政诉讼" in refused
    assert "营业执照" in approved
    assert "行政复议" not in approved


def test_a_long_notice_runs_on_to_numbered_pages() -> None:
    page = printed(
        SlipKind.CORRECTION, facts={"listed": [f"第 {place} 项材料须重新提交并加盖公章" for place in range(1, 80)]}
    )

    pages = len(PdfReader(io.BytesIO(page)).pages)
    assert pages > 1
    assert [f"第{place}页，共{pages}页" in text(page) for place in range(1, pages + 1)] == [True] * pages
    assert "79." in text(page)


@pytest.mark.parametrize("lines", [12, 24, 26, 27, 28, 29, 30, 31, 32, 58, 60, 62])
@pytest.mark.parametrize(
    ("kind", "last"),
    [(SlipKind.DECLINE, "如不服本决定"), (SlipKind.EXTENSION, "延长后的期限")],
    ids=["decline", "extension"],
)
def test_nobody_seals_a_sheet_that_says_nothing(kind: SlipKind, last: str, lines: int) -> None:
    page = printed(kind, facts=dict(FACTS[kind]) | {"reason": "\n".join(["理由"] * lines)})

    (sealed,) = (sheet for sheet in sheets(page) if "（印章）" in sheet)
    assert last in sealed


def test_a_telephone_that_reads_the_code_is_led_to_the_case() -> None:
    assert code(printed()) == f"{PAGE}?number=000000202603020001&query_code=7K2M9QXA"


def test_a_progress_page_that_has_a_query_keeps_it() -> None:
    page = pdf(slip(), progress_page="https://zwfw.example/?page=progress")

    assert code(page) == "https://zwfw.example/?page=progress&number=000000202603020001&query_code=7K2M9QXA"


def test_a_copy_for_the_files_opens_nothing() -> None:
    page = pdf(slip(), progress_page=None)

    assert code(page) is None
    assert "7K2M9QXA" not in text(page)
    assert "存档副本" in text(page)


def test_the_check_code_stands_at_the_foot() -> None:
    one = slip()

    assert "".join(short(one.digest).split()) in text(pdf(one, progress_page=PAGE))


def test_the_page_is_for_the_archive() -> None:
    page = printed()
    reader = PdfReader(io.BytesIO(page))

    assert b"pdfaid:part>2" in page
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == (f"不予受理通知书 {NUMBER}", "自然资源和规划局")
    assert str(reader.metadata.creation_date) == "2026-03-02 01:00:00+00:00"


def test_every_kind_has_a_template_and_every_template_a_kind() -> None:
    drawn = {path.stem for path in (TEMPLATES / str(TEMPLATE)).glob("*.typ")}

    assert drawn == {kind.value for kind in SlipKind} | {"layout"}
    assert set(FORMS) == set(FACTS) == set(SlipKind)
    assert all(FORMS[kind].facts <= FACTS[kind].keys() for kind in SlipKind)


@KINDS
def test_a_template_asks_for_nothing_that_is_not_tried_here(kind: SlipKind) -> None:
    source = (TEMPLATES / str(TEMPLATE) / f"{kind.value}.typ").read_text()

    assert set(re.findall(r'said\("(\w+)"', source)) <= SAID[kind].keys()


def test_templates_fetch_nothing_and_evaluate_nothing() -> None:
    sources = "".join(path.read_text() for path in TEMPLATES.rglob("*.typ"))

    for forbidden in ("@preview", "@local", "eval(", "read(", "plugin("):
        assert forbidden not in sources
