"""A designer's regular expression (JavaScript's dialect, as the browser runs it) made safe to run on the server.

The pattern is read by a small parser of our own, which writes the same expression for Python's `re` and at the same
time bounds the ways in which backtracking can match a text of the longest length allowed: alternatives add, parts in
sequence multiply, repetitions raise to the power. A pattern above the bound is refused, so none can stall the server.
Look-behind, back-references and Unicode property escapes are refused as well.
"""

import re
from dataclasses import dataclass

LONGEST_PATTERN = 500
MOST_WAYS = 2_000_000
_DEEPEST_GROUP = 20
_MOST_REPETITIONS = 1_000

# ECMA-262 WhiteSpace and LineTerminator; Python's \s differs in both of its modes.
_SPACE = r"\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_NO_SPACE = (
    r"\x00-\x08\x0e-\x1f!-\u009f\u00a1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e"
    r"\u2030-\u205e\u2060-\u2fff\u3001-\ufefe\uff00-\U0010ffff"
)
_SETS = {"d": r"\d", "D": r"\D", "w": r"\w", "W": r"\W", "s": _SPACE, "S": _NO_SPACE}
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v", "0": "\0"}
_QUANTIFIER = re.compile(r"([*+?])|\{(\d{1,4})(,(\d{1,4})?)?\}")
_GROUP = re.compile(r"\((?:\?(?:(=|!)|:|<[A-Za-z_]\w*>))?(?!\?)", re.ASCII)


class PatternRefused(ValueError):
    """The pattern is not valid, or not supported; the message shows the place."""


class PatternTooCostly(PatternRefused):
    """The pattern could backtrack for longer than a person waits."""


@dataclass(frozen=True, slots=True)
class _Part:
    python: str
    ways: int
    is_anchored: bool = False


def compile_pattern(pattern: str, longest: int) -> re.Pattern[str]:
    """The expression to `search` in texts of at most `longest` characters.

    Raises PatternRefused, or PatternTooCostly for that length.
    """
    if len(pattern) > LONGEST_PATTERN:
        raise PatternRefused(f"> {LONGEST_PATTERN}")
    reader = _Reader(pattern, longest)
    whole = reader.alternatives(0)
    if not reader.is_at_end():
        raise PatternRefused(f"“)” @ {reader.at}")
    ways = whole.ways if whole.is_anchored else whole.ways * longest
    if ways > MOST_WAYS:
        raise PatternTooCostly(pattern)
    try:
        return re.compile(whole.python, re.ASCII)
    except (re.error, OverflowError) as error:
        raise PatternRefused(str(error)) from error


