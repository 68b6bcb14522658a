"""Passwords: kept as argon2id hashes, checked in the same time whether or not there is such an account."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from models.errors import Invalid

SHORTEST = 12
"""Characters (NIST SP 800-63B asks for 15 where the password stands alone and 8 at least; ASVS 5.0 6.2.1 for 8)."""

LONGEST = 128
"""Characters: long enough for any sentence, short enough that hashing it costs nothing extra."""

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP's second choice: 19 MiB, 2 rounds.

_KNOWN_BADLY = frozenset(
    {"password1234", "passwordpassword", "123456789012", "qwertyuiop12", "wachtwoord12", "welkom123456"}
)


def hashed(password: str) -> str:
    """The form in which a password is kept: argon2id with its own salt."""
    return _HASHER.hash(password)


def fits(password: str, password_hash: str | None) -> bool:
    """Whether the password is the right one. Without a hash it works as long, and says no."""
    try:
        return _HASHER.verify(password_hash or _nobody(), password[:LONGEST]) and bool(password_hash)
    except (VerificationError, InvalidHashError):
        return False


def checked(password: str, *, email: str) -> str:
    """The password, if it may be used. Raises Invalid that says what to do instead."""
    if len(password) < SHORTEST:
        raise Invalid("Choose a password of at least 12 characters: a few words in a row are easiest.", field="new")
    if len(password) > LONGEST:
        raise Invalid("Choose a password of at most 128 characters.", field="new")
    lower = password.lower()
    if lower in _KNOWN_BADLY or len(set(lower)) < 5 or lower == email.lower():
        raise Invalid("This password is too easy to guess: choose another.", field="new")
    return password


def made_up() -> str:
    """A password for a first log-in, easy to read aloud: four groups of four letters and digits (79 bits)."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


@cache
def _nobody() -> str:
    """A hash that no password fits, made once a process, so that unknown accounts cost as much as known ones."""
    return _HASHER.hash(secrets.token_urlsafe(32))
