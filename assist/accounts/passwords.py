"""Passwords: the rule, and their argon2id hashes. Slow on purpose: never on the event loop."""

from __future__ import annotations

from typing import NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from assist.errors import AccountRefused

SHORTEST = 10
LONGEST = 1_000
"""Longer ones would only cost time."""


class Verdict(NamedTuple):
    """`rehashed` replaces the stored hash where that was made with older parameters."""

    right: bool
    rehashed: str | None = None


def check_password(login: str, password: str) -> None:
    """Raises AccountRefused with the rule that it breaks."""
    if len(password) < SHORTEST:
        raise AccountRefused(
            f"The password has {len(password)} characters; at least {SHORTEST} are needed.",
            "Several words are easy to remember and hard to guess.",
            code="account.password",
        )
    if len(password) > LONGEST or password.casefold() == login.casefold():
        raise AccountRefused(
            f"The password is the login, or longer than {LONGEST} characters.",
            "Choose another.",
            code="account.password",
        )


class Passwords:
    """Makes and verifies hashes. Someone without a hash costs the same time as a wrong password,
    so that the time of an answer tells nobody who has an account."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._nobody = ""

    def hash(self, password: str) -> str:
        return self._hasher.hash(password)

    def verify(self, known: str, password: str) -> Verdict:
        if not known:
            self._nobody = self._nobody or self.hash("nobody's password")
        try:
            self._hasher.verify(known or self._nobody, password[:LONGEST])
        except (VerificationError, InvalidHashError):
            return Verdict(False)
        if not known:
            return Verdict(False)
        stale = self._hasher.check_needs_rehash(known)
        return Verdict(True, self.hash(password) if stale else None)
