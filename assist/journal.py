"""The one stream of a process: facts get their place in the call, are kept, and only then told on.

Whoever listens (hub, terminal, insight) sees an event after the store has it, never before. What
is kept is masked; listeners are told the event as it is. Values without which a call cannot go on
after a crash are handed to the keeper a second time, to be sealed. Unmasked events stay in memory
only while their call is at work, so that a panel that reconnects sees what it saw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from assist.events import (
    CallEnded,
    CallWrapped,
    Event,
    Fact,
    SegmentHeard,
    SpeechDropped,
    SpeechGuessed,
    SpeechStable,
)
from assist.privacy import CallMask

Listener = Callable[[Event], None]

MAX_UNMASKED = 2_000
"""Unmasked events one call may have in memory; beyond that its oldest are seen masked."""


class Keeper(Protocol):
    """Where events are kept; `append` returns only once the event survives a crash.

    `working` is the fact with the values that its mask hides, to be kept sealed or not at all.
    """

    def append(self, event: Event, working: Fact | None = None) -> None: ...
    def last_seq(self, call: str) -> int: ...
    def working(self, call: str) -> Iterable[Event]: ...


@dataclass
class _Open:
    """A call that is written to: its next number, its masks, what only its own panel may see."""

    next: int
    mask: CallMask = field(default_factory=CallMask)
    unmasked: dict[int, Event] = field(default_factory=dict)
    ended: bool = False
    wrapped: bool = False


class Journal:
    """Numbers the facts of each call from 1 without gaps."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._open: dict[str, _Open] = {}
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Tell `listener` every event from now on; the returned function stops that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def append(self, call: str, at_ms: int, fact: Fact) -> Event:
        """Keep the fact as the call's next event. Raises StoreError, and then nobody is told."""
        found = self._open.get(call) or self._opened(call)
        event = Event(call=call, seq=found.next, at_ms=at_ms, fact=fact)
        kept = found.mask.kept(fact)
        if kept is fact:
            self._keeper.append(event)
        else:
            masked = Event(call=call, seq=found.next, at_ms=at_ms, fact=kept)
            self._keeper.append(masked, found.mask.working(fact))
        self._open[call] = found
        found.next += 1
        _remember(found, event, changed=kept is not fact)
        for listener in tuple(self._listeners):
            listener(event)
        return event

    def _opened(self, call: str) -> _Open:
        """A call begun or taken up again; its mask then knows the caller as before."""
        found = _Open(self._keeper.last_seq(call) + 1)
        for event in self._keeper.working(call) if found.next > 1 else ():
            found.mask.learn(event.fact)
            _remember(found, event, changed=False)
        return found

    def as_seen(self, events: Iterable[Event]) -> Iterator[Event]:
        """Stored events as the agent of a call at work saw them; of other calls as they are."""
        for event in events:
            found = self._open.get(event.call)
            yield found.unmasked.get(event.seq, event) if found else event

    def forget(self, call: str) -> None:
        """A finished call needs nothing in memory; its number is read again if it goes on."""
        self._open.pop(call, None)


def _remember(found: _Open, event: Event, *, changed: bool) -> None:
    """Keep what masking changed, while the call is at work. Replaced guesses go first."""
    fact = event.fact
    found.ended = found.ended or isinstance(fact, CallEnded)
    found.wrapped = found.wrapped or isinstance(fact, CallWrapped)
    if found.ended and found.wrapped:
        found.unmasked.clear()
        return
    if isinstance(fact, SegmentHeard | SpeechDropped):
        for seq, old in tuple(found.unmasked.items()):
            if (
                isinstance(old.fact, SpeechGuessed | SpeechStable)
                and old.fact.utterance == fact.utterance
            ):
                del found.unmasked[seq]
    if changed:
        found.unmasked[event.seq] = event
        if len(found.unmasked) > MAX_UNMASKED:
            del found.unmasked[next(iter(found.unmasked))]
