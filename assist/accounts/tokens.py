"""Random secrets and what is stored of them: session ids, API tokens, anti-forgery tokens.

Each has 256 bits of chance, so a plain SHA-256 of it may be stored: there is nothing to guess.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import NamedTuple

_TOKEN = re.compile(r"assist_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")


class Token(NamedTuple):
    """`text` is shown once; `id` names it for ever, `hash` is what is stored."""

    id: str
    text: str
    hash: str


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def new_token() -> Token:
    """`assist_ID_SECRET`: found by scanners for leaked secrets, and by its id in the list."""
    id_, secret = secrets.token_hex(6), new_secret()
    return Token(id_, f"assist_{id_}_{secret}", hash_of(secret))


def read_token(text: str) -> tuple[str, str] | None:
    """(id, hash of the secret); None for what is no token."""
    found = _TOKEN.fullmatch(text)
    return (found[1], hash_of(found[2])) if found else None


def csrf_of(session: str) -> str:
    """What a page sends beside the session's cookie; the cookie itself no script can read."""
    return hash_of(f"csrf {session}")[:43]


def same(one: str, other: str) -> bool:
    """Compared in constant time."""
    return secrets.compare_digest(one.encode(), other.encode())
