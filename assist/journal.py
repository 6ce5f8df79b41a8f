"""The one stream of a process: facts get their place in the call, are kept, and only then told on.

Whoever listens (hub, terminal, insight) sees an event after the store has it, never before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from assist.events import Event, Fact

Listener = Callable[[Event], None]


class Keeper(Protocol):
    """Where events are kept; `append` returns only once the event survives a crash."""

    def append(self, event: Event) -> None: ...
    def last_seq(self, call: str) -> int: ...


class Journal:
    """Numbers the facts of each call from 1 without gaps."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._next: dict[str, int] = {}
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Tell `listener` every event from now on; the returned function stops that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def append(self, call: str, at_ms: int, fact: Fact) -> Event:
        """Keep the fact as the call's next event. Raises StoreError, and then nobody is told."""
        seq = self._next.get(call) or self._keeper.last_seq(call) + 1
        event = Event(call=call, seq=seq, at_ms=at_ms, fact=fact)
        self._keeper.append(event)
        self._next[call] = seq + 1
        for listener in tuple(self._listeners):
            listener(event)
        return event

    def forget(self, call: str) -> None:
        """A finished call needs no counter in memory; its number is read again if it goes on."""
        self._next.pop(call, None)
