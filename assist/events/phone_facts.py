"""What the phone system says of a call under way; part of `events.facts`."""

from __future__ import annotations

from typing import Literal

from assist.events.parts import Frozen


class CallHeld(Frozen):
    """On hold or muted: what is said until `call_resumed` is not heard, and no time passes."""

    kind: Literal["call_held"] = "call_held"


class CallResumed(Frozen):
    kind: Literal["call_resumed"] = "call_resumed"


class CallTransferred(Frozen):
    """Another agent has the call from here on; guide, answers and tickets go with it."""

    kind: Literal["call_transferred"] = "call_transferred"
    to: str
    from_agent: str = ""
