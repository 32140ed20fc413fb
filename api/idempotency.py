"""Idempotency-Key: the same request under the same key is carried out once and answered alike every time.

The key's row is written in the command's own transaction, so a refusal leaves none, and a twin that arrives while the
first is at work waits for it at the row.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from flask import Request, Response
from sqlalchemy import bindparam, select, update

from api import bodies
from engine.errors import Invalid, Sentence, Unreadable
from engine.store.dialect import insert_missing
from engine.tables import Answer
from engine.transaction import Transaction

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEPT_HEADERS = ("ETag", "Location")
"""Of an answer's headers, those that say something of what the command made."""
LONGEST = 200
BAD_KEY = Sentence(
    f"Idempotency-Key 须为 1 至 {LONGEST} 个可见 ASCII 字符。",
    f"Idempotency-Key is 1 to {LONGEST} visible ASCII characters.",
)

KEEP = update(Answer).where(Answer.actor == bindparam("by"), Answer.key == bindparam("under"))


class KeyReused(Invalid):
    """The Idempotency-Key was used for another request."""

    code = "idempotency-key-reused"
    title = Sentence(
        "该 Idempotency-Key 已用于另一请求，请换用新键。",
        "This Idempotency-Key was used for another request; take a new one.",
    )


@dataclass(frozen=True, slots=True)
class Keyed:
    """A request under a key: what makes a second one the same."""

    key: str
    method: str
    path: str
    body_sha256: bytes


def keyed(request: Request) -> Keyed | None:
    """The request with its key, read whole before any transaction begins; null when no key was sent."""
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not (1 <= len(key) <= LONGEST and key.isascii() and key.isprintable()):
        raise Unreadable(BAD_KEY)
    return Keyed(key, request.method, request.full_path.rstrip("?"), _digest(request))


def once(tx: Transaction, request: Keyed, carry_out: Callable[[], Response]) -> Response:
    """Carries the request out unless it was, and answers as the first time. Raises KeyReused for another request.

    Two statements, whether it is the first time or a later one.
    """
    row = {
        "actor": tx.actor.login,
        "key": request.key,
        "method": request.method,
        "path": request.path,
        "body_sha256": request.body_sha256,
        "status": 0,
        "answer": "",
        # Not tx.now: the command reads its present instant only under the case's lock.
        "answered_at": tx.ports.now(),
    }
    if not insert_missing(tx.session.connection(), Answer, row):
        first = first_answer(tx, request)
        assert first is not None, "a row that was in the way is there to be read"
        return first
    response = carry_out()
    said = {"status": response.status_code, "answer": _kept(response), "answered_at": tx.now}
    tx.session.connection().execute(KEEP, {"by": tx.actor.login, "under": request.key, **said})
    return response


def first_answer(tx: Transaction, request: Keyed) -> Response | None:
    """What the request was answered under its key, if it was. Raises KeyReused for another request."""
    first = tx.session.execute(
        select(Answer.method, Answer.path, Answer.body_sha256, Answer.status, Answer.answer).where(
            Answer.actor == tx.actor.login, Answer.key == request.key
        )
    ).first()
    if first is None:
        return None
    if (first.method, first.path, bytes(first.body_sha256)) != (request.method, request.path, request.body_sha256):
        raise KeyReused
    kept = json.loads(first.answer)
    response = Response(kept["body"], first.status, kept["headers"], mimetype="application/json")
    response.headers[REPLAYED] = "true"
    return response


def _kept(response: Response) -> str:
    """An answer as it is kept: its text with the headers that belong to it."""
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    return json.dumps({"headers": headers, "body": response.get_data(as_text=True)}, ensure_ascii=False)


def _digest(request: Request) -> bytes:
    """A multipart body is compared by its parts: its boundary differs each time it is sent."""
    if request.mimetype != "multipart/form-data":
        return hashlib.sha256(bodies.whole(request)).digest()
    whole = hashlib.sha256()
    for name, text in sorted(request.form.items(multi=True)):
        whole.update(repr((name, text)).encode())
    for name, file in request.files.items(multi=True):
        content = hashlib.file_digest(file.stream, "sha256").digest()  # type: ignore[arg-type]
        file.stream.seek(0)
        whole.update(repr((name, file.filename, content)).encode())
    return whole.digest()
