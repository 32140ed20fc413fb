"""The kinds of slips as data: the word in the number, the title, the law, and what each has to say."""

from collections.abc import Mapping
from dataclasses import dataclass

from casework.tables import ServiceMeans, SlipKind
from engine.errors import Sentence


@dataclass(frozen=True, slots=True)
class SlipForm:
    """One kind of slip. `word` stands in its number; `facts` are those without which it may not be issued.

    `is_signed_for`: it proves that something else was handed over, so it is never served by being issued.
    """

    word: str
    title: Sentence
    basis: str
    facts: frozenset[str] = frozenset()
    is_signed_for: bool = False


def _form(word: str, zh: str, en: str, basis: str, *facts: str, is_signed_for: bool = False) -> SlipForm:
    return SlipForm(word, Sentence(zh, en), basis, frozenset(facts), is_signed_for)


FORMS: Mapping[SlipKind, SlipForm] = {
    SlipKind.RECEIPT: _form("SJ", "收件凭证", "receipt", "行政许可法第三十二条"),
    SlipKind.ACCEPTANCE: _form("SL", "受理通知书", "notice of acceptance", "行政许可法第三十二条"),
    SlipKind.CORRECTION: _form("BZ", "补正告知书", "notice of corrections", "行政许可法第三十二条", "listed"),
    SlipKind.DECLINE: _form(
        "BSL", "不予受理通知书", "notice that the application is declined", "行政许可法第三十二条", "reason"
    ),
    SlipKind.DEFERRAL: _form(
        "RQ", "容缺受理通知书", "notice of acceptance with materials outstanding", "国发〔2022〕5号", "listed", "until"
    ),
    SlipKind.SPECIAL_PROCEDURE: _form(
        "TC",
        "特别程序告知书",
        "notice of a special procedure",
        "行政许可法第四十五条",
        "procedure",
        "basis",
        "is_by_law",
        "time",
    ),
    SlipKind.EXTENSION: _form(
        "YQ", "延期告知书", "notice of extension", "行政许可法第四十二条", "reason", "time", "until"
    ),
    SlipKind.PAYMENT: _form(
        "JF", "缴费通知书", "notice of payment", "行政许可法第五十九条", "bill", "charges", "total"
    ),
    SlipKind.DECISION: _form("BJ", "办结通知书", "notice of the decision", "行政许可法第三十八条", "decision"),
    SlipKind.DELIVERY: _form(
        "SD", "送达回证", "proof of delivery", "行政许可法第四十四条", "things", is_signed_for=True
    ),
}

SERVICE_MEANS: Mapping[ServiceMeans, Sentence] = {
    ServiceMeans.ELECTRONIC: Sentence("电子送达", "electronically"),
    ServiceMeans.COUNTER: Sentence("直接送达", "handed over"),
    ServiceMeans.POST: Sentence("邮寄送达", "by post"),
    ServiceMeans.ENTRUSTED: Sentence("委托送达", "through another office"),
    ServiceMeans.LEFT: Sentence("留置送达", "left with the receiver"),
    ServiceMeans.PUBLIC_NOTICE: Sentence("公告送达", "by public notice"),
}