class _Reader:
    """Reads a pattern from left to right; every method leaves `at` behind what it has read."""

    def __init__(self, pattern: str, longest: int) -> None:
        self.pattern = pattern
        self.longest = longest
        self.at = 0

    def is_at_end(self) -> bool:
        return self.at == len(self.pattern)

    def alternatives(self, depth: int) -> _Part:
        if depth > _DEEPEST_GROUP:
            raise PatternRefused(f"( × {depth}")
        branches = [self._sequence(depth)]
        while self._take("|"):
            branches.append(self._sequence(depth))
        return _Part(
            "|".join(branch.python for branch in branches),
            _bounded(sum(branch.ways for branch in branches)),
            all(branch.is_anchored for branch in branches),
        )

    def _sequence(self, depth: int) -> _Part:
        python, ways, is_anchored = "", 1, self.pattern.startswith("^", self.at)
        while not self.is_at_end() and self.pattern[self.at] not in "|)":
            part = self._quantified(self._atom(depth))
            python, ways = python + part.python, _bounded(ways * part.ways)
        return _Part(python, ways, is_anchored)

    def _atom(self, depth: int) -> _Part:
        character = self.pattern[self.at]
        if character == "(":
            return self._group(depth)
        if character == "[":
            return _Part(self._class(), 1)
        self.at += 1
        if character == "\\":
            return _Part(self._escape(), 1)
        is_repeated_anchor = character in "^$" and _QUANTIFIER.match(self.pattern, self.at)
        if character in "*+?{}]" or is_repeated_anchor:
            raise PatternRefused(f"“{character}” @ {self.at - 1}")
        # JavaScript's $ is the very end, Python's may stand before a last line break.
        plain = {"^": r"\A", "$": r"\Z", ".": r"[^\n\r\u2028\u2029]"}
        return _Part(plain.get(character, re.escape(character)), 1)

    def _group(self, depth: int) -> _Part:
        opening = _GROUP.match(self.pattern, self.at)
        if not opening:
            raise PatternRefused(f"“(?” @ {self.at}")
        self.at = opening.end()
        inner = self.alternatives(depth + 1)
        if not self._take(")"):
            raise PatternRefused(f"“(” @ {opening.start()}")
        # No capture is needed: there are no back-references.
        return _Part(f"(?{opening[1] or ':'}{inner.python})", inner.ways)

    def _quantified(self, part: _Part) -> _Part:
        found = _QUANTIFIER.match(self.pattern, self.at)
        if not found:
            return part
        self.at = found.end()
        least, most = self._range(found)
        lazy = "?" if self._take("?") else ""
        return _Part(f"(?:{part.python}){found[0]}{lazy}", _repeated(part.ways, least, most))

    def _range(self, found: re.Match[str]) -> tuple[int, int]:
        if found[1]:
            least, most = {"*": (0, self.longest), "+": (1, self.longest), "?": (0, 1)}[found[1]]
            return least, most
        least = int(found[2])
        most = int(found[4] or max(self.longest, least)) if found[3] else least
        if most < least or (found[4] and most > _MOST_REPETITIONS) or least > _MOST_REPETITIONS:
            raise PatternRefused(found[0])
        return least, most

    def _class(self) -> str:
        start = self.at
        self.at += 1
        negation = "^" if self._take("^") else ""
        members = ""
        while not self._take("]"):
            members += self._class_range()
        if not members:
            raise PatternRefused(f"“[]” @ {start}")
        return f"[{negation}{members}]"

    def _class_range(self) -> str:
        low = self._class_member()
        if not self.pattern.startswith("-", self.at) or self.pattern.startswith("-]", self.at):
            return low
        self.at += 1
        high = self._class_member()
        # With a set at either end JavaScript reads the hyphen as itself.
        hyphen = r"\-" if low in _SETS.values() or high in _SETS.values() else "-"
        return f"{low}{hyphen}{high}"

    def _class_member(self) -> str:
        if self.is_at_end():
            raise PatternRefused("“[”")
        character = self.pattern[self.at]
        self.at += 1
        if character != "\\":
            return re.escape(character)
        return self._escape(in_class=True)

    def _escape(self, in_class: bool = False) -> str:
        letter = self.pattern[self.at : self.at + 1]
        self.at += 1
        if letter in _SETS and letter:
            return _SETS[letter] if in_class or letter not in "sS" else f"[{_SETS[letter]}]"
        if letter in ("b", "B"):
            return re.escape("\b") if in_class else f"\\{letter}"
        if letter in _CONTROLS:
            return re.escape(_CONTROLS[letter])
        if letter in ("x", "u"):
            return re.escape(self._code_unit(2 if letter == "x" else 4))
        if not letter or letter.isalnum():
            raise PatternRefused(f"“\\{letter}”")
        return re.escape(letter)

    def _code_unit(self, digits: int) -> str:
        code = self.pattern[self.at : self.at + digits]
        if not re.fullmatch(rf"[0-9A-Fa-f]{{{digits}}}", code):
            raise PatternRefused(f"“{code}”")
        self.at += digits
        return chr(int(code, 16))

    def _take(self, character: str) -> bool:
        if self.pattern.startswith(character, self.at):
            self.at += 1
            return True
        return False


def _bounded(ways: int) -> int:
    return min(ways, MOST_WAYS + 1)


def _repeated(ways: int, least: int, most: int) -> int:
    if ways == 1:
        return _bounded(most - least + 1)
    total = 0
    for times in range(least, most + 1):
        total += ways**times
        if total > MOST_WAYS:
            break
    return _bounded(total)
