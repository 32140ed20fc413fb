"""Bodies of requests as they come in: within the bounds of their routes, and broken off by nobody but the client.

Knows no server: each has errors of its own for what is no chunk, or for a connection that is gone.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO

from flask import Request
from werkzeug.exceptions import BadRequest, HTTPException, RequestEntityTooLarge

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def whole(request: Request) -> bytes:
    """The body. Raises RequestEntityTooLarge, also where its length was not said beforehand: then Werkzeug reads as
    much as the route takes and says nothing of the rest."""
    body = request.get_data(cache=True)
    most = request.max_content_length
    if request.content_length is None and most is not None and len(body) >= most:
        raise RequestEntityTooLarge
    return body


class Bodies:
    """Before the application: whatever fails while a body is read is a bad request."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """The same request with a body that fails in one way only."""
        environ["wsgi.input"] = _Body(environ["wsgi.input"])
        return self._application(environ, start_response)


class _Body:
    """A stream of WSGI (PEP 3333)."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        return self._asked(self._stream.read, size)

    def readline(self, size: int = -1) -> bytes:
        return self._asked(self._stream.readline, size)

    def readlines(self, hint: int = -1) -> list[bytes]:
        return list(self)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")

    def close(self) -> None:
        self._stream.close()

    @staticmethod
    def _asked(read: Callable[[int], bytes], size: int) -> bytes:
        try:
            return read(size)
        except HTTPException:
            raise
        except Exception as broken:
            raise BadRequest from broken
