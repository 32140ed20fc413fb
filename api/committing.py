"""How commands are carried out: one in a transaction, again when it lost a race, once under an Idempotency-Key; or
many of one request, one by one, each in a transaction of its own."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from flask import Response, request

from api import errors, etags, idempotency
from api.idempotency import Keyed
from engine.errors import EngineError, LostRace
from engine.ports import Actor
from engine.transaction import Database, Transaction

TRIES = 3
BAD_REQUEST = 400

Run = Callable[[Transaction], Response]
Result = TypeVar("Result")


def committed(database: Database, actor: Actor, keyed: Keyed | None, run: Run) -> Response:
    """One command, carried out again when it lost a race in the database."""
    for tried in range(1, TRIES + 1):
        try:
            with database.begin(actor) as tx:
                return run(tx) if keyed is None else idempotency.once(tx, keyed, lambda: run(tx))
        except LostRace:
            if tried == TRIES:
                raise
            _rewind_files()
    raise AssertionError


def _rewind_files() -> None:
    """The first try has read the uploads to their end."""
    for _, file in request.files.items(multi=True):
        file.stream.seek(0)


class OneByOne:
    """Commands of one request that do not depend on each other: what one of them meets does not touch the others.

    Under an Idempotency-Key each is carried out once, also when the first request broke off half-way; and once the
    whole was answered, it is answered alike every time, what was refused too.
    """

    def __init__(self, database: Database, actor: Actor, keyed: Keyed | None) -> None:
        self._database, self._actor, self._keyed = database, actor, keyed

    def answered(self, run: Callable[["OneByOne"], Response]) -> Response:
        """The answer to the whole request."""
        keyed = self._keyed
        if keyed is None:
            return run(self)
        with self._database.view(self._actor) as tx:
            before = idempotency.first_answer(tx, keyed)
        if before is not None:
            return before
        answer = run(self)
        return committed(self._database, self._actor, keyed, lambda _: answer)

    def alone(self, command: Callable[[Transaction], Result]) -> Result:
        """What goes before or after the single commands, in a transaction of its own; its refusal refuses the whole."""
        done: list[Result] = []

        def run(tx: Transaction) -> Response:
            done[:] = [command(tx)]
            return Response()

        committed(self._database, self._actor, None, run)
        return done[0]

    def look(self, query: Callable[[Transaction], Result]) -> Result:
        """What is only asked, without a lock."""
        with self._database.view(self._actor) as tx:
            return query(tx)

    def carry_out(self, place: int, command: Callable[[Transaction], object]) -> dict[str, Any]:
        """One of the commands: the HTTP status it would have by itself, and the problem if it was refused."""

        def run(tx: Transaction) -> Response:
            command(tx)
            return etags.tag(Response("{}", mimetype="application/json"))

        part = self._keyed and replace(self._keyed, key=f"{self._keyed.key}#{place}")
        try:
            response = committed(self._database, self._actor, part, run)
        except EngineError as refusal:
            response = errors.refused(refusal)
        except Exception as broken:
            response = errors.broken(broken)
        is_refused = response.status_code >= BAD_REQUEST
        return {"status": response.status_code, "problem": response.get_json() if is_refused else None}
