"""The people of a demo: one for each role. They can sign in only where the house runs as a demo."""

from __future__ import annotations

from assist.accounts.model import ROLES, Person, Role

DEMO_PASSWORD = "demo-demo-demo"
"""Documented, and therefore no secret."""

_NAMES: dict[Role, str] = {
    "agent": "陈晓雯",
    "editor": "林知远",
    "trainer": "周敏",
    "supervisor": "赵立诚",
    "elite": "孙婷",
    "admin": "何俊",
}

DEMO_PEOPLE = tuple(
    Person(login=role, name=_NAMES[role], roles=frozenset({role})) for role in ROLES
)
