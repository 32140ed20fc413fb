"""Passwords: hashed with argon2id, checked in constant time, never kept or written anywhere else."""

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.errors import Invalid, Sentence

# 19 MiB and two passes are OWASP's floor for argon2id: about 20 ms, and sixteen threads stay under 400 MiB.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
AT_ONCE = BoundedSemaphore(4)
SHORTEST, LONGEST = 10, 200
NOBODY = HASHER.hash("nobody")

TOO_WEAK = Sentence(
    f"密码至少 {SHORTEST} 个字符、至多 {LONGEST} 个字符，且不得与登录名相同。",
    f"A password has {SHORTEST} to {LONGEST} characters and differs from the login.",
)


def check_strength(login: str, password: str) -> None:
    """Raises Invalid for a password that is too short, too long or the login itself."""
    if not (has_length(login, password) and is_not_login(login, password)):
        raise Invalid(TOO_WEAK)


def has_length(login: str, password: str) -> bool:
    """Neither too short nor too long."""
    return SHORTEST <= len(password) <= LONGEST


def is_not_login(login: str, password: str) -> bool:
    """Not what everybody knows of a person."""
    return password != login


def hashed(password: str) -> str:
    """The argon2id hash to store."""
    with AT_ONCE:
        return HASHER.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is right. An unknown login (None) takes as long as a wrong password."""
    with AT_ONCE:
        try:
            return HASHER.verify(password_hash or NOBODY, password[: LONGEST + 1]) and password_hash is not None
        except (VerificationError, InvalidHashError):
            return False
