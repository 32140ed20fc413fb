"""How a timer's definition is refused, at deploy and at run time alike."""

from engine.errors import Sentence


class TimerFault(ValueError):
    """The timer's definition names no instant."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(sentence.en)
