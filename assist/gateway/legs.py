"""Connections that carry one leg of a call each: which call, and who speaks on it.

Two rules. A leg's UUID that the webhook registered belongs to the call it was registered for.
Otherwise the UUIDs of a call's legs are the same but for the last digit, which says who speaks:
`c` the customer, `a` the agent, `0` both mixed.
"""

from __future__ import annotations

from collections.abc import Callable

from assist.errors import AudioError
from assist.events import Speaker

Registered = Callable[[str], "tuple[str, Speaker] | None"]

_LAST_DIGIT: dict[str, Speaker] = {"c": "customer", "a": "agent", "0": "mixed"}


def leg_of(uuid: str, registered: Registered) -> tuple[str, Speaker]:
    """The call's id and the speaker. Raises AudioError where neither rule knows."""
    if known := registered(uuid):
        return known
    speaker = _LAST_DIGIT.get(uuid[-1].lower())
    if speaker is None:
        raise AudioError(
            f"Nobody said who speaks on the leg {uuid}.",
            "Register its UUID by the webhook (legs), or let it end in c for the customer, a for "
            "the agent, 0 for both.",
        )
    return f"{uuid[:-1].lower()}0", speaker
