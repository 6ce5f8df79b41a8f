"""Who asks: the person behind a request or a socket."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from assist.accounts.model import Person
from assist.errors import SignInRefused


def person_of(connection: HTTPConnection) -> Person:
    """Raises SignInRefused where nobody is known (assist/web/guard.py lets nobody through to
    what needs one)."""
    person = getattr(connection.state, "person", None)
    if person is None:
        raise not_signed_in()
    return person


def not_signed_in() -> SignInRefused:
    return SignInRefused(
        "Nobody is signed in.",
        "Sign in at /sign-in; a machine sends `Authorization: Bearer TOKEN`.",
        code="sign_in.needed",
    )
