"""Login at the door: HTTP Basic and bearer tokens become an Actor. A password is never written anywhere."""

import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from flask import Request

from api.attempts import Guesses
from api.errors import Unauthenticated
from casework import logins, passwords
from casework.logins import Known
from casework.people import LOGIN
from engine.ports import Actor
from engine.transaction import Database

NOBODY = Actor(login="", name="")
REMEMBERED = timedelta(minutes=5)
LONGEST_TOKEN = 200


class Remembered:
    """Passwords found right a short while ago, under an HMAC whose key dies with the process.

    argon2 on every request would stop the office. The stored hash is part of what is remembered, so a changed
    password is forgotten at once.
    """

    def __init__(self, now: Callable[[], datetime], *, most: int = 4_096) -> None:
        self._now, self._most = now, most
        self._key = secrets.token_bytes(32)
        self._until: OrderedDict[bytes, datetime] = OrderedDict()
        self._lock = Lock()

    def has(self, known: Known, password: str) -> bool:
        """Whether this password of this person was right within the last five minutes."""
        with self._lock:
            until = self._until.get(self._seal(known, password))
        return until is not None and self._now() < until

    def add(self, known: Known, password: str) -> None:
        """The password is right."""
        with self._lock:
            self._until[self._seal(known, password)] = self._now() + REMEMBERED
            if len(self._until) > self._most:
                self._until.popitem(last=False)

    def _seal(self, known: Known, password: str) -> bytes:
        text = "\0".join((known.actor.login, known.password_hash, password))
        return hmac.digest(self._key, text.encode(), hashlib.sha256)


class Doorkeeper:
    """Says who sends a request. One SQL statement for either kind of login."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._remembered = Remembered(database.ports.now)
        self._guesses = Guesses(database.ports.now)

    def actor(self, request: Request) -> Actor:
        """The person of the Authorization header. Raises Unauthenticated or TooManyAttempts."""
        sent = request.authorization
        if sent is None:
            raise Unauthenticated
        if sent.type == "bearer":
            return self._by_token(sent.token or "")
        if sent.type == "basic":
            return self.by_password(sent.username or "", sent.password or "", request.remote_addr or "")
        raise Unauthenticated

    def _by_token(self, token: str) -> Actor:
        if not token.isascii() or len(token) > LONGEST_TOKEN:
            raise Unauthenticated
        with self._database.view(NOBODY) as tx:
            known = logins.by_token(tx, token)
        if known is None:
            raise Unauthenticated
        return known.actor

    def by_password(self, login: str, password: str, address: str) -> Actor:
        """The person of a login. Raises Unauthenticated or TooManyAttempts.

        An unknown login costs the same time and counts the same failures as a wrong password.
        """
        if not LOGIN.fullmatch(login):
            raise Unauthenticated
        with self._database.view(NOBODY) as tx:
            known = logins.by_login(tx, login)
        if known is not None and self._remembered.has(known, password):
            return known.actor
        self._guesses.check(login, address)
        right = passwords.matches(known.password_hash if known else None, password)
        if known is None or not right:
            self._guesses.failed(login, address)
            raise Unauthenticated
        self._guesses.succeeded(login, address)
        self._remembered.add(known, password)
        return known.actor
