"""Which calls a person may see and handle: what docs/sign-in.md says is decided here."""

from __future__ import annotations

from typing import Any

from assist.accounts.model import Person
from assist.errors import NotAllowed
from assist.web.house import House


def sees_all(person: Person) -> bool:
    """Machines stand for the systems of the house, which know every call already."""
    return person.machine or person.is_any("elite", "trainer", "supervisor")


def calls_of(house: House, person: Person) -> list[dict[str, Any]]:
    """Newest first; the owner column is the store's own business."""
    rows = house.store.calls(agent="" if sees_all(person) else person.login)
    return [{k: v for k, v in row.items() if k != "owner"} for row in rows]


def check_sees(house: House, person: Person, call: str) -> None:
    """Raises NotAllowed for the call of another; StoreError where there is none. Someone who may
    open it is written down the first time in an hour."""
    row = house.store.call(call)
    if row["agent"] == person.login:
        return
    if not sees_all(person):
        raise NotAllowed(
            "This call is another agent's.",
            "Open one of your own; a supervisor sees all calls.",
            code="not_allowed.call",
        )
    if not person.machine:
        house.entrance.opened(person, call)


def check_sees_summary(house: House, person: Person, call: str) -> None:
    """As `check_sees`; also an earlier call of a customer whom the agent has on the line."""
    row = house.store.call(call)
    if not row["customer"] or not has_on_the_line(house, person, row["customer"]):
        check_sees(house, person, call)


def check_sees_customer(house: House, person: Person, customer: str) -> None:
    if not (sees_all(person) or has_on_the_line(house, person, customer)):
        raise NotAllowed(
            "You have no call with this customer now.",
            "A customer's earlier calls are shown while one of yours with them is live.",
            code="not_allowed.customer",
        )


def has_on_the_line(house: House, person: Person, customer: str) -> bool:
    """In a call of the person's that is live."""
    return any(
        state.started is not None
        and state.started.agent == person.login
        and state.customer is not None
        and state.customer.id == customer
        for state in (call.state for call in house.calls.live())
    )


def check_handles(person: Person, agent: str) -> None:
    """Raises NotAllowed unless the call is the person's own; a machine acts for its agent."""
    if agent != person.login and not person.machine:
        raise NotAllowed(
            "This call is handled by another.",
            "You can watch it; only its agent can answer, tick and file.",
            code="not_allowed.handle",
        )
