"""Who speaks on which track, by rule. Where there is no rule the call is refused, not guessed.

A phone system forks the sound of one connection of its own: what comes in from it, and what goes
out to it. Whether that connection is the customer's or the agent's is what has to be known.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeGuard, get_args

from assist.errors import AudioError
from assist.events import Speaker

Leg = Literal["customer", "agent"]
Track = Literal["inbound", "outbound"]

_SPEAKERS: dict[str, Speaker] = {name: name for name in get_args(Speaker)}
_OTHER: dict[Leg, Leg] = {"customer": "agent", "agent": "customer"}


def by_leg(leg: Leg) -> dict[Track, Speaker]:
    """What comes in from a leg is its own voice, what goes out to it is the other's."""
    return {"inbound": leg, "outbound": _OTHER[leg]}


def leg_of(said: str, direction: str, default: Leg) -> Leg:
    """`said` with the call wins; else the door's rule, turned round where the agent called."""
    if is_leg(said):
        return said
    if said:
        raise AudioError(
            f"A leg {said!r} is not known.", "Say leg=customer or leg=agent with the call."
        )
    return _OTHER[default] if direction == "outbound" else default


def is_leg(said: str) -> TypeGuard[Leg]:
    return said in _OTHER


def speakers_of(said: Sequence[str] | str) -> tuple[Speaker, ...]:
    """A channel map as written: `customer,agent`, `["mixed"]`. Raises AudioError."""
    names = said.split(",") if isinstance(said, str) else list(said)
    names = [str(name).strip() for name in names]
    speakers: tuple[Speaker, ...] = tuple(_SPEAKERS[name] for name in names if name in _SPEAKERS)
    apart = len(set(speakers)) == len(speakers)
    apart &= len(speakers) == 1 or not any(name == "mixed" for name in names)
    if not names or len(speakers) != len(names) or not apart or len(names) > 2:
        raise AudioError(
            f"The channel map {','.join(names)!r} is not understood.",
            "Say who is on which channel: customer,agent or agent,customer; customer; agent; "
            "or mixed for one channel with both.",
        )
    return speakers
