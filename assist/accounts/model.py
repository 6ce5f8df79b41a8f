"""A person at work, as every room that asks "who?" knows them."""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict

Role = Literal["agent", "editor", "trainer", "supervisor", "elite", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)

Use = Literal["phone", "metrics"]
"""What a machine may do besides what its roles may: bring calls in, read the figures."""

USES: tuple[Use, ...] = get_args(Use)


class Person(BaseModel):
    """`login` is the name signed in with, and the agent of calls; `machine`: by an API token."""

    model_config = ConfigDict(frozen=True)

    login: str
    name: str
    roles: frozenset[Role]
    machine: bool = False
    uses: frozenset[Use] = frozenset()

    def is_any(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)
