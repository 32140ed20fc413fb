"""How the expression dialect refuses: at deploy, with a place in the text, and at run time, with a reason."""

from engine.errors import Sentence


class ExpressionFault(ValueError):
    """The text is no expression of the dialect. `position` counts characters from the start of the stripped text."""

    def __init__(self, sentence: Sentence, position: int = 0) -> None:
        self.sentence = sentence
        self.position = position
        super().__init__(sentence.en)


class ExpressionError(Exception):
    """The expression has no value for these variables."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(sentence.en)
