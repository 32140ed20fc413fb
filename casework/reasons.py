"""What counts as said: words of blanks, or of characters that nobody sees, say nothing."""

LONGEST = 4000
"""Characters of a reason or an opinion, by whichever door it comes."""


def is_said(words: str | None) -> bool:
    """Whether there is a character to be read; U+200B and its like are none (Unicode: Cf, Z)."""
    return any(one.isprintable() and not one.isspace() for one in words or "")
