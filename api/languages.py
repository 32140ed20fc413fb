"""Which of the product's two languages a reader gets: Accept-Language decides, Chinese by default."""

from flask import Response, g, request

from engine.errors import Sentence

ENGLISH = "en"
CHINESE = "zh-CN"


def language() -> str:
    """The language of the present request's answer."""
    best = request.accept_languages.best_match(("zh", ENGLISH), default="zh")
    return ENGLISH if best == ENGLISH else CHINESE


def say(sentence: Sentence) -> str:
    """A sentence in the reader's language. The answer then names its language."""
    g.speaks = language()
    return sentence.en if g.speaks == ENGLISH else sentence.zh


def name_language(response: Response) -> Response:
    """Content-Language and Vary on an answer in which something was said."""
    response.vary.add("Accept-Language")
    if "speaks" in g:
        response.content_language.add(g.speaks)
    return response
