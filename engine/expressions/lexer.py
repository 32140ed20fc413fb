"""Cuts the text of an expression into tokens. Knows words and signs, not how they combine."""

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from engine.errors import Sentence
from engine.expressions.faults import ExpressionFault


class TokenKind(StrEnum):
    """What a token is to the parser."""

    NUMBER = "number"
    TEXT = "text"
    NAME = "name"
    SIGN = "sign"
    CLOSE = "close"


class Token(NamedTuple):
    """One word or sign; `position` counts characters from the start of the whole text."""

    kind: TokenKind
    text: str
    position: int


WORD_SIGNS = {
    "and": "&&",
    "or": "||",
    "not": "!",
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "gt": ">",
    "le": "<=",
    "ge": ">=",
    "div": "/",
    "mod": "%",
}

_TOKEN = re.compile(
    r"""
      (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    | (?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    | (?P<name>[^\W\d][\w$]*|\$[\w$]*)
    | (?P<sign>&&|\|\||==|!=|<=|>=|[-+*/%<>!?:.,()\[\]])
    | (?P<close>\})
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPABLE = "\\'\""
_MEANT = {
    "=": "==",
    "&": "&&",
    "|": "||",
    "\u2018": "'",
    "\u2019": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u3002": ".",
    "\u2260": "!=",
    "\u2264": "<=",
    "\u2265": ">=",
    "\u00d7": "*",
    "\u00f7": "/",
}


def tokens(text: str, start: int) -> Iterator[Token]:
    """The tokens of one `${…}` whose inside begins at `start`; the last one is its closing brace."""
    position = start
    while True:
        while text[position : position + 1].isspace():
            position += 1
        match = _TOKEN.match(text, position)
        if match is None:
            raise _unreadable(text, position)
        token = _token(match)
        yield token
        if token.kind is TokenKind.CLOSE:
            return
        position = match.end()


def _token(match: re.Match[str]) -> Token:
    kind, word = TokenKind(str(match.lastgroup)), match.group()
    if kind is TokenKind.NAME and word in WORD_SIGNS:
        return Token(TokenKind.SIGN, WORD_SIGNS[word], match.start())
    if kind is TokenKind.TEXT:
        return Token(kind, _unescaped(word[1:-1], match.start() + 1), match.start())
    return Token(kind, word, match.start())


def _unescaped(inside: str, position: int) -> str:
    for escape in _ESCAPE.finditer(inside):
        if escape[1] not in _ESCAPABLE:
            raise ExpressionFault(
                Sentence(
                    f"文本中不能使用转义“{escape[0]}”；反斜杠后只能是反斜杠或引号。",
                    f"{escape[0]} is no escape; only a backslash or a quote may follow a backslash in text.",
                ),
                position + escape.start(),
            )
    return _ESCAPE.sub(r"\1", inside)


def _unreadable(text: str, position: int) -> ExpressionFault:
    if position >= len(text):
        return ExpressionFault(
            Sentence("表达式没有结束，缺少“}”。", "The expression does not end: a } is missing."), position
        )
    sign = text[position]
    if sign in "'\"":
        return ExpressionFault(
            Sentence("文本没有结束，缺少引号。", "The text does not end: a quote is missing."), position
        )
    meant = _MEANT.get(sign) or unicodedata.normalize("NFKC", sign)
    if meant != sign:
        return ExpressionFault(
            Sentence(
                f"表达式中不能使用“{sign}”，请写“{meant}”。", f"{sign} is no sign of an expression; write {meant}."
            ),
            position,
        )
    return ExpressionFault(
        Sentence(f"表达式中不能使用“{sign}”，请删除。", f"{sign} is no sign of an expression; remove it."), position
    )
