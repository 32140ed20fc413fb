"""What can be printed: every character of the font, and a sign with the code for those that it lacks.

Names of people hold characters that no font has yet; a slip has to say so rather than leave a gap.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Any

from fontTools.ttLib import TTFont
from noto_cjk_sans_otc import FONT_PATH

INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Categories of characters that show nothing, or turn around how others are read."""
LACKING = "〓"
LONGEST_WORD = 24
UNBROKEN = re.compile(rf"[!-~]{{{LONGEST_WORD}}}(?=[!-~])")
MAY_BREAK = "\u200b"


@lru_cache(maxsize=1)
def coverage() -> frozenset[int]:
    """The characters that the font draws; all of its languages have the same."""
    with TTFont(str(FONT_PATH), fontNumber=0, lazy=True) as font:
        return frozenset(font.getBestCmap())


def printable(said: Any) -> Any:
    """The same, with every text in it made of characters that print, and with words that fit a line."""
    match said:
        case str():
            shown = "".join(_shown(one) for one in unicodedata.normalize("NFC", said))
            return UNBROKEN.sub(lambda word: word[0] + MAY_BREAK, shown)
        case dict():
            return {name: printable(one) for name, one in said.items()}
        case list():
            return [printable(one) for one in said]
    return said


def _shown(character: str) -> str:
    if character == "\n":
        return character
    if unicodedata.category(character) in INVISIBLE:
        return " " if character in "\t\r" else ""
    return character if ord(character) in coverage() else f"{LACKING}（U+{ord(character):04X}）"
