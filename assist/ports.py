"""The sockets between rooms: what a call needs from an engine, an embedder and a back office.

Real parts are plugged in by `wiring`; tests plug in fakes that keep the same contract.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from assist.audio import Pcm
from assist.events import Customer, EarlierCall, LastCall, OpenTicket, PastOffer


@dataclass(frozen=True)
class Window:
    """Sound to be decoded: 16 kHz mono. `prefix` is agreed text which the answer begins with,
    `hotwords` are words of the trade that may well be said, the likeliest first."""

    pcm: Pcm = field(repr=False, compare=False)
    lang: str
    final: bool
    prefix: str = ""
    hotwords: tuple[str, ...] = ()


@dataclass(frozen=True)
class TimedWord:
    """A word as the decoder wrote it; times are ms of its window."""

    text: str
    start_ms: int
    end_ms: int
    confidence: float


@dataclass(frozen=True)
class Decoded:
    """What an engine heard in one window of sound.

    `confidence` is 0..1 (mean token probability), `no_speech` the engine's own probability that
    nobody spoke.
    """

    text: str
    confidence: float
    no_speech: float = 0.0
    model: str = ""
    decode_ms: float = field(default=0.0, compare=False)
    words: tuple[TimedWord, ...] = ()


class SpeechEngine(Protocol):
    """One model, shared by all calls. Called from worker threads, by at most `workers` at once."""

    name: str
    workers: int

    def decode(self, pcm: Pcm, *, lang: str, prefix: str = "", final: bool) -> Decoded:
        """One window alone."""
        ...

    def decode_batch(self, windows: Sequence[Window]) -> list[Decoded]:
        """The text of each window, in order; all of one language, guesses or finals.

        A guess may be greedy; a final takes the beam and tells its words' times. Never returns
        text longer than the sound could carry. Raises ModelError.
        """
        ...

    def language_of(self, pcm: Pcm) -> str:
        """Which of the languages served the sound is in."""
        ...


class Embedder(Protocol):
    """Sentences -> unit vectors."""

    name: str

    @property
    def dimension(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), dimension), float32, rows of length 1."""
        ...


@dataclass(frozen=True)
class DiagnosisResult:
    """`result` is what the system said; `summary` one sentence an agent can read out."""

    result: dict[str, Any]
    summary: str


@dataclass(frozen=True)
class FiledTicket:
    number: str
    status: str


class Desk(Protocol):
    """The back office. Every method raises DeskDown (no answer) or DeskError; of these DeskRefused
    says that it understood and will not."""

    async def find_customer(self, number: str) -> Customer | None:
        """By calling number, contact phone, broadband account, circuit id or power account."""
        ...

    async def diagnose(
        self, connector: str, args: Mapping[str, str], timeout_s: float
    ) -> DiagnosisResult: ...

    async def file_ticket(
        self, key: str, type: str, title: str, fields: Mapping[str, str]
    ) -> FiledTicket:
        """Idempotent: the same key gives the same ticket."""
        ...

    async def open_tickets(self, customer: str) -> tuple[OpenTicket, ...]:
        """Of the customer with this id, newest first."""
        ...

    async def append_note(
        self, key: str, number: str, text: str, fields: Mapping[str, str]
    ) -> FiledTicket:
        """To a ticket that is there. Idempotent: the same key appends once."""
        ...


class History(Protocol):
    """What was done for a customer before, from our own records. Asked on the event loop: quick."""

    def last_call(self, customer: str, before: str) -> LastCall | None:
        """Of the customer with this id, other than the call `before`; one that a guide led."""
        ...

    def last_calls(self, customer: str, before: str) -> tuple[LastCall, ...]:
        """The same customer's latest calls, led by a guide or not, newest first."""
        ...

    def past_offers(self, customer: str, before: str) -> tuple[PastOffer, ...]:
        """Offers that reached the customer in other calls than `before`, newest first."""
        ...

    def earlier(self, call: str, guide: str) -> EarlierCall | None:
        """How far the guide got in that call; None where it did not get beyond its beginning."""
        ...
