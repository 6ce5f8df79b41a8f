"""What a protocol's messages mean: acts for the house, and replies for the phone system.

An adapter is sans-I/O: messages in, acts out, no clock, no socket. What it raises is an AssistError
that the phone system is told; nothing else may come out of it, whatever comes in.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from assist.audio import Pcm
from assist.errors import AssistError, AudioError
from assist.events import Speaker

Direction = Literal["inbound", "outbound"]


@dataclass(frozen=True)
class Start:
    """A call is brought. `speakers` are those of this connection; several connections may bring a
    speaker each. `agent` is an extension or a login, `number` the customer's."""

    call_id: str
    speakers: tuple[Speaker, ...]
    rate_hz: int
    agent: str = ""
    number: str = ""
    direction: Direction = "inbound"
    lang: str = ""
    source: str = ""
    returns: bool = True
    """Whether this connection may take up, or take over, a call that is under way."""


@dataclass(frozen=True)
class Audio:
    """`at_ms` and `seq` are the sender's timestamp and number, None where there are none."""

    speaker: Speaker
    pcm: Pcm
    at_ms: float | None = None
    seq: int | None = None


@dataclass(frozen=True)
class Hold:
    pass


@dataclass(frozen=True)
class Resume:
    pass


@dataclass(frozen=True)
class Meta:
    """Something more is known; what is empty is not said."""

    agent: str = ""
    number: str = ""


@dataclass(frozen=True)
class End:
    """Said goodbye. What comes after it, if anything, is no part of the call."""

    reason: Literal["hangup", "stopped"] = "hangup"


@dataclass(frozen=True)
class Settle:
    """Go on once all that was heard is decoded."""


@dataclass(frozen=True)
class Reply:
    data: str | bytes


@dataclass(frozen=True)
class Close:
    """`code` is a WebSocket's; a TCP connection is just closed."""

    code: int = 1000
    reason: str = ""


Act = Start | Audio | Hold | Resume | Meta | End | Settle | Reply | Close

GOING_AWAY = 1001
UNSUPPORTED = 1003
POLICY = 1008
RESTART = 1012
TRY_LATER = 1013


class Adapter(ABC):
    """A protocol; one object a connection. `receive` alone must be written."""

    goodbye = True
    """Whether a connection that closes cleanly has ended the call by that."""

    @abstractmethod
    def receive(self, message: str | bytes) -> Iterable[Act]:
        """Raises AssistError, and nothing else."""

    def started(self, call_id: str) -> Iterable[Act]:
        """The call has begun."""
        return ()

    def ended(self, call_id: str) -> Iterable[Act]:
        """The goodbye has been obeyed: the last words are heard."""
        return (Close(),)

    def refused(self, error: AssistError) -> Iterable[Act]:
        """The call cannot be served, or a message cannot be understood."""
        later = error.code in ("calls.full", "calls.busy", "calls.draining")
        return (Close(TRY_LATER if later else POLICY, error.code),)

    def handed_back(self) -> Iterable[Act]:
        """The server stops while the call is live."""
        return (Close(RESTART, "restart"),)


def protocol_error(message: str, remedy: str) -> AudioError:
    return AudioError(message, remedy, code="audio.protocol")


def said_text(given: object, most: int = 64) -> str:
    """A name or number as it came, without what cannot be shown or kept."""
    text = given if isinstance(given, str) else "" if given is None else str(given)
    return "".join(char for char in text[:most] if char.isprintable()).strip()
