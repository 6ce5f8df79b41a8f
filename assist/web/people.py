"""Who asks: the person behind a request or a socket."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from assist.accounts.model import ROLES, Person

_ANYBODY = Person(login="admin", name="admin", roles=frozenset(ROLES))


def person_of(connection: HTTPConnection) -> Person:
    return getattr(connection.state, "person", _ANYBODY)
