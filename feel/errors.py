"""What FEEL refuses, and how it says so in Chinese and in English. Knows nothing of the engine, of forms or of HTTP."""

from typing import NamedTuple


class Sentence(NamedTuple):
    """One sentence for a person, in the two languages the product speaks."""

    zh: str
    en: str


class FeelFault(ValueError):
    """The text is no FEEL. `position` counts characters from the start of the text."""

    def __init__(self, sentence: Sentence, position: int = 0) -> None:
        self.sentence = sentence
        self.position = position
        super().__init__(sentence.en)


class FeelError(Exception):
    """The expression has no value for these variables, or none within the bounds of time and memory."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(sentence.en)
