"""ETag and If-Match: a revision the caller last saw, honoured when sent, never required."""

import re

from flask import Response, g, request

from engine.errors import Sentence, Stale, Unreadable

OURS = re.compile(r'"(\d{1,18})"')
ONE_TAG = Sentence("If-Match 须为一个由 ETag 得来的标签。", "If-Match takes one tag, as an ETag gave it.")


def expected_revision() -> int | None:
    """The revision that the caller's If-Match names; null when there is none or it is `*`.

    Raises Stale for a tag that no revision has, Unreadable for a list: a command has one subject.
    """
    sent = request.headers.get("If-Match", "*").strip()
    if sent == "*":
        return None
    if "," in sent:
        raise Unreadable(ONE_TAG)
    match = OURS.fullmatch(sent)
    if match is None:
        raise Stale
    return int(match[1])


def show_revision(revision: int) -> None:
    """Puts the revision of what is being answered on the answer as its ETag."""
    g.revision = revision


def tag(response: Response) -> Response:
    """The answer with the ETag that the route asked for."""
    revision = g.pop("revision", None)
    if revision is not None and "ETag" not in response.headers:
        response.set_etag(str(revision))
    return response
